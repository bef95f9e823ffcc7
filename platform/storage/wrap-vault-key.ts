import { NONCE_BYTES, type RandomBytes, type Sealed } from '../../core/vault/seal.ts';
import { aesGcm } from './keyring.ts';

/** Wraps the vault key, without any script holding its bytes. */
export async function wrapVaultKey(
  vaultKey: CryptoKey,
  wrapping: CryptoKey,
  randomBytes: RandomBytes,
  context = '',
): Promise<Sealed> {
  const iv = randomBytes(NONCE_BYTES);
  const body = await crypto.subtle.wrapKey('raw', vaultKey, wrapping, aesGcm(iv, context));
  return new Uint8Array([...iv, ...new Uint8Array(body)]);
}
