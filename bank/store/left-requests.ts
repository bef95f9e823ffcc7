import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { TransactionType } from '../../core/transaction/types.ts';
import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database, Handle } from './database.ts';
import { REQUEST_COLUMNS, type RequestRow, type RequestTable } from './requests.ts';
import type { Schema } from './schema.ts';

/** Whose requests are looked for, in which table, and how many of each institution. */
export interface Turn {
  readonly table: RequestTable;
  readonly institutions: readonly string[];
  readonly most: number;
}

/** A request that was left, and of which type it is. */
export interface LeftRow extends RequestRow {
  readonly type: TransactionType;
}

/** Requests left executing since before a time: their process died, or an answer did not come. */
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

/** Every institution has its own turn, and what was tried goes to the end: what cannot be settled holds up no other. */
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

/** Notes that the bank is about to go on with it. */
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

/** What was entered and never asked for. */
export async function forgetEntered(
  db: Database,
  table: RequestTable,
  before: Date,
  sweeping?: Sweeping,
): Promise<void> {
  const entered = { where: sql`state = 'entered'` };
  await deleteOld(db, { table, by: 'created_at', before, ...entered }, sweeping);
}
