import type { Policy } from '../core/institution/policy.ts';
import { JAPAN_HOURS } from './japan.ts';

/** 有効期限 of a token that is set up or renewed at a moment: the last day of that month some years later, at an hour in Japan. */
export function endFrom(from: Date, { validYears, validUntilHour }: Policy): Date {
  const japan = new Date(from.getTime() + JAPAN_HOURS * 60 * 60_000);
  const [year, month] = [japan.getUTCFullYear() + validYears, japan.getUTCMonth()];
  return new Date(Date.UTC(year, month + 1, 0, validUntilHour - JAPAN_HOURS));
}
