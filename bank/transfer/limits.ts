import type { Institution } from '../../core/institution/directory.ts';
import { startOfJapaneseDay } from '../format.ts';
import { type Customer, setLimits } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import { sumOfDay } from '../store/transfers.ts';

type Limits = Pick<Customer, 'daily_limit' | 'next_limit' | 'next_limit_from'>;

/** The 一日あたりの振込・振替限度額 the customer has set, in yen; the limit without OTP if they never set one. */
export function ownLimit(customer: Limits, { rules }: Institution, now: number): number {
  const { daily_limit, next_limit, next_limit_from } = customer;
  const counts = next_limit !== null && next_limit_from !== null && next_limit_from.getTime() <= now;
  return Number((counts ? next_limit : daily_limit) ?? rules.dailyLimitWithoutOtp);
}

/** What the customer can transfer in a day at present, in yen. */
export function limitNow(customer: Limits, institution: Institution, otpInUse: boolean, now: number): number {
  const own = ownLimit(customer, institution, now);
  return otpInUse ? own : Math.min(own, institution.rules.dailyLimitWithoutOtp);
}

export interface NextLimit {
  readonly yen: number;
  readonly from: number;
}

/** A change that was applied for and has not taken effect. */
export function nextLimit({ next_limit, next_limit_from }: Limits, now: number): NextLimit | undefined {
  if (next_limit === null || next_limit_from === null || next_limit_from.getTime() <= now) return undefined;
  return { yen: Number(next_limit), from: next_limit_from.getTime() };
}

/** The most a customer may set, in yen. */
export function mostLimit({ rules }: Institution, otpInUse: boolean): number {
  return otpInUse ? rules.dailyLimitMost : rules.dailyLimitWithoutOtp;
}

/** Whether a limit counts only once the one-time password is in use. */
export const waitsForOtp = (yen: number, institution: Institution, otpInUse: boolean): boolean =>
  !otpInUse && yen > mostLimit(institution, false);

/** When a change takes effect: a lower limit at once, a higher one after some days in Japan. */
export function countsFrom(yen: number, current: number, { rules }: Institution, now: number): number {
  return yen <= current ? now : startOfJapaneseDay(now, rules.limitChangeAfterDays);
}

/** What the customer has transferred today in Japan, in yen. */
export function usedToday(db: Handle, customerId: string, now: number): Promise<number> {
  return sumOfDay(db, customerId, startOfJapaneseDay(now, 0), startOfJapaneseDay(now, 1));
}

/** Applies for a limit. Replaces an earlier application that has not taken effect. */
export async function changeLimit(
  db: Handle,
  customer: Customer,
  institution: Institution,
  change: { readonly yen: number; readonly now: number },
): Promise<NextLimit> {
  const { yen, now } = change;
  const current = ownLimit(customer, institution, now);
  const next = { yen, from: countsFrom(yen, current, institution, now) };
  await setNextLimit(db, customer, { current, next, now });
  return next;
}

interface LimitsToSet {
  /** The limit until the next one takes effect, in yen. */
  readonly current: number;
  readonly next: NextLimit;
  readonly now: number;
}

export function setNextLimit(
  db: Handle,
  { id }: Customer,
  { current, next, now }: LimitsToSet,
): Promise<void> {
  return setLimits(db, id, {
    daily_limit: current,
    next_limit: next.yen,
    next_limit_from: new Date(next.from),
    limit_set_at: new Date(now),
  });
}
