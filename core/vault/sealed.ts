/** Bytes under AES-256-GCM: a 12-byte nonce, then ciphertext and tag (NIST SP 800-38D). */
export type Sealed = Uint8Array<ArrayBuffer>;

export const NONCE_BYTES = 12;

/** Format of a key's bytes: raw for a secret key, PKCS #8 (RFC 5958) for a private one. */
export type KeyFormat = 'raw' | 'pkcs8';

/** Uses of an opened key. `extractable` only for sealing it again. */
export interface KeyUse {
  readonly algorithm: AlgorithmIdentifier | HmacImportParams | EcKeyImportParams | AesKeyAlgorithm;
  readonly usages: KeyUsage[];
  readonly extractable?: boolean;
}

/**
 * Opens a sealed key directly into WebCrypto, without exposing its bytes to any script.
 * @throws DOMException OperationError if the key, the context or any bit differs
 */
export function openKey(
  key: CryptoKey,
  sealed: Sealed,
  context: string,
  { algorithm, usages, extractable = false }: KeyUse,
  format: KeyFormat = 'raw',
): Promise<CryptoKey> {
  const { nonce, body } = parted(sealed);
  return crypto.subtle.unwrapKey(format, body, key, aesGcm(nonce, context), algorithm, extractable, usages);
}

/** The two parts of a sealed value. */
export const parted = (sealed: Sealed) => ({
  nonce: sealed.subarray(0, NONCE_BYTES),
  body: sealed.subarray(NONCE_BYTES),
});

/** The algorithm of every seal, with the context as associated data. */
export function aesGcm(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(context) };
}
