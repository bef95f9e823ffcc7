import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { endOnSignals } from '../../../host/end.ts';

test('a part is stopped once, whatever signals come how often', () => {
  const signals = new EventEmitter();
  const stop = vi.fn(async () => {});
  endOnSignals(stop, signals);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGINT']) expect(signals.emit(signal)).toBe(true);
  expect(stop).toHaveBeenCalledTimes(1);
});
