import type { Database } from './database.ts';

/** The institution an API key belongs to. `hash` is the key's SHA-256. */
export async function institutionOfKey(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('api_keys')
    .select('institution')
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row?.institution;
}

/** Writes a key down, once. */
export async function insertApiKey(
  db: Database,
  hash: Uint8Array<ArrayBuffer>,
  institution: string,
  at: Date,
): Promise<void> {
  await db
    .insertInto('api_keys')
    .values({ hash, institution, created_at: at })
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Takes a proof's nonce id. @returns false when it was taken before (RFC 9449 §11.1) */
export async function takeProof(db: Database, jti: string, expiresAt: Date): Promise<boolean> {
  const row = await db
    .insertInto('proofs')
    .values({ jti, expires_at: expiresAt })
    .onConflict((c) => c.doNothing())
    .returning('jti')
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets proofs past their time and idempotency keys older than a day. */
export async function sweep(db: Database, now: Date): Promise<void> {
  await db.deleteFrom('proofs').where('expires_at', '<', now).execute();
  const dayAgo = new Date(now.getTime() - 24 * 60 * 60_000);
  await db.deleteFrom('idempotency').where('created_at', '<', dayAgo).execute();
}
