import { type Selectable, sql } from 'kysely';
import type { Handle } from './database.ts';
import type { ReviewsTable } from './schema.ts';
import { ACTING, APPROVING } from './staff.ts';

export type ReviewRow = Selectable<ReviewsTable>;

/** A review with its customer. */
export interface ReviewOf extends ReviewRow {
  readonly login_id: string;
  readonly name: string;
}

type Due = Pick<ReviewRow, 'key' | 'institution' | 'customer_id' | 'user_id' | 'reason' | 'acted_at'>;

/**
 * Asks the supervisors to review an emergency suspension, once for its form. The same statement checks that the member of
 * staff may act.
 * @param by row id of the member of staff
 * @returns undefined if they may not act; `again` if the form was sent before
 */
export async function insertReview(db: Handle, due: Due, by: string): Promise<'first' | 'again' | undefined> {
  const inserted = await db
    .insertInto('reviews')
    .columns(['key', 'institution', 'customer_id', 'user_id', 'reason', 'acted_by', 'acted_at'])
    .expression((of) =>
      of
        .selectFrom('staff')
        .select([
          sql<string>`${due.key}::text`.as('key'),
          'staff.institution',
          sql<string>`${due.customer_id}::text`.as('customer_id'),
          sql<string>`${due.user_id}::text`.as('user_id'),
          sql<string>`${due.reason}::text`.as('reason'),
          'staff.staff_id as acted_by',
          sql<Date>`${due.acted_at}::timestamptz`.as('acted_at'),
        ])
        .where('staff.id', '=', by)
        .where('staff.institution', '=', due.institution)
        .where('staff.role', 'in', ACTING),
    )
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted !== undefined) return 'first';
  const row = await db.selectFrom('reviews').select('id').where('key', '=', due.key).executeTakeFirst();
  return row && 'again';
}

/** Nothing was done that there is to review. */
export async function dropReview(db: Handle, key: string): Promise<void> {
  await db.deleteFrom('reviews').where('key', '=', key).where('reviewed_at', 'is', null).execute();
}

interface Reviewed {
  readonly id: string;
  /** Who reviewed it: the row id of the member of staff, and their 職員ID. */
  readonly by: { readonly id: string; readonly staff_id: string };
  readonly comment: string;
  readonly at: Date;
}

/**
 * Notes a review in one statement: only once, and only by another member of staff who is a supervisor at that moment.
 * @returns undefined if nothing was changed
 */
export function noteReviewed(trx: Handle, { id, by, comment, at }: Reviewed): Promise<ReviewRow | undefined> {
  return trx
    .updateTable('reviews')
    .set({ reviewed_by: by.staff_id, reviewed_at: at, comment })
    .where('id', '=', id)
    .where('reviewed_at', 'is', null)
    .where('acted_by', '<>', by.staff_id)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('staff')
          .select('staff.id')
          .whereRef('staff.institution', '=', 'reviews.institution')
          .where('staff.id', '=', by.id)
          .where('staff.role', 'in', APPROVING),
      ),
    )
    .returningAll()
    .executeTakeFirst();
}

const withCustomer = (db: Handle) =>
  db
    .selectFrom('reviews')
    .innerJoin('customers', 'customers.id', 'reviews.customer_id')
    .selectAll('reviews')
    .select(['customers.login_id', 'customers.name']);

/** A review at this institution; undefined also if it is at another. @param id digits */
export function findReview(db: Handle, institution: string, id: string): Promise<ReviewOf | undefined> {
  return withCustomer(db)
    .where('reviews.institution', '=', institution)
    .where('reviews.id', '=', id)
    .executeTakeFirst();
}

/** Open reviews, oldest first. */
export function dueReviews(db: Handle, institution: string, limit: number): Promise<ReviewOf[]> {
  return withCustomer(db)
    .where('reviews.institution', '=', institution)
    .where('reviews.reviewed_at', 'is', null)
    .orderBy('reviews.id')
    .limit(limit)
    .execute();
}
