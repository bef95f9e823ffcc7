import { createHmac, hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import type { RandomBytes } from '../core/vault/seal.ts';
import { sha256 as digest } from '../host/compare.ts';
import { keptKey, readText } from '../host/key-file.ts';
import type { Settings } from '../host/settings.ts';

/** Keys derived from the bank's first key, one for each use (RFC 5869). They stay when that is changed. */
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

/** The bank's own key, as the operator gives it. */
export interface BankKey {
  /** AES-256-GCM: the value that checks it, and the keys that the database keeps under it once it was changed. */
  readonly holding: CryptoKey;
  /** The bytes of {@link BankKeys} that derive from it. */
  readonly derived: Uint8Array<ArrayBuffer>;
}

const USES = ['sealing', 'forms', 'audit', 'positions'];
const BANK_KEY_BYTES = 32;

/**
 * The bank's keys, the present one first: `WARIFU_BANK_KEY` (32 bytes, base64url), or a key made in the data folder at the
 * first start; and while it is changed `WARIFU_BANK_KEY_PREVIOUS`, or a file beside it.
 */
export async function readBankKeys(
  { bankKey, bankKeyPrevious, dataFolder }: Pick<Settings, 'bankKey' | 'bankKeyPrevious' | 'dataFolder'>,
  randomBytes: RandomBytes,
): Promise<readonly [BankKey, ...BankKey[]]> {
  const make = () => Buffer.from(randomBytes(BANK_KEY_BYTES)).toString('base64url');
  const previous = bankKeyPrevious ?? readText(join(dataFolder, 'bank-previous.key'));
  const present = bankKey ?? keptKey(join(dataFolder, 'bank.key'), make, [previous]);
  return [
    await bankKeyOf(present, 'WARIFU_BANK_KEY'),
    ...(previous === undefined ? [] : [await bankKeyOf(previous, 'WARIFU_BANK_KEY_PREVIOUS')]),
  ];
}

/** @param name the variable that the operator set */
async function bankKeyOf(text: string, name: string): Promise<BankKey> {
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'));
  if (bytes.length !== BANK_KEY_BYTES) throw new Error(`${name} must be 32 bytes in base64url`);
  const derived = deriveBytes(bytes);
  return { holding: (await bankKeysOf(derived)).sealing, derived };
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
export function deriveBankKeys(master: Uint8Array): Promise<BankKeys> {
  return bankKeysOf(deriveBytes(master));
}

/** The keys for each use, one after the other. */
function deriveBytes(master: Uint8Array): Uint8Array<ArrayBuffer> {
  if (master.length !== BANK_KEY_BYTES) throw new Error('the bank key must be 32 bytes');
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', master, '', `warifu bank ${use}`, BANK_KEY_BYTES));
  return new Uint8Array(Buffer.concat(USES.map(derive)));
}

/** @param bytes those that {@link BankKey} derives */
export async function bankKeysOf(bytes: Uint8Array<ArrayBuffer>): Promise<BankKeys> {
  const bytesOf = (use: string) =>
    bytes.slice(USES.indexOf(use) * BANK_KEY_BYTES).subarray(0, BANK_KEY_BYTES);
  const sealing = await crypto.subtle.importKey('raw', bytesOf('sealing'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  return { sealing, forms: bytesOf('forms'), audit: bytesOf('audit'), positions: bytesOf('positions') };
}

/** SHA-256 as base64url. */
export function sha256(text: string): string {
  return Buffer.from(digest(text)).toString('base64url');
}

export function hmac(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
