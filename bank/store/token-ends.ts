import { sql } from 'kysely';
import type { Customer } from './customers.ts';
import type { Database, Handle } from './database.ts';

/** A customer's token and when it ends; null if the token is not in use. */
export interface TokenEnd {
  readonly id: string;
  readonly userId: string;
  readonly endsAt: Date | null;
}

/** Saves when a customer's current token ends. If the end has changed, it is checked soon and reminders start anew. */
export async function noteTokenEnd(db: Handle, { id, userId, endsAt }: TokenEnd): Promise<void> {
  await db
    .updateTable('customers')
    .set({ token_ends_at: endsAt, end_told: null, end_look_at: null })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where(sql<boolean>`token_ends_at is distinct from ${endsAt}::timestamptz`)
    .execute();
}

/** Notes that the customer is reminded that many days before the end. @returns true to exactly one caller */
export async function claimReminder(
  db: Handle,
  { id, userId, endsAt }: TokenEnd,
  days: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('customers')
    .set({ end_told: days })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('token_ends_at', '=', endsAt)
    .where((is) => is.or([is('end_told', 'is', null), is('end_told', '>', days)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

interface Looking {
  readonly now: Date;
  /** Until then no other process checks the same customers. */
  readonly until: Date;
  /** The latest time a check can be due. A later one was written by a clock that was ahead: it is due now. */
  readonly furthest: Date;
  readonly most: number;
}

/** Takes customers whose token's end must be checked, for this process alone. */
export function takeEndsToLookAt(db: Database, { now, until, furthest, most }: Looking): Promise<Customer[]> {
  return db
    .updateTable('customers')
    .set({ end_look_at: until })
    .where('id', 'in', (from) =>
      from
        .selectFrom('customers')
        .select('id')
        .where('user_id', 'is not', null)
        .where((is) =>
          is.or([
            is('end_look_at', 'is', null),
            is('end_look_at', '<=', now),
            is('end_look_at', '>', furthest),
          ]),
        )
        .orderBy('end_look_at', (order) => order.asc().nullsFirst())
        .limit(most)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
}

/** Sets the next check, unless the token or its end has changed meanwhile. */
export async function lookAgainAt(db: Handle, { id, userId, endsAt }: TokenEnd, at: Date): Promise<void> {
  await db
    .updateTable('customers')
    .set({ end_look_at: at })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where(sql<boolean>`token_ends_at is not distinct from ${endsAt}::timestamptz`)
    .execute();
}
