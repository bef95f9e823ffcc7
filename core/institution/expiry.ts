import type { Policy } from './policy.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Days until a token's 有効期限, rounded up; 0 from then on. */
export const daysLeft = (expiresAt: number, now: number): number =>
  Math.max(0, Math.ceil((expiresAt - now) / DAY_MS));

/** Whether the customer is warned of the 有効期限 and can renew: from `warnDays` before it until it has passed. */
export const isEnding = (expiresAt: number, now: number, { warnDays }: Pick<Policy, 'warnDays'>): boolean =>
  now < expiresAt && daysLeft(expiresAt, now) <= warnDays;

/** Days before the 有効期限 on which the customer gets a mail, earliest first. */
export const reminderDays = ({ warnDays, remindDays, lastRemindDays }: Policy): readonly number[] =>
  [...new Set([warnDays, remindDays, lastRemindDays])].toSorted((a, b) => b - a);

/** The reminder that is due: the last one whose day has come, so that missed earlier ones are skipped. */
export const reminderDue = (expiresAt: number, now: number, policy: Policy): number | undefined =>
  now < expiresAt ? reminderDays(policy).findLast((days) => daysLeft(expiresAt, now) <= days) : undefined;

/** When the next reminder is due; undefined if there is none. */
export const nextReminderAt = (expiresAt: number, now: number, policy: Policy): number | undefined =>
  reminderDays(policy)
    .map((days) => expiresAt - days * DAY_MS)
    .find((at) => at > now);
