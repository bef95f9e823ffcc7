import { expect, test } from 'vitest';
import { OutageError } from '../../../core/errors.ts';
import { bounded } from '../../../host/bounded.ts';

test('so much is done at a time, in order; what fails gives its place back; the rest is refused at once', async () => {
  const { run } = bounded(2, 2);
  const started: number[] = [];
  const finish: (() => void)[] = [];
  const work = (name: number) => () => {
    started.push(name);
    return new Promise<number>((resolve, reject) =>
      finish.push(() => (name === 1 ? reject(new RangeError('one')) : resolve(name))),
    );
  };
  const all = [1, 2, 3, 4].map((name) => run(work(name)));
  const settled = Promise.allSettled(all);
  await expect(run(work(5))).rejects.toThrow(OutageError);
  expect(started).toEqual([1, 2]);
  while (finish.length > 0) {
    finish.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(started).toEqual([1, 2, 3, 4]);
  expect((await settled).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  const later = run(work(6));
  await new Promise((resolve) => setImmediate(resolve));
  finish.shift()?.();
  expect(await later).toBe(6);
});
