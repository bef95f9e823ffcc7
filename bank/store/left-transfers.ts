import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database, Handle } from './database.ts';
import type { Schema } from './schema.ts';
import type { TransferRow } from './transfers.ts';

/** Whose transfers are looked for, and how many of each institution. */
export interface Turn {
  readonly institutions: readonly string[];
  readonly most: number;
}

/** Transfers left executing since before a time: their process died, or an answer did not come. */
export function leftExecuting(db: Handle, turn: Turn, before: Date): Promise<TransferRow[]> {
  return longestUntried(db, turn, (is) =>
    is.and([is('state', '=', 'executing'), is('claimed_at', '<', before)]),
  );
}

/** Transfers whose confirmation should have ended before a time. */
export function leftWaiting(db: Handle, turn: Turn, before: Date): Promise<TransferRow[]> {
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

/** Ended transfers whose confirmation the token service still keeps open. */
export function leftUncancelled(db: Handle, turn: Turn): Promise<TransferRow[]> {
  return longestUntried(db, turn, (is) => is('cancel_due', '=', true));
}

/** Every institution has its own turn, and what was tried goes to the end: what cannot be settled holds up no other. */
function longestUntried(
  db: Handle,
  { institutions, most }: Turn,
  which: (is: ExpressionBuilder<Schema, 'transfers'>) => Expression<SqlBool>,
): Promise<TransferRow[]> {
  const place = sql<number>`row_number() over (
    partition by institution order by coalesce(tried_at, created_at), id)`;
  return db
    .selectFrom((of) =>
      of
        .selectFrom('transfers')
        .selectAll()
        .select(place.as('place'))
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
export async function noteTried(db: Handle, id: string, now: number): Promise<void> {
  await db
    .updateTable('transfers')
    .set({ tried_at: new Date(now) })
    .where('id', '=', id)
    .execute();
}

export async function noteCancelTold(db: Handle, id: string): Promise<void> {
  await db.updateTable('transfers').set({ cancel_due: false }).where('id', '=', id).execute();
}

/** What was entered and never asked for. */
export async function forgetEntered(db: Database, before: Date, sweeping?: Sweeping): Promise<void> {
  const entered = { where: sql`state = 'entered'` };
  await deleteOld(db, { table: 'transfers', by: 'created_at', before, ...entered }, sweeping);
}
