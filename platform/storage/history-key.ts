import { VAULT_KEY_ALGORITHM, type VaultOpener } from './keyring.ts';

/** Separates the key of the history from the vault key it is derived from (RFC 5869 §3.2). */
const HISTORY_KEY_INFO = 'warifu decision history v1';

/**
 * The key of 取引認証の履歴: HKDF-SHA-256 (RFC 5869) of the vault key. Scripts can read what it opens, so it must not be the vault
 * key, which opens OTP keys only into WebCrypto.
 */
export async function openHistoryKey(opener: VaultOpener): Promise<CryptoKey> {
  const info = new TextEncoder().encode(HISTORY_KEY_INFO);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    await opener({ algorithm: 'HKDF', usages: ['deriveKey'] }),
    VAULT_KEY_ALGORITHM,
    false,
    ['encrypt', 'decrypt'],
  );
}
