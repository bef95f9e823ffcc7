import { type Selectable, sql } from 'kysely';
import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database, Handle } from './database.ts';
import type { UnpairingsTable } from './schema.ts';
import { ACTING } from './staff.ts';

export type UnpairingRow = Selectable<UnpairingsTable>;

/** Keeps the removal of a device until its outcome is known. The same statement checks that the member of staff may act. */
export async function insertUnpairing(
  db: Handle,
  due: Omit<UnpairingRow, 'acted_by' | 'tried_at'>,
  by: string,
): Promise<void> {
  await sql`
    insert into unpairings (id, institution, customer_id, user_id, device_id, device, reason, acted_by, acted_at)
    select ${due.id}, institution, ${due.customer_id}, ${due.user_id}, ${due.device_id}, ${due.device}, ${due.reason},
      staff_id, ${due.acted_at}::timestamptz
    from staff where id = ${by} and institution = ${due.institution} and role in (${sql.join(ACTING)})
    on conflict do nothing`.execute(db);
}

export function findUnpairing(db: Handle, id: string): Promise<UnpairingRow | undefined> {
  return db.selectFrom('unpairings').selectAll().where('id', '=', id).executeTakeFirst();
}

/** There is nothing to finish. */
export async function dropUnpairing(db: Handle, id: string): Promise<void> {
  await db.deleteFrom('unpairings').where('id', '=', id).execute();
}

export async function forgetUnpairings(db: Database, before: Date, sweeping?: Sweeping): Promise<void> {
  await deleteOld(db, { table: 'unpairings', by: 'acted_at', before }, sweeping);
}
