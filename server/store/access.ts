import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { TokenRow } from './schema.ts';

/** A bank's request before it is let in. `keyHash` is the SHA-256 of its API key. */
export interface Admission {
  readonly keyHash: Uint8Array<ArrayBuffer>;
  /** ユーザID of the token it names, if any. */
  readonly userId: string | undefined;
}

/** Whose request it is, and the token it names where that institution has it. */
export interface Admitted {
  readonly institution: string;
  readonly token: TokenRow | undefined;
}

/**
 * Finds the institutions of API keys and the tokens their requests name.
 * @returns in the order given; undefined for a key that is none of ours
 */
export async function admit(
  db: Database,
  admissions: readonly Admission[],
): Promise<(Admitted | undefined)[]> {
  const asked = admissions.map(({ keyHash, userId }, place) => ({
    place,
    hash: Buffer.from(keyHash).toString('hex'),
    user_id: userId,
  }));
  const { rows } = await sql<TokenRow & { place: number; admitted: string }>`
    select asked.place, api_keys.institution as admitted, tokens.*
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as asked(place integer, hash text, user_id text)
    join api_keys on api_keys.hash = decode(asked.hash, 'hex') and api_keys.revoked_at is null
    left join tokens on tokens.institution = api_keys.institution and tokens.user_id = asked.user_id`.execute(
    db,
  );
  const byPlace = new Map(rows.map(({ place, admitted, ...token }) => [place, { admitted, token }]));
  return asked.map(({ place }) => {
    const found = byPlace.get(place);
    return found && { institution: found.admitted, token: found.token.id ? found.token : undefined };
  });
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
