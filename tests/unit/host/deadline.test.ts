import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { deadline } from '../../../host/deadline.ts';

test('a deadline leaves nothing on a signal that outlives it', async () => {
  const stopping = new AbortController();
  const over = vi.fn();
  await new Promise<void>((resolve) => {
    deadline(1, [stopping.signal], () => {
      over();
      resolve();
    });
  });
  deadline(60_000, [stopping.signal], over)();
  expect(over).toHaveBeenCalledOnce();
  expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
});

test('a deadline is over once, when a signal is aborted or was before', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const over = vi.fn();
  deadline(60_000, [one.signal, other.signal], over);
  other.abort();
  one.abort();
  expect(over).toHaveBeenCalledOnce();
  deadline(60_000, [one.signal], over);
  expect(over).toHaveBeenCalledTimes(2);
});
