import { createSecretKey, hkdfSync, KeyObject } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { KEY_BYTES } from '../core/otp/key.ts';
import { open } from '../core/vault/seal.ts';
import type { Audit } from '../host/audit/chain.ts';

/** What the key of the audit's chains is sealed for. */
export const AUDIT_KEY_CONTEXT = 'warifu audit chain';

/**
 * The service's audit. The key of its chains was derived from the first master key (RFC 5869), and after a rotation is kept
 * sealed under the present one.
 * @param holder the master key that holds the database
 */
export async function serviceAudit<Schema>(db: Kysely<Schema>, holder: CryptoKey): Promise<Audit> {
  return { table: 'audit', key: createSecretKey(await auditKey(db, holder)) };
}

export async function auditKey<Schema>(
  db: Kysely<Schema>,
  holder: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  // By name within the row, as the command also reads databases from before there was such a column.
  const { rows } = await sql<{ kept: string | null }>`
    select to_jsonb(k) ->> 'audit_key' as kept from key_checks k`.execute(db);
  const kept = rows[0]?.kept ?? null;
  if (kept === null) {
    return new Uint8Array(hkdfSync('sha256', KeyObject.from(holder), '', 'warifu audit chain', KEY_BYTES));
  }
  return open(holder, new Uint8Array(Buffer.from(kept.slice(2), 'hex')), AUDIT_KEY_CONTEXT);
}
