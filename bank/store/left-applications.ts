import type { Selectable } from 'kysely';
import type { Database, Handle } from './database.ts';
import type { LeftApplicationsTable } from './schema.ts';

export type LeftApplication = Selectable<LeftApplicationsTable>;

export type ApplicationKey = Pick<LeftApplication, 'institution' | 'user_id' | 'use'>;

/** Notes that the token service is asked for this now. What was there before stays that of the first whose outcome is unknown. */
export async function leaveApplication(db: Handle, left: Omit<LeftApplication, 'tried_at'>): Promise<void> {
  const { customer_id, presented_at } = left;
  await db
    .insertInto('left_applications')
    .values(left)
    .onConflict((c) =>
      c.columns(['institution', 'user_id', 'use']).doUpdateSet({ customer_id, presented_at, tried_at: null }),
    )
    .execute();
}

/** It is known what became of it. One that was presented after `until` stays. */
export async function settleApplication(
  db: Handle,
  { institution, user_id, use }: ApplicationKey,
  until: Date,
): Promise<void> {
  await db
    .deleteFrom('left_applications')
    .where('institution', '=', institution)
    .where('user_id', '=', user_id)
    .where('use', '=', use)
    .where('presented_at', '<=', until)
    .execute();
}

interface Taking {
  readonly now: Date;
  /** Only those that nobody has worked on since. */
  readonly before: Date;
  readonly most: number;
}

/** Takes applications whose outcome nobody waited for, for this process alone. */
export function takeLeftApplications(
  db: Database,
  { now, before, most }: Taking,
): Promise<LeftApplication[]> {
  const longest = db
    .selectFrom('left_applications')
    .select(['institution', 'user_id', 'use'])
    .where((is) => is(is.fn.coalesce('tried_at', 'presented_at'), '<', before))
    .orderBy((is) => is.fn.coalesce('tried_at', 'presented_at'))
    .limit(most)
    .forUpdate()
    .skipLocked();
  return db
    .updateTable('left_applications')
    .set({ tried_at: now })
    .where(({ eb, refTuple }) =>
      eb(refTuple('institution', 'user_id', 'use'), 'in', longest.$asTuple('institution', 'user_id', 'use')),
    )
    .returningAll()
    .execute();
}
