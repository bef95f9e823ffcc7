import { type RawBuilder, sql } from 'kysely';

/*
 * Rates that a row keeps: one column has the moment up to which the rate is used up. A moment further ahead than a policy comes
 * to is from before the clock was set back, and counts as unused, as in host/rates.ts.
 */

/**
 * Up to when a rate is used up: the input's time or later.
 * @param column of the row
 * @param at column of the input's time
 * @param mostS most seconds by which the row may be ahead
 */
export const takenUntil = (column: string, at: string, mostS: RawBuilder<unknown>) => {
  const [kept, now] = [sql.ref(column), sql.ref(at)];
  return sql`case when ${kept} > ${now} and ${kept} <= ${now} + make_interval(secs => ${mostS}) then ${kept} else ${now} end`;
};

/** The same of a row that was read, in milliseconds. */
export function takenUntilMs(until: Date | null, now: number, mostS: number): number {
  const kept = until?.getTime() ?? now;
  return kept < now || kept > now + mostS * 1000 ? now : kept;
}
