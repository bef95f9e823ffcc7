import type { Selectable } from 'kysely';
import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database, Handle } from './database.ts';
import type { SessionsTable } from './schema.ts';

export type SessionRow = Selectable<SessionsTable>;

export function findSessionRow(
  db: Handle,
  institution: string,
  idHash: string,
): Promise<SessionRow | undefined> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('id_hash', '=', idHash)
    .where('institution', '=', institution)
    .executeTakeFirst();
}

export async function insertSession(
  db: Handle,
  session: Pick<SessionRow, 'id_hash' | 'institution' | 'customer_id' | 'data'>,
  now: Date,
): Promise<void> {
  await db
    .insertInto('sessions')
    .values({ ...session, created_at: now, last_seen_at: now, ended_at: null })
    .execute();
}

/** Reads an open session's data and locks it until the transaction ends. */
export async function lockSessionData(
  trx: Handle,
  idHash: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const row = await trx
    .selectFrom('sessions')
    .select('data')
    .where('id_hash', '=', idHash)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row?.data;
}

/** Notes that an open session is used now. @param since one that was used last before stays as it is */
export async function seeSession(
  db: Handle,
  idHash: string,
  { now, since }: Readonly<Record<'now' | 'since', Date>>,
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: now })
    .where('id_hash', '=', idHash)
    .where('ended_at', 'is', null)
    .where('last_seen_at', '>=', since)
    .execute();
}

/** Changes a session: its data, or its end. */
export async function updateSession(
  db: Handle,
  idHash: string,
  change: Partial<Pick<SessionRow, 'data' | 'ended_at'>>,
): Promise<void> {
  await db.updateTable('sessions').set(change).where('id_hash', '=', idHash).execute();
}

export async function deleteSession(db: Handle, idHash: string): Promise<void> {
  await db.deleteFrom('sessions').where('id_hash', '=', idHash).execute();
}

/** Ends all sessions of a customer, for an act of staff on their token. */
export async function endSessionsOf(db: Handle, customerId: string, at: Date): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ ended_at: at, ended_by_staff: true })
    .where('customer_id', '=', customerId)
    .where('ended_at', 'is', null)
    .execute();
}

/**
 * Deletes all sessions of a customer, or of a member of staff.
 * @param kept hash of the id of a session that stays
 */
export async function deleteSessionsOf(db: Handle, holder: string, kept?: string): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where('customer_id', '=', holder)
    .$if(kept !== undefined, (sessions) => sessions.where('id_hash', '<>', kept ?? ''))
    .execute();
}

export function newestSession(db: Handle): Promise<Pick<SessionRow, 'id_hash' | 'data'> | undefined> {
  return db
    .selectFrom('sessions')
    .select(['id_hash', 'data'])
    .orderBy('last_seen_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function forgetSessions(db: Database, before: Date, sweeping?: Sweeping): Promise<void> {
  await deleteOld(db, { table: 'sessions', by: 'last_seen_at', before }, sweeping);
}
