import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database } from './database.ts';

/** After this time the process of a claim is assumed dead: another may take over, with the same idempotency keys. */
const STALE_CLAIM_MS = 30_000;

/**
 * Claims a submission. Of several simultaneous callers one succeeds.
 * @returns how often it has been claimed, this time included; undefined if another caller has it
 */
export async function claimSubmission(db: Database, id: string, now: number): Promise<number | undefined> {
  const stale = new Date(now - STALE_CLAIM_MS);
  const taken = await db
    .insertInto('submissions')
    .values({ id, started_at: new Date(now), outcome: null, tries: 1 })
    .onConflict((c) =>
      c
        .column('id')
        .doUpdateSet((of) => ({ started_at: new Date(now), tries: of('submissions.tries', '+', 1) }))
        .where('submissions.outcome', 'is', null)
        .where('submissions.started_at', '<', stale),
    )
    .returning('tries')
    .executeTakeFirst();
  return taken?.tries;
}

export async function finishSubmission(db: Database, id: string, outcome: Uint8Array): Promise<void> {
  await db.updateTable('submissions').set({ outcome }).where('id', '=', id).execute();
}

/** The outcome is unknown: the same form may be sent again. */
export async function abandonSubmission(db: Database, id: string): Promise<void> {
  await db
    .updateTable('submissions')
    .set({ started_at: new Date(0) })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .execute();
}

/** @returns null while somebody works on it, undefined if nobody does */
export async function findOutcome(
  db: Database,
  id: string,
): Promise<Uint8Array<ArrayBuffer> | null | undefined> {
  const row = await db
    .selectFrom('submissions')
    .select('outcome')
    .where('id', '=', id)
    .where('started_at', '>', new Date(0))
    .executeTakeFirst();
  return row?.outcome;
}

export async function forgetSubmissions(db: Database, before: Date, sweeping?: Sweeping): Promise<void> {
  await deleteOld(db, { table: 'submissions', by: 'started_at', before }, sweeping);
}
