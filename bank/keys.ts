import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What the bank's one key is used for, a derived key for each use (RFC 5869). */
export interface BankKeys {
  /** AES-256-GCM: session data, mail texts, outcomes of submissions. */
  readonly sealing: CryptoKey;
  /** HMAC-SHA-256: form tokens. */
  readonly forms: Uint8Array;
}

export const BANK_KEY_BYTES = 32;

/** @param master exactly 32 bytes */
export async function deriveBankKeys(master: Uint8Array): Promise<BankKeys> {
  if (master.length !== BANK_KEY_BYTES) throw new Error('the bank key must be 32 bytes');
  const derive = (use: string) => new Uint8Array(hkdfSync('sha256', master, '', `warifu bank ${use}`, 32));
  const sealing = await crypto.subtle.importKey('raw', derive('sealing'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  return { sealing, forms: derive('forms') };
}

/** SHA-256 as base64url. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

export function hmac(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Whether two texts are the same, in a time that tells nothing of where they differ or how long they are. */
export function equalInConstantTime(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
