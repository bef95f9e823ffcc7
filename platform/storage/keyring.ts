import { type KeyUse, openKey, type Sealed } from '../../core/vault/sealed.ts';
import type { Keyring } from './database.ts';

export const VAULT_KEY_ALGORITHM = { name: 'AES-GCM', length: 256 } as const;

/** Context of a vault key that opens without the customer. */
export const DEVICE_CONTEXT = '';

/** Uses of the vault key: it seals OTP keys, and opens them only into WebCrypto. */
export const SEALING: KeyUse = { algorithm: VAULT_KEY_ALGORITHM, usages: ['encrypt', 'unwrapKey'] };

/**
 * Unwraps the vault key for this context. Rejects with an OperationError if the wrapping key is wrong or anything is
 * damaged.
 */
export type VaultOpener = (use: KeyUse) => Promise<CryptoKey>;

/**
 * @param wrapping an AES-GCM key that may unwrap
 * @param context purpose of the wrapping, bound as associated data
 */
export function vaultOpener(wrapping: CryptoKey, wrapped: Sealed, context: string): VaultOpener {
  return (use) => openKey(wrapping, wrapped, context, use);
}

/** Opens an entry that needs no secret of the customer. */
export function deviceOpener({ deviceKey, wrapped }: Extract<Keyring, { method: 'device' }>): VaultOpener {
  return vaultOpener(deviceKey, wrapped, DEVICE_CONTEXT);
}
