import { type RandomBytes, sealKey } from '../../core/vault/seal.ts';
import type { WrappedVaultKey } from './database.ts';
import { VAULT_KEY_ALGORITHM, type VaultOpener, vaultOpener } from './keyring.ts';

/** Contexts of a wrapped vault key, so that an entry of one kind does not open as another. */
export type WrappingPurpose = 'pin' | 'passkey' | 'session';

/** Wraps the vault key under a new device key and a secret. Neither alone opens it. */
export async function wrapUnderSecret(
  vaultKey: CryptoKey,
  secret: Uint8Array<ArrayBuffer>,
  purpose: WrappingPurpose,
  randomBytes: RandomBytes,
): Promise<WrappedVaultKey> {
  const deviceKey = await crypto.subtle.generateKey(DEVICE_KEY_ALGORITHM, false, ['sign']);
  const wrapping = await wrappingKey(deviceKey, secret, purpose);
  return { deviceKey, wrapped: await sealKey(wrapping, vaultKey, 'raw', purpose, randomBytes) };
}

/** Opens what {@link wrapUnderSecret} made. A wrong secret is noticed when the opener is used. */
export async function secretOpener(
  { deviceKey, wrapped }: WrappedVaultKey,
  secret: Uint8Array<ArrayBuffer>,
  purpose: WrappingPurpose,
): Promise<VaultOpener> {
  return vaultOpener(await wrappingKey(deviceKey, secret, purpose), wrapped, purpose);
}

const DEVICE_KEY_ALGORITHM = { name: 'HMAC', hash: 'SHA-256', length: 256 } as const;

/** HKDF-SHA-256 (RFC 5869) with the device key as the salt, so its first step is the HMAC of the secret. */
async function wrappingKey(
  deviceKey: CryptoKey,
  secret: Uint8Array<ArrayBuffer>,
  purpose: WrappingPurpose,
): Promise<CryptoKey> {
  const mixed = await crypto.subtle.sign('HMAC', deviceKey, secret);
  const base = await crypto.subtle.importKey('raw', mixed, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(`warifu vault key ${purpose} v1`);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    base,
    VAULT_KEY_ALGORITHM,
    false,
    ['wrapKey', 'unwrapKey'],
  );
}
