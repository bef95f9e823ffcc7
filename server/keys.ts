import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { importJWK, type JWK } from 'jose';
import { KEY_BYTES } from '../core/otp/key.ts';
import { keptText } from '../host/key-file.ts';
import type { ApiKeyKind } from './store/schema.ts';

/** The key by which push services know the service (RFC 8292). */
export interface PushKey {
  readonly privateKey: CryptoKey;
  /** The public half: an uncompressed point, base64url. */
  readonly publicPoint: string;
}

/** The push key: `WARIFU_PUSH_KEY` (a private JWK as JSON), or made on first use in the data folder. */
export async function loadPushKey(folder: string, fromEnvironment: string | undefined): Promise<PushKey> {
  const text = fromEnvironment ?? keptText(join(folder, 'push-key.json'), newSigningKey);
  const { privateKey, publicJwk } = await readKeyPair(text, 'WARIFU_PUSH_KEY');
  const coordinates = [publicJwk.x, publicJwk.y].map((text) => Buffer.from(text ?? '', 'base64url'));
  return { privateKey, publicPoint: Buffer.concat([Buffer.of(4), ...coordinates]).toString('base64url') };
}

/** @param name the variable that the operator set */
export async function readKeyPair(text: string, name: string) {
  const jwk = jwkOf(text);
  const privateKey = await importJWK(jwk, 'ES256').catch(() => undefined);
  if (!(privateKey instanceof CryptoKey) || privateKey.type !== 'private') {
    throw new Error(`${name} must be a private P-256 key as JWK`);
  }
  const { d: _private, ...publicJwk } = jwk;
  return { privateKey, publicJwk };
}

/** Empty where it is none: what JSON.parse says of a text can quote it, and the text is a key. */
function jwkOf(text: string): JWK {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Folder of each kind of API key: separate, so that a bank can be given access to its own keys and not to those of staff. */
const KEY_FOLDERS: Record<ApiKeyKind, string> = { bank: 'api-keys', staff: 'staff-keys' };

/**
 * An institution's bearer key for the bank API or for staff's: `WARIFU_API_KEY_<INSTITUTION>` or
 * `WARIFU_STAFF_KEY_<INSTITUTION>` (32 bytes, base64url), or made on first start in the data folder, where the
 * bank or the staff console reads it.
 */
export function loadApiKey(
  folder: string,
  kind: ApiKeyKind,
  institution: string,
  fromEnvironment?: string,
): string {
  return fromEnvironment ?? keptText(join(folder, KEY_FOLDERS[kind], institution), newSecret);
}

/** 32 random bytes, base64url: an API key, or a master key. */
export const newSecret = () => randomBytes(KEY_BYTES).toString('base64url');

export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify(privateKey.export({ format: 'jwk' }));
}
