import { createSecretKey, hkdfSync, KeyObject } from 'node:crypto';
import { KEY_BYTES } from '../core/otp/key.ts';
import type { Audit } from '../host/audit/chain.ts';

/** The service's audit, its chains made with a key derived from the master key (RFC 5869). */
export function serviceAudit(masterKey: CryptoKey): Audit {
  const key = hkdfSync('sha256', KeyObject.from(masterKey), '', 'warifu audit chain', KEY_BYTES);
  return { table: 'audit', key: createSecretKey(new Uint8Array(key)) };
}
