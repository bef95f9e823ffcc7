import { type RandomBytes, sealKey } from './seal.ts';
import { type KeyUse, openKey, type Sealed } from './sealed.ts';

/** A key pair whose private half is sealed: PKCS #8 (RFC 5958) under AES-256-GCM. */
export interface SealedKeyPair {
  readonly publicKey: CryptoKey;
  readonly sealed: Sealed;
}

/** Algorithm and uses of an opened pair. */
export interface KeyPairUse extends KeyUse {
  readonly algorithm: EcKeyImportParams;
}

/**
 * Seals an extractable private key without exposing its bytes to any script.
 * @param context owner and purpose of the pair, bound as associated data
 */
export async function sealKeyPair(
  key: CryptoKey,
  { publicKey, privateKey }: CryptoKeyPair,
  context: string,
  randomBytes: RandomBytes,
): Promise<SealedKeyPair> {
  return { publicKey, sealed: await sealKey(key, privateKey, 'pkcs8', context, randomBytes) };
}

/**
 * Opens what {@link sealKeyPair} made, directly into WebCrypto.
 * @throws DOMException OperationError if the key, the context or any bit differs
 */
export async function openKeyPair(
  key: CryptoKey,
  { publicKey, sealed }: SealedKeyPair,
  context: string,
  use: KeyPairUse,
): Promise<CryptoKeyPair> {
  return { publicKey, privateKey: await openKey(key, sealed, context, use, 'pkcs8') };
}
