import { aesGcm, NONCE_BYTES, type RandomBytes, type Sealed } from './seal.ts';

/** A key pair whose private half is sealed: PKCS #8 (RFC 5958) under AES-256-GCM. */
export interface SealedKeyPair {
  readonly publicKey: CryptoKey;
  readonly sealed: Sealed;
}

/** What a pair is opened for. `extractable` only to be sealed again. */
export interface KeyPairUse {
  readonly algorithm: EcKeyImportParams;
  readonly usages: KeyUsage[];
  readonly extractable?: boolean;
}

/**
 * Seals an extractable private key, without any script holding its bytes.
 * @param context what the pair belongs to and is for, bound as associated data
 */
export async function sealKeyPair(
  key: CryptoKey,
  { publicKey, privateKey }: CryptoKeyPair,
  context: string,
  randomBytes: RandomBytes,
): Promise<SealedKeyPair> {
  const nonce = randomBytes(NONCE_BYTES);
  const body = await crypto.subtle.wrapKey('pkcs8', privateKey, key, aesGcm(nonce, context));
  return { publicKey, sealed: new Uint8Array([...nonce, ...new Uint8Array(body)]) };
}

/**
 * Opens what {@link sealKeyPair} made, straight into WebCrypto.
 * @throws DOMException OperationError when the key, the context or any bit differs
 */
export async function openKeyPair(
  key: CryptoKey,
  { publicKey, sealed }: SealedKeyPair,
  context: string,
  { algorithm, usages, extractable = false }: KeyPairUse,
): Promise<CryptoKeyPair> {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const body = sealed.subarray(NONCE_BYTES);
  const unwrapping = aesGcm(nonce, context);
  const privateKey = await crypto.subtle.unwrapKey(
    'pkcs8',
    body,
    key,
    unwrapping,
    algorithm,
    extractable,
    usages,
  );
  return { publicKey, privateKey };
}
