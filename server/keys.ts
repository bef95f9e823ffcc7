import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { KEY_BYTES } from '../core/otp/key.ts';

/** The service's ES256 key: signs what tokens trust. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  /** RFC 7638 thumbprint of the public half. */
  readonly kid: string;
}

/**
 * The key that seals secrets at rest: `WARIFU_MASTER_KEY` (32 bytes, base64url), or made on first start in the data
 * folder.
 */
export async function loadMasterKey(folder: string, fromEnvironment: string | undefined): Promise<CryptoKey> {
  const text = fromEnvironment ?? keep(join(folder, 'master.key'), newSecret);
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== KEY_BYTES) throw new Error('WARIFU_MASTER_KEY must be 32 bytes in base64url');
  // Extractable, so that node:crypto can use it as well (otp-key.ts).
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', true, ['encrypt', 'decrypt']);
}

/**
 * The signing key: `WARIFU_SIGNING_KEY` (a private JWK as JSON), or made on first use in the data folder. The build of
 * the extension pins its public half.
 */
export async function loadSigningKey(
  folder: string,
  fromEnvironment: string | undefined,
): Promise<SigningKey> {
  const file = join(folder, 'signing-key.json');
  if (fromEnvironment === undefined && !existsSync(file)) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    writePrivately(file, JSON.stringify(await exportJWK(privateKey)));
  }
  const jwk = JSON.parse(fromEnvironment ?? readFileSync(file, 'utf8')) as JWK;
  const { d: _private, ...publicJwk } = jwk;
  const privateKey = await importJWK(jwk, 'ES256');
  if (!(privateKey instanceof CryptoKey) || privateKey.type !== 'private') {
    throw new Error('WARIFU_SIGNING_KEY must be a private P-256 key as JWK');
  }
  return { privateKey, publicJwk, kid: await calculateJwkThumbprint(publicJwk) };
}

/**
 * An institution's bearer key for the bank API: `WARIFU_API_KEY_<INSTITUTION>` (32 bytes, base64url), or made on first
 * start in the data folder for the bank to read.
 */
export function loadApiKey(folder: string, institution: string, fromEnvironment?: string): string {
  return fromEnvironment ?? keep(join(folder, 'api-keys', institution), newSecret);
}

const newSecret = () => randomBytes(KEY_BYTES).toString('base64url');

/** Reads a text kept in a file of this user alone, making it the first time. */
function keep(file: string, make: () => string): string {
  if (!existsSync(file)) writePrivately(file, make());
  return readFileSync(file, 'utf8').trim();
}

function writePrivately(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
}
