import { sql } from 'kysely';
import type { Customer } from './customers.ts';
import type { Database, Handle } from './database.ts';

/** A customer's token and when it ends; null where it is not in use. */
export interface TokenEnd {
  readonly id: string;
  readonly userId: string;
  readonly endsAt: Date | null;
}

/** Notes when a customer's present token ends. Another end than was known is told of anew, and looked at soon. */
export async function noteTokenEnd(db: Handle, { id, userId, endsAt }: TokenEnd): Promise<void> {
  await db
    .updateTable('customers')
    .set({ token_ends_at: endsAt, end_told: null, end_look_at: null })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where(sql<boolean>`token_ends_at is distinct from ${endsAt}::timestamptz`)
    .execute();
}

/** Notes that the customer is told of the end so many days before it. Of any number of callers, one gets true. */
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
  /** Until when nobody else looks at the same ones. */
  readonly until: Date;
  /** No look is put off beyond this. A later time was written while the clock was ahead: that customer is looked at now. */
  readonly furthest: Date;
  readonly most: number;
}

/** Takes customers whose token's end is to be looked at, for this process alone. */
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

/** Puts off the next look, unless another token, or another end, came meanwhile. */
export async function lookAgainAt(db: Handle, { id, userId, endsAt }: TokenEnd, at: Date): Promise<void> {
  await db
    .updateTable('customers')
    .set({ end_look_at: at })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where(sql<boolean>`token_ends_at is not distinct from ${endsAt}::timestamptz`)
    .execute();
}
