import { expect, test } from 'vitest';
import { currentOffset } from '../../../../platform/service/token-request.ts';
import { clockKeeperOf, NOW } from './fake-service.ts';

test.each([
  { offsetMs: 0, agoMs: 60_000, measured: 0 },
  { offsetMs: 0, agoMs: 5 * 60_000 + 1, measured: 1 },
  { offsetMs: 180_000, agoMs: 1_000, measured: 0 },
  // It may have been set right since.
  { offsetMs: 180_000, agoMs: 60_000, measured: 1 },
])('a clock that was $offsetMs ms off $agoMs ms ago is measured $measured times', async (given) => {
  const kept = { offsetMs: given.offsetMs, measuredAt: NOW - given.agoMs };
  const { keeper, measurements } = clockKeeperOf(kept);
  const offset = await currentOffset({ clock: () => NOW, clockKeeper: keeper }, 'senpoku', false);
  expect(measurements).toHaveLength(given.measured);
  expect(offset?.offsetMs).toBe(given.measured ? 0 : given.offsetMs);
});
