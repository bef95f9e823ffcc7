import type { Handle } from './database.ts';
import type { TransferRow } from './transfers.ts';

/** Transfers left executing since before a time: their process died, or an answer did not come. */
export function leftExecuting(db: Handle, before: Date, limit: number): Promise<TransferRow[]> {
  return db
    .selectFrom('transfers')
    .selectAll()
    .where('state', '=', 'executing')
    .where('claimed_at', '<', before)
    .orderBy('created_at')
    .limit(limit)
    .execute();
}

/** Transfers whose confirmation should have ended before a time. */
export function leftWaiting(db: Handle, before: Date, limit: number): Promise<TransferRow[]> {
  return db
    .selectFrom('transfers')
    .selectAll()
    .where('state', '=', 'waiting')
    .where((is) =>
      is.or([
        is.and([is('decision', '=', 'waiting'), is('expires_at', '<', before)]),
        is.and([is('decision', '=', 'confirmed'), is('use_by', '<', before)]),
      ]),
    )
    .orderBy('created_at')
    .limit(limit)
    .execute();
}

/** Ended transfers whose confirmation the token service still keeps open. */
export function leftUncancelled(db: Handle, limit: number): Promise<TransferRow[]> {
  return db
    .selectFrom('transfers')
    .selectAll()
    .where('cancel_due', '=', true)
    .orderBy('created_at')
    .limit(limit)
    .execute();
}

export async function noteCancelTold(db: Handle, id: string): Promise<void> {
  await db.updateTable('transfers').set({ cancel_due: false }).where('id', '=', id).execute();
}

/** What was entered and never asked for. */
export async function forgetEntered(db: Handle, before: Date): Promise<void> {
  await db.deleteFrom('transfers').where('state', '=', 'entered').where('created_at', '<', before).execute();
}
