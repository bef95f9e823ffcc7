import { type Kysely, sql } from 'kysely';
import { open, type RandomBytes, seal } from '../core/vault/seal.ts';
import type { Sealed } from '../core/vault/sealed.ts';

/** A sealed value with its context. */
export interface SealedValue {
  readonly sealed: Uint8Array;
  readonly context: string;
}

export interface KeyCheck<Schema> {
  readonly db: Kysely<Schema>;
  readonly key: CryptoKey;
  readonly randomBytes: RandomBytes;
  /** A value that the database already holds sealed under its key, if any. */
  readonly example: () => Promise<SealedValue | undefined>;
}

/** What the value that checks the key is sealed for. */
export const KEY_CHECK_CONTEXT = 'warifu key check';

/**
 * Whether a database's secrets are sealed under this key. The first start seals a value and keeps it in the table
 * `key_checks`; the key must open it. A database from before that table is checked by a secret that it holds.
 */
export async function isKeyOf<Schema>({ db, key, randomBytes, example }: KeyCheck<Schema>): Promise<boolean> {
  const kept = await keptCheck(db);
  if (kept !== undefined) return opens(key, { sealed: kept, context: KEY_CHECK_CONTEXT });
  const held = await example();
  if (held !== undefined && !(await opens(key, held))) return false;
  const made = await seal(key, randomBytes(16), KEY_CHECK_CONTEXT, randomBytes);
  await sql`insert into key_checks (name, sealed) values ('', ${Buffer.from(made)}) on conflict do nothing`.execute(
    db,
  );
  // If two nodes with different keys start at the same time, the first one wins.
  const first = await keptCheck(db);
  return first !== undefined && opens(key, { sealed: first, context: KEY_CHECK_CONTEXT });
}

/** Whether a key opens the value of the first start; true if there is none. Writes nothing. */
export async function opensKeyCheck<Schema>(db: Kysely<Schema>, key: CryptoKey): Promise<boolean> {
  const kept = await keptCheck(db);
  return kept === undefined || opens(key, { sealed: kept, context: KEY_CHECK_CONTEXT });
}

async function keptCheck<Schema>(db: Kysely<Schema>): Promise<Sealed | undefined> {
  const { rows } = await sql<{ sealed: Sealed }>`select sealed from key_checks`.execute(db);
  return rows[0]?.sealed;
}

async function opens(key: CryptoKey, { sealed, context }: SealedValue): Promise<boolean> {
  try {
    await open(key, new Uint8Array(sealed), context);
    return true;
  } catch {
    return false;
  }
}
