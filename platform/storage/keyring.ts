import { type KeyUse, openKey, type Sealed } from '../../core/vault/sealed.ts';
import type { Keyring } from './database.ts';

export const VAULT_KEY_ALGORITHM = { name: 'AES-GCM', length: 256 } as const;

/** What a vault key is wrapped for that needs nothing of the customer. */
export const DEVICE_CONTEXT = '';

/** Seals OTP keys, and opens them into WebCrypto: nothing to a script. */
export const SEALING: KeyUse = { algorithm: VAULT_KEY_ALGORITHM, usages: ['encrypt', 'unwrapKey'] };

/**
 * Unwraps the vault key, for this context alone. Rejects with an OperationError where the key it is wrapped under is not
 * the right one, or anything is damaged.
 */
export type VaultOpener = (use: KeyUse) => Promise<CryptoKey>;

/**
 * @param wrapping an AES-GCM key that may unwrap
 * @param context what it was wrapped for, bound as associated data
 */
export function vaultOpener(wrapping: CryptoKey, wrapped: Sealed, context: string): VaultOpener {
  return (use) => openKey(wrapping, wrapped, context, use);
}

/** Opens an entry that needs nothing of the customer. */
export function deviceOpener({ deviceKey, wrapped }: Extract<Keyring, { method: 'device' }>): VaultOpener {
  return vaultOpener(deviceKey, wrapped, DEVICE_CONTEXT);
}
