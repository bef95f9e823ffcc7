import { type Kysely, sql } from 'kysely';
import { open, type RandomBytes, seal } from '../core/vault/seal.ts';
import type { Sealed } from '../core/vault/sealed.ts';

/** Something sealed under a key, and what it belongs to. */
export interface SealedValue {
  readonly sealed: Uint8Array;
  readonly context: string;
}

export interface KeyCheck<Schema> {
  readonly db: Kysely<Schema>;
  readonly key: CryptoKey;
  readonly randomBytes: RandomBytes;
  /** Something the database holds already under its key, if anything. */
  readonly example: () => Promise<SealedValue | undefined>;
}

const CONTEXT = 'warifu key check';

/**
 * Whether a key is the one this database's secrets are sealed under: by a value sealed under it at the first start, kept in
 * the table `key_checks`. A database from before that table is judged by something it holds.
 */
export async function isKeyOf<Schema>({ db, key, randomBytes, example }: KeyCheck<Schema>): Promise<boolean> {
  const kept = await keptCheck(db);
  if (kept !== undefined) return opens(key, { sealed: kept, context: CONTEXT });
  const held = await example();
  if (held !== undefined && !(await opens(key, held))) return false;
  const made = await seal(key, randomBytes(16), CONTEXT, randomBytes);
  await sql`insert into key_checks (name, sealed) values ('', ${Buffer.from(made)}) on conflict do nothing`.execute(
    db,
  );
  // Of two nodes with two keys that start at once, one is right.
  const first = await keptCheck(db);
  return first !== undefined && opens(key, { sealed: first, context: CONTEXT });
}

/** Whether a key opens what was sealed at the first start; also where nothing was. Writes nothing. */
export async function opensKeyCheck<Schema>(db: Kysely<Schema>, key: CryptoKey): Promise<boolean> {
  const kept = await keptCheck(db);
  return kept === undefined || opens(key, { sealed: kept, context: CONTEXT });
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
