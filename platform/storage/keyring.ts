import { NONCE_BYTES } from '../../core/vault/seal.ts';
import type { Keyring } from './database.ts';

export const VAULT_KEY_ALGORITHM = { name: 'AES-GCM', length: 256 } as const;

/**
 * The key that opens this device's tokens, unwrapped for this context alone and not extractable.
 * Rejects with an OperationError where the keyring is damaged.
 */
export function openVaultKey(keyring: Keyring): Promise<CryptoKey> {
  return unwrapVaultKey(keyring, VAULT_KEY_ALGORITHM, ['encrypt', 'unwrapKey']);
}

/** Unwraps the vault key for one use, not extractable. */
export function unwrapVaultKey(
  { deviceKey, wrapped }: Keyring,
  use: AlgorithmIdentifier | AesKeyAlgorithm,
  usages: KeyUsage[],
): Promise<CryptoKey> {
  const iv = wrapped.subarray(0, NONCE_BYTES);
  const body = wrapped.subarray(NONCE_BYTES);
  return crypto.subtle.unwrapKey('raw', body, deviceKey, { name: 'AES-GCM', iv }, use, false, usages);
}
