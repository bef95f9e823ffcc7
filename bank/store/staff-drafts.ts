import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database, Handle } from './database.ts';

/** How many forms are kept for each member of staff; the newest stay. */
const DRAFTS_MOST = 10;

interface Draft {
  readonly clerkId: string;
  /** Path of the form. */
  readonly path: string;
  /** Sealed. */
  readonly typed: Uint8Array;
  readonly at: Date;
}

/** Saves a form and replaces an earlier one of the same path; deletes the oldest forms above the limit. */
export async function keepDraft(db: Database, { clerkId, path, typed, at }: Draft): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('staff_drafts')
      .values({ clerk_id: clerkId, path, typed, kept_at: at })
      .onConflict((c) => c.columns(['clerk_id', 'path']).doUpdateSet({ typed, kept_at: at }))
      .execute();
    await trx
      .deleteFrom('staff_drafts')
      .where('clerk_id', '=', clerkId)
      .where('path', 'not in', (of) =>
        of
          .selectFrom('staff_drafts')
          .select('path')
          .where('clerk_id', '=', clerkId)
          .orderBy('kept_at', 'desc')
          .orderBy('path')
          .limit(DRAFTS_MOST),
      )
      .execute();
  });
}

/** What a member of staff typed into the form at a path. @param since the earliest time it may have been saved */
export async function findDraft(
  db: Handle,
  clerkId: string,
  path: string,
  since: Date,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const row = await db
    .selectFrom('staff_drafts')
    .select('typed')
    .where('clerk_id', '=', clerkId)
    .where('path', '=', path)
    .where('kept_at', '>', since)
    .executeTakeFirst();
  return row?.typed;
}

/** Path of the form that was saved last. */
export async function latestDraftPath(db: Handle, clerkId: string, since: Date): Promise<string | undefined> {
  const row = await db
    .selectFrom('staff_drafts')
    .select('path')
    .where('clerk_id', '=', clerkId)
    .where('kept_at', '>', since)
    .orderBy('kept_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.path;
}

export async function dropDraft(db: Handle, clerkId: string, path: string): Promise<void> {
  await db.deleteFrom('staff_drafts').where('clerk_id', '=', clerkId).where('path', '=', path).execute();
}

export async function forgetDrafts(db: Database, before: Date, sweeping?: Sweeping): Promise<void> {
  await deleteOld(db, { table: 'staff_drafts', by: 'kept_at', before }, sweeping);
}
