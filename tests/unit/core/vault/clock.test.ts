import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  correctedTime,
  isCurrent,
  MEASUREMENT_LIFETIME_MS,
  NOTABLE_OFFSET_MS,
} from '../../../../core/vault/clock.ts';
import { isCurrentUnwatched, offsetFrom } from '../../../../core/vault/clock-measurement.ts';

const NOW = 1_795_249_200_000;
const LIMIT = MEASUREMENT_LIFETIME_MS;

describe('an offset', () => {
  test('takes half the round trip as the way back', () => {
    expect(offsetFrom(NOW, NOW + 400, NOW + 5200)).toEqual({ offsetMs: 5000, measuredAt: NOW + 400 });
  });

  test('is never off by more than half the round trip', () => {
    const ms = fc.integer({ min: 0, max: 60_000 });
    fc.assert(
      fc.property(fc.integer({ min: -1e10, max: 1e10 }), ms, ms, (truth, there, back) => {
        const { offsetMs } = offsetFrom(NOW, NOW + there + back, NOW + there + truth);
        return Math.abs(offsetMs - truth) <= (there + back) / 2 + 0.5;
      }),
    );
  });

  test('corrects the device’s clock; without one the device’s counts', () => {
    expect(correctedTime(NOW, { offsetMs: -5000, measuredAt: NOW })).toBe(NOW - 5000);
    expect(correctedTime(NOW, undefined)).toBe(NOW);
  });
});

describe('a measurement', () => {
  test.each([
    { after: 0, current: true },
    { after: LIMIT, current: true },
    { after: LIMIT + 1, current: false },
    { after: -1, current: false },
  ])('$after ms later is current: $current', ({ after, current }) => {
    expect(isCurrent({ offsetMs: 0, measuredAt: NOW }, NOW + after)).toBe(current);
  });

  test.each([
    { offsetMs: NOTABLE_OFFSET_MS - 1, after: LIMIT, current: true },
    { offsetMs: 0, after: LIMIT + 1, current: false },
    { offsetMs: NOTABLE_OFFSET_MS, after: 5_000, current: true },
    { offsetMs: NOTABLE_OFFSET_MS, after: 5_001, current: false },
    { offsetMs: -NOTABLE_OFFSET_MS, after: 5_001, current: false },
    { offsetMs: NOTABLE_OFFSET_MS, after: -1, current: false },
  ])('of $offsetMs ms, unwatched for $after ms, is current: $current', ({ offsetMs, after, current }) => {
    expect(isCurrentUnwatched({ offsetMs, measuredAt: NOW }, NOW + after)).toBe(current);
  });
});
