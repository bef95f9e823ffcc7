import type { Database, Handle } from './database.ts';

/** A token that was issued and became nobody's, and that the token service must still void. */
export interface PendingVoid {
  readonly institution: string;
  readonly user_id: string;
}

export async function addPendingVoid(db: Handle, pending: PendingVoid, now: Date): Promise<void> {
  await db
    .insertInto('pending_voids')
    .values({ ...pending, created_at: now })
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Takes those that waited longest. What was taken goes to the end, so that a stuck one blocks no other. */
export function takePendingVoids(db: Database, most: number, now: Date): Promise<PendingVoid[]> {
  const longest = db
    .selectFrom('pending_voids')
    .select(['institution', 'user_id'])
    .orderBy((is) => is.fn.coalesce('tried_at', 'created_at'))
    .limit(most);
  return db
    .updateTable('pending_voids')
    .set({ tried_at: now })
    .where(({ eb, refTuple }) =>
      eb(refTuple('institution', 'user_id'), 'in', longest.$asTuple('institution', 'user_id')),
    )
    .returning(['institution', 'user_id'])
    .execute();
}

export async function removePendingVoid(db: Database, { institution, user_id }: PendingVoid): Promise<void> {
  await db
    .deleteFrom('pending_voids')
    .where('institution', '=', institution)
    .where('user_id', '=', user_id)
    .execute();
}
