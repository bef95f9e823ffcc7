import { expect, test } from 'vitest';
import { OutageError } from '../../../core/errors.ts';
import { bounded } from '../../../host/bounded.ts';

test('so much is done at a time, in order; what fails gives its place back; the rest is refused at once', async () => {
  const { run } = bounded({ atOnce: 2, mostWaiting: 2, mostWaitMs: 60_000 });
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

test('nobody waits longer than they may, and who gave up takes no turn', async () => {
  const { run } = bounded({ atOnce: 1, mostWaiting: 5, mostWaitMs: 1 });
  let finish = () => {};
  const first = run(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  await expect(run(async () => 'late')).rejects.toThrow(OutageError);
  finish();
  await first;
  expect(await run(async () => 'in time')).toBe('in time');
});
