import { describe, expect, test } from 'vitest';
import { clockFault, roughly } from '../../../components/clock-fault.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a span as people say it', () => {
  test.each([
    [12_000, 'spanSeconds', 12],
    [59_000, 'spanSeconds', 59],
    [59_700, 'spanMinutes', 1],
    [5 * MINUTE + 20_000, 'spanMinutes', 5],
    [59 * MINUTE + 40_000, 'spanHours', 1],
    [2 * HOUR + 3 * MINUTE, 'spanHours', 2],
    [-9 * HOUR, 'spanHours', 9],
    [24 * HOUR, 'spanDays', 1],
    [400 * 24 * HOUR, 'spanDays', 400],
  ])('%i ms', (ms, unit, count) => {
    expect(roughly(ms)).toEqual({ unit, count });
  });
});

describe('how the clock is wrong', () => {
  test('a device ahead of the service has a negative offset', () => {
    expect(clockFault({ offsetMs: -2 * HOUR, measuredAt: 0 })).toEqual({
      direction: 'clockAhead',
      span: { unit: 'spanHours', count: 2 },
    });
    expect(clockFault({ offsetMs: 40_000, measuredAt: 0 })?.direction).toBe('clockBehind');
  });

  test('under ten seconds, and unmeasured, there is nothing to tell', () => {
    expect(clockFault({ offsetMs: 9_999, measuredAt: 0 })).toBeUndefined();
    expect(clockFault({ offsetMs: -10_000, measuredAt: 0 })).toBeDefined();
    expect(clockFault(undefined)).toBeUndefined();
  });
});
