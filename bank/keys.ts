import { createHmac, hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import type { RandomBytes } from '../core/vault/seal.ts';
import { sha256 as digest } from '../host/compare.ts';
import { keptText, readText } from '../host/key-file.ts';
import type { Settings } from '../host/settings.ts';

/** Keys derived from the bank's one key, one for each use (RFC 5869). */
export interface BankKeys {
  /** AES-256-GCM: session data, mail texts, outcomes of submissions. */
  readonly sealing: CryptoKey;
  /** HMAC-SHA-256: form tokens. */
  readonly forms: Uint8Array;
  /** HMAC-SHA-256: the chains of the audit. */
  readonly audit: Uint8Array;
  /** HMAC-SHA-256: the codes that 資金移動用パスワード are checked against. */
  readonly positions: Uint8Array;
}

const BANK_KEY_BYTES = 32;

/** The bank's key: `WARIFU_BANK_KEY` (32 bytes, base64url), or a key made in the data folder at the first start. */
export function readBankKey(
  { bankKey, dataFolder }: Pick<Settings, 'bankKey' | 'dataFolder'>,
  randomBytes: RandomBytes,
): Uint8Array {
  const make = () => Buffer.from(randomBytes(BANK_KEY_BYTES)).toString('base64url');
  const key = new Uint8Array(
    Buffer.from(bankKey ?? keptText(join(dataFolder, 'bank.key'), make), 'base64url'),
  );
  if (key.length !== BANK_KEY_BYTES) throw new Error('WARIFU_BANK_KEY must be 32 bytes in base64url');
  return key;
}

/** An institution's API key, from the environment or from the file that the token service writes at its first start. */
export function readApiKey(
  { apiKeyOf, dataFolder }: Pick<Settings, 'apiKeyOf' | 'dataFolder'>,
  institution: string,
): string | undefined {
  return apiKeyOf(institution) ?? readText(join(dataFolder, 'api-keys', institution));
}

/** An institution's staff key, from the same places as in {@link readApiKey}. */
export function readStaffKey(
  { staffKeyOf, dataFolder }: Pick<Settings, 'staffKeyOf' | 'dataFolder'>,
  institution: string,
): string | undefined {
  return staffKeyOf(institution) ?? readText(join(dataFolder, 'staff-keys', institution));
}

/** @param master exactly 32 bytes */
export async function deriveBankKeys(master: Uint8Array): Promise<BankKeys> {
  if (master.length !== BANK_KEY_BYTES) throw new Error('the bank key must be 32 bytes');
  const derive = (use: string) => new Uint8Array(hkdfSync('sha256', master, '', `warifu bank ${use}`, 32));
  const sealing = await crypto.subtle.importKey('raw', derive('sealing'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  return { sealing, forms: derive('forms'), audit: derive('audit'), positions: derive('positions') };
}

/** SHA-256 as base64url. */
export function sha256(text: string): string {
  return Buffer.from(digest(text)).toString('base64url');
}

export function hmac(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
