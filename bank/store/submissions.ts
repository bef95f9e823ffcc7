import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database } from './database.ts';

/** A claim this old belongs to a process that died: another may take it over with the same idempotency keys. */
const STALE_CLAIM_MS = 30_000;

/**
 * Takes a submission. Of any number of callers at once, one gets it.
 * @returns how many times it has been taken, this one included; undefined where it is not to be had
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

/** Nothing is known to have come of it: the same form may be sent again. */
export async function abandonSubmission(db: Database, id: string): Promise<void> {
  await db
    .updateTable('submissions')
    .set({ started_at: new Date(0) })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .execute();
}

/** @returns undefined where nobody works on it, null where it is under way */
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
