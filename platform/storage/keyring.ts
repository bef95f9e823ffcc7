import { NONCE_BYTES, type Sealed } from '../../core/vault/seal.ts';
import type { Keyring } from './database.ts';

export const VAULT_KEY_ALGORITHM = { name: 'AES-GCM', length: 256 } as const;

/** What the vault key is unwrapped for. */
export interface VaultUse {
  readonly algorithm: AlgorithmIdentifier | AesKeyAlgorithm;
  readonly usages: KeyUsage[];
  /** Only to be wrapped again. */
  readonly extractable?: boolean;
}

/** Seals OTP keys, and opens them into WebCrypto: nothing to a script. */
export const SEALING: VaultUse = { algorithm: VAULT_KEY_ALGORITHM, usages: ['encrypt', 'unwrapKey'] };

/**
 * Unwraps the vault key, for this context alone. Rejects with an OperationError where the key it is wrapped under is not
 * the right one, or anything is damaged.
 */
export type VaultOpener = (use: VaultUse) => Promise<CryptoKey>;

/**
 * @param wrapping an AES-GCM key that may unwrap
 * @param context what it was wrapped for, bound as associated data
 */
export function vaultOpener(wrapping: CryptoKey, wrapped: Sealed, context = ''): VaultOpener {
  const iv = wrapped.subarray(0, NONCE_BYTES);
  const body = wrapped.subarray(NONCE_BYTES);
  return ({ algorithm, usages, extractable = false }) =>
    crypto.subtle.unwrapKey('raw', body, wrapping, aesGcm(iv, context), algorithm, extractable, usages);
}

/** Opens an entry that needs nothing of the customer. */
export function deviceOpener({ deviceKey, wrapped }: Extract<Keyring, { method: 'device' }>): VaultOpener {
  return vaultOpener(deviceKey, wrapped);
}

/** How the vault key is wrapped. */
export function aesGcm(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(context) };
}
