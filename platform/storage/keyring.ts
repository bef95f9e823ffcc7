import { NONCE_BYTES } from '../../core/vault/seal.ts';
import type { Keyring } from './database.ts';

export const VAULT_KEY_ALGORITHM = { name: 'AES-GCM', length: 256 } as const;

/**
 * The key that opens this device's tokens, unwrapped for this context alone and not extractable.
 * Rejects with an OperationError where the keyring is damaged.
 */
export function openVaultKey({ deviceKey, wrapped }: Keyring): Promise<CryptoKey> {
  const iv = wrapped.subarray(0, NONCE_BYTES);
  const body = wrapped.subarray(NONCE_BYTES);
  const usages: KeyUsage[] = ['encrypt', 'unwrapKey'];
  return crypto.subtle.unwrapKey(
    'raw',
    body,
    deviceKey,
    { name: 'AES-GCM', iv },
    VAULT_KEY_ALGORITHM,
    false,
    usages,
  );
}
