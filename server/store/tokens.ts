import type { Database } from './database.ts';
import type { TokenRow } from './schema.ts';

/** A write: whose it is, its request id for the audit, and its time. */
export interface Write {
  readonly institution: string;
  readonly requestId: string;
  readonly at: Date;
}

export interface IdempotentWrite extends Write {
  readonly idempotencyKey: string;
  readonly requestHash: Uint8Array<ArrayBuffer>;
}

/** What an earlier request with the same idempotency key came to. */
export interface Remembered {
  readonly requestHash: Uint8Array;
  readonly tokenId: string;
  readonly accepted: boolean;
}

export function findToken(db: Database, institution: string, userId: string): Promise<TokenRow | undefined> {
  return db
    .selectFrom('tokens')
    .selectAll()
    .where('institution', '=', institution)
    .where('user_id', '=', userId)
    .executeTakeFirst();
}

/** The token with a シリアルNo; undefined also if it belongs to another institution. */
export function findTokenBySerial(
  db: Database,
  institution: string,
  serial: string,
): Promise<TokenRow | undefined> {
  return db
    .selectFrom('tokens')
    .selectAll()
    .where('institution', '=', institution)
    .where('serial', '=', serial)
    .where('user_id', 'is not', null)
    .executeTakeFirst();
}

export function findTokenById(db: Database, id: string): Promise<TokenRow | undefined> {
  return db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
}

/** A token, read again after a change. */
export async function currentToken(db: Database, { id }: Pick<TokenRow, 'id'>): Promise<TokenRow> {
  const row = await findTokenById(db, id);
  if (row === undefined) throw new Error('token disappeared from the database');
  return row;
}

/** Whether a token is set up and not over: also before 利用開始, whose screen is filled as well. */
export const isSetUp = ({ status, expires_at }: Pick<TokenRow, 'status' | 'expires_at'>, at: Date): boolean =>
  (status === 'enrolled' || status === 'active') && expires_at !== null && expires_at > at;

/** Whether a token's 有効期限 has passed. */
export const hasExpired = ({ expires_at }: TokenRow, at: Date): boolean =>
  expires_at !== null && expires_at <= at;

/**
 * Settles what came of a write: what is remembered of it, or else that nothing did. Then the write itself, should it arrive late
 * or be under way, finds its key used and does nothing.
 */
export async function settle(
  db: Database,
  { institution, idempotencyKey, requestHash, at }: IdempotentWrite,
): Promise<Remembered> {
  await db
    .insertInto('idempotency')
    .values({
      institution,
      key: idempotencyKey,
      request_hash: requestHash,
      token_id: '',
      accepted: false,
      created_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const settled = await findRemembered(db, institution, idempotencyKey);
  if (settled === undefined) throw new Error('an outcome was forgotten as soon as it was written down');
  return settled;
}

export async function findRemembered(
  db: Database,
  institution: string,
  key: string,
): Promise<Remembered | undefined> {
  const row = await db
    .selectFrom('idempotency')
    .selectAll()
    .where('institution', '=', institution)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && { requestHash: row.request_hash, tokenId: row.token_id, accepted: row.accepted };
}
