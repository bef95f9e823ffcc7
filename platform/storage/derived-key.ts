import { VAULT_KEY_ALGORITHM, type VaultOpener } from './keyring.ts';

/** What a key derived from the vault key is for. Each separates it from all others (RFC 5869 §3.2). */
export type DerivedKeyUse = 'warifu decision history v1' | 'warifu peers v1';

/**
 * HKDF-SHA-256 (RFC 5869) of the vault key. Scripts can read what it opens, so it must not be the vault key, which opens OTP keys
 * only into WebCrypto.
 */
export async function openDerivedKey(opener: VaultOpener, use: DerivedKeyUse): Promise<CryptoKey> {
  const info = new TextEncoder().encode(use);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    await opener({ algorithm: 'HKDF', usages: ['deriveKey'] }),
    VAULT_KEY_ALGORITHM,
    false,
    ['encrypt', 'decrypt'],
  );
}
