import type { Database } from './database.ts';

/** The institutions API keys belong to, in the keys' order. `hashes` are the keys' SHA-256. */
export async function institutionsOfKeys(
  db: Database,
  hashes: readonly Uint8Array<ArrayBuffer>[],
): Promise<(string | undefined)[]> {
  const wanted = hashes.map((hash) => Buffer.from(hash).toString('hex'));
  const rows = await db
    .selectFrom('api_keys')
    .select(['institution', 'hash'])
    .where(
      'hash',
      'in',
      [...new Set(wanted)].map((hash) => new Uint8Array(Buffer.from(hash, 'hex'))),
    )
    .where('revoked_at', 'is', null)
    .execute();
  const found = new Map(
    rows.map(({ hash, institution }) => [Buffer.from(hash).toString('hex'), institution]),
  );
  return wanted.map((hash) => found.get(hash));
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
