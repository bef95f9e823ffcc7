import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { TransactionType } from '../../core/transaction/types.ts';
import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database, Handle } from './database.ts';
import { REQUEST_COLUMNS, type RequestRow, type RequestTable } from './requests.ts';
import type { Schema } from './schema.ts';

/** What to look for: the institutions, the table, and how many requests of each institution. */
export interface Turn {
  readonly table: RequestTable;
  readonly institutions: readonly string[];
  readonly most: number;
}

/** An unfinished request, with its type. */
export interface LeftRow extends RequestRow {
  readonly type: TransactionType;
}

/** Requests that have been executing since before a time: their process died, or no answer came. */
export function leftExecuting(db: Handle, turn: Turn, before: Date): Promise<LeftRow[]> {
  return longestUntried(db, turn, (is) =>
    is.and([is('state', '=', 'executing'), is('claimed_at', '<', before)]),
  );
}

/** Requests whose confirmation should have ended before a time. */
export function leftWaiting(db: Handle, turn: Turn, before: Date): Promise<LeftRow[]> {
  return longestUntried(db, turn, (is) =>
    is.and([
      is('state', '=', 'waiting'),
      is.or([
        is.and([is('decision', '=', 'waiting'), is('expires_at', '<', before)]),
        is.and([is('decision', '=', 'confirmed'), is('use_by', '<', before)]),
      ]),
    ]),
  );
}

/** Ended requests whose confirmation the token service still keeps open. */
export function leftUncancelled(db: Handle, turn: Turn): Promise<LeftRow[]> {
  return longestUntried(db, turn, (is) => is('cancel_due', '=', true));
}

/** Each institution has its own quota, and a tried request goes to the end: a stuck request blocks no other. */
function longestUntried(
  db: Handle,
  { table, institutions, most }: Turn,
  which: (is: ExpressionBuilder<Schema, RequestTable>) => Expression<SqlBool>,
): Promise<LeftRow[]> {
  const place = sql<number>`row_number() over (
    partition by institution order by coalesce(tried_at, created_at), id)`;
  const type = table === 'transfers' ? sql<TransactionType>`'transfer'` : sql<TransactionType>`type`;
  return db
    .selectFrom((of) =>
      of
        .selectFrom(table)
        .select(REQUEST_COLUMNS)
        .select([place.as('place'), type.as('type')])
        .where('institution', 'in', institutions)
        .where(which)
        .as('turns'),
    )
    .selectAll()
    .where('place', '<=', most)
    .orderBy('place')
    .execute();
}

/** Notes that the bank is about to try again. */
export async function noteTried(db: Handle, table: RequestTable, id: string, now: number): Promise<void> {
  await db
    .updateTable(table)
    .set({ tried_at: new Date(now) })
    .where('id', '=', id)
    .execute();
}

export async function noteCancelTold(db: Handle, table: RequestTable, id: string): Promise<void> {
  await db.updateTable(table).set({ cancel_due: false }).where('id', '=', id).execute();
}

/** Deletes requests that were entered, and for which no confirmation was ever asked. */
export async function forgetEntered(
  db: Database,
  table: RequestTable,
  before: Date,
  sweeping?: Sweeping,
): Promise<void> {
  const entered = { where: sql`state = 'entered'` };
  await deleteOld(db, { table, by: 'created_at', before, ...entered }, sweeping);
}
