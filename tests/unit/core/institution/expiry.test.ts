import { describe, expect, test } from 'vitest';
import {
  daysLeft,
  isEnding,
  nextReminderAt,
  reminderDays,
  reminderDue,
} from '../../../../core/institution/expiry.ts';
import { DEFAULT_POLICY } from '../../../../core/institution/policy.ts';

const DAY = 24 * 60 * 60_000;
/** 09:00 in Japan. */
const END = Date.parse('2031-11-30T00:00:00.000Z');
const dayBefore = (days: number, ms = 0) => END - days * DAY + ms;

describe('有効期限', () => {
  test('a day begun is a day left, and from the end on none is', () => {
    expect(
      [dayBefore(60), dayBefore(60, 1), dayBefore(1), dayBefore(0, -1), END, END + DAY].map((at) =>
        daysLeft(END, at),
      ),
    ).toEqual([60, 60, 1, 1, 0, 0]);
  });

  test('is warned of from the policy’s day on, and no longer once it has passed', () => {
    const at = [dayBefore(60, -1), dayBefore(60), dayBefore(0, -1), END];
    expect(at.map((now) => isEnding(END, now, DEFAULT_POLICY))).toEqual([false, true, true, false]);
    expect(isEnding(END, dayBefore(60), { warnDays: 59 })).toBe(false);
  });

  test.each([
    [dayBefore(60, -1), undefined],
    [dayBefore(60), 60],
    [dayBefore(30, -1), 60],
    [dayBefore(30), 30],
    [dayBefore(7), 7],
    [dayBefore(0, -1), 7],
    [END, undefined],
  ])('%#: of the reminders the last that began is due', (now, due) => {
    expect(reminderDue(END, now, DEFAULT_POLICY)).toBe(due);
  });

  test('the next reminder falls due with its day', () => {
    expect(nextReminderAt(END, dayBefore(100), DEFAULT_POLICY)).toBe(dayBefore(60));
    expect(nextReminderAt(END, dayBefore(60), DEFAULT_POLICY)).toBe(dayBefore(30));
    expect(nextReminderAt(END, dayBefore(7), DEFAULT_POLICY)).toBeUndefined();
  });

  test('two reminders of the same day are one, whatever order a policy has them in', () => {
    expect(reminderDays({ ...DEFAULT_POLICY, warnDays: 10, remindDays: 30, lastRemindDays: 10 })).toEqual([
      30, 10,
    ]);
  });
});
