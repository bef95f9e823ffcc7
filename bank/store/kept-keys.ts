import { type Kysely, sql } from 'kysely';
import { open, type RandomBytes, seal } from '../../core/vault/seal.ts';
import { KEY_CHECK_CONTEXT, opensKeyCheck } from '../../host/key-check.ts';
import { type BankKey, type BankKeys, bankKeysOf } from '../keys.ts';

/** What the keys of the bank are sealed for. */
const CONTEXT = 'warifu bank keys';

/** The keys in use: those that derive from the bank's key, or once that was changed those that the database keeps under it. */
export async function readKeptKeys<Schema>(db: Kysely<Schema>, key: BankKey): Promise<BankKeys> {
  return bankKeysOf(await bytesHeldBy(db, key));
}

/**
 * Puts the keys in use under another key of the bank. The one before is worth nothing then.
 * @returns whether it was not done before
 * @throws Error if neither key is the database's
 */
export function handOverBank<Schema>(
  db: Kysely<Schema>,
  { to, from, randomBytes }: { to: BankKey; from: BankKey; randomBytes: RandomBytes },
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await sql`select from key_checks for update`.execute(trx);
    if (await opensKeyCheck(trx, to.holding)) return false;
    if (!(await opensKeyCheck(trx, from.holding))) throw new Error('neither key is the one of this database');
    const kept = await seal(to.holding, await bytesHeldBy(trx, from), CONTEXT, randomBytes);
    const check = await seal(to.holding, randomBytes(16), KEY_CHECK_CONTEXT, randomBytes);
    await sql`update key_checks set sealed = ${Buffer.from(check)}, bank_keys = ${Buffer.from(kept)}`.execute(
      trx,
    );
    return true;
  });
}

async function bytesHeldBy<Schema>(
  db: Kysely<Schema>,
  { holding, derived }: BankKey,
): Promise<Uint8Array<ArrayBuffer>> {
  // By name within the row, as commands also read databases from before there was such a column.
  const { rows } = await sql<{ kept: string | null }>`
    select to_jsonb(k) ->> 'bank_keys' as kept from key_checks k`.execute(db);
  const kept = rows[0]?.kept ?? null;
  return kept === null ? derived : open(holding, new Uint8Array(Buffer.from(kept.slice(2), 'hex')), CONTEXT);
}
