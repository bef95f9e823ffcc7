import { type Selectable, sql, type Transaction } from 'kysely';
import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database, Handle } from './database.ts';
import type { Schema, StaffPasskeysTable } from './schema.ts';
import { APPROVING, type Clerk } from './staff.ts';

export type PasskeyRow = Selectable<StaffPasskeysTable>;

/** The passkeys of a member of staff, oldest first. */
export function passkeysOf(db: Handle, clerkId: string): Promise<PasskeyRow[]> {
  return db
    .selectFrom('staff_passkeys')
    .selectAll()
    .where('clerk_id', '=', clerkId)
    .orderBy('added_at')
    .orderBy('id')
    .execute();
}

type NewPasskey = Pick<PasskeyRow, 'id' | 'clerk_id' | 'name' | 'public_key' | 'added_at'> & {
  readonly counter: number;
};

/** How many passkeys one member of staff may have. */
export const PASSKEYS_MOST = 10;

/** @returns false if this passkey exists already, or the member of staff has the most that are allowed */
export async function insertPasskey(
  trx: Transaction<Schema>,
  { id, clerk_id, name, public_key, counter, added_at }: NewPasskey,
): Promise<boolean> {
  // Other additions for the same member of staff wait here, so that the next statement counts this one.
  await trx.selectFrom('staff').select('id').where('id', '=', clerk_id).forUpdate().execute();
  const { rows } = await sql`
    insert into staff_passkeys (id, clerk_id, name, public_key, counter, added_at)
    select ${id}, ${clerk_id}, ${name}, ${public_key}::bytea, ${counter}::bigint, ${added_at}::timestamptz
    where (select count(*) from staff_passkeys where clerk_id = ${clerk_id}) < ${PASSKEYS_MOST}::integer
    on conflict do nothing
    returning id`.execute(trx);
  return rows.length > 0;
}

/**
 * Notes that a passkey was used. A counter must grow; a passkey without one says 0 each time (WebAuthn §6.1.1).
 * @returns false if the counter did not grow (the passkey may be a copy), or the passkey was removed meanwhile
 */
export async function notePasskeyUse(
  db: Handle,
  {
    id,
    clerkId,
    counter,
    at,
  }: { readonly id: string; readonly clerkId: string; readonly counter: number; readonly at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('staff_passkeys')
    .set({ counter, used_at: at })
    .where('id', '=', id)
    .where('clerk_id', '=', clerkId)
    .where((is) =>
      is.or([is('counter', '<', String(counter)), is.and([is('counter', '=', '0'), is.val(counter === 0)])]),
    )
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** @returns its name; undefined if the member of staff has no such passkey */
export async function removePasskey(db: Handle, clerkId: string, id: string): Promise<string | undefined> {
  const row = await db
    .deleteFrom('staff_passkeys')
    .where('clerk_id', '=', clerkId)
    .where('id', '=', id)
    .returning('name')
    .executeTakeFirst();
  return row?.name;
}

/**
 * Removes all passkeys of a colleague who has lost them. The same statement checks that the caller is a supervisor of the
 * same institution and another person.
 * @returns how many there were
 */
export async function resetPasskeys(db: Handle, clerkId: string, by: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('staff_passkeys')
    .where('clerk_id', '=', clerkId)
    .where('clerk_id', '<>', by)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('staff')
          .innerJoin('staff as colleague', 'colleague.institution', 'staff.institution')
          .select('staff.id')
          .where('staff.id', '=', by)
          .where('staff.role', 'in', APPROVING)
          .where('colleague.id', '=', clerkId),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

export interface Colleague extends Pick<Clerk, 'id' | 'staff_id' | 'name' | 'role'> {
  readonly passkeys: string | number | bigint;
}

/** An institution's staff, each with their number of passkeys. */
export function colleaguesOf(db: Handle, institution: string): Promise<Colleague[]> {
  return db
    .selectFrom('staff')
    .leftJoin('staff_passkeys', 'staff_passkeys.clerk_id', 'staff.id')
    .select((of) => [
      'staff.id',
      'staff.staff_id',
      'staff.name',
      'staff.role',
      of.fn.count('staff_passkeys.id').as('passkeys'),
    ])
    .where('staff.institution', '=', institution)
    .groupBy('staff.id')
    .orderBy('staff.staff_id')
    .execute();
}

interface Challenge {
  readonly challenge: string;
  /** SHA-256 of the session's id. */
  readonly sessionHash: string;
  readonly purpose: string;
}

export async function insertChallenge(
  db: Handle,
  { challenge, sessionHash, purpose }: Challenge,
  at: Date,
): Promise<void> {
  await db
    .insertInto('staff_challenges')
    .values({ challenge, session_hash: sessionHash, purpose, made_at: at })
    .execute();
}

/** Removes a challenge. @param since the earliest time it may have been made @returns true to exactly one caller */
export async function takeChallenge(
  db: Handle,
  { challenge, sessionHash, purpose }: Challenge,
  since: Date,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('staff_challenges')
    .where('challenge', '=', challenge)
    .where('session_hash', '=', sessionHash)
    .where('purpose', '=', purpose)
    .where('made_at', '>', since)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

export async function forgetChallenges(db: Database, before: Date, sweeping?: Sweeping): Promise<void> {
  await deleteOld(db, { table: 'staff_challenges', by: 'made_at', before }, sweeping);
}
