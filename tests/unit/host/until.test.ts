import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { until } from '../../../host/deadline.ts';
import { leftOn } from './left-on.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('is over when its time is', () => {
  const { signal } = until(1_000);
  vi.advanceTimersByTime(999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.reason.name).toBe('TimeoutError');
});

test('is over with the first of the others, for its reason', () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const { signal } = until(1_000, one.signal, two.signal);
  two.abort('enough');
  expect(signal.reason).toBe('enough');
});

test('is over at once where another is', () => {
  expect(until(1_000, AbortSignal.abort('enough')).signal.reason).toBe('enough');
  expect(vi.getTimerCount()).toBe(0);
});

test.each<[string, (wait: ReturnType<typeof until>, other: AbortController) => unknown]>([
  ['ended', (wait) => wait.end()],
  ['run out', () => vi.advanceTimersByTime(1_000)],
  ['broken off', (_, other) => other.abort()],
])('%s, it leaves neither timer nor listener', (_, finish) => {
  const stopping = new AbortController();
  const other = new AbortController();
  const wait = until(1_000, stopping.signal, other.signal);
  expect(leftOn(stopping.signal)).toBe(1);
  finish(wait, other);
  expect(wait.signal.aborted).toBe(true);
  expect(leftOn(stopping.signal)).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
