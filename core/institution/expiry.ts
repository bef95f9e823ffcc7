import type { Policy } from './policy.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Days that are left of a token, a day begun counting as one; none from its 有効期限 on. */
export const daysLeft = (expiresAt: number, now: number): number =>
  Math.max(0, Math.ceil((expiresAt - now) / DAY_MS));

/** Whether the customer is warned of the 有効期限, and can renew: so many days before it, and no longer once it has passed. */
export const isEnding = (expiresAt: number, now: number, { warnDays }: Pick<Policy, 'warnDays'>): boolean =>
  now < expiresAt && daysLeft(expiresAt, now) <= warnDays;

/** The days before the 有効期限 on which the customer is told by mail, the first first. */
export const reminderDays = ({ warnDays, remindDays, lastRemindDays }: Policy): readonly number[] =>
  [...new Set([warnDays, remindDays, lastRemindDays])].toSorted((a, b) => b - a);

/** Which of the reminders is due: the last whose days have begun, so that none that was missed is caught up on. */
export const reminderDue = (expiresAt: number, now: number, policy: Policy): number | undefined =>
  now < expiresAt ? reminderDays(policy).findLast((days) => daysLeft(expiresAt, now) <= days) : undefined;

/** When the next reminder falls due; undefined where none does. */
export const nextReminderAt = (expiresAt: number, now: number, policy: Policy): number | undefined =>
  reminderDays(policy)
    .map((days) => expiresAt - days * DAY_MS)
    .find((at) => at > now);
