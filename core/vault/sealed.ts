/** Bytes under AES-256-GCM: a 12-byte nonce, then ciphertext and tag (NIST SP 800-38D). */
export type Sealed = Uint8Array<ArrayBuffer>;

export const NONCE_BYTES = 12;

/** How a key's bytes are laid out: a secret key as it is, a private one as PKCS #8 (RFC 5958). */
export type KeyFormat = 'raw' | 'pkcs8';

/** What a key is opened for. `extractable` only to be sealed again. */
export interface KeyUse {
  readonly algorithm: AlgorithmIdentifier | HmacImportParams | EcKeyImportParams | AesKeyAlgorithm;
  readonly usages: KeyUsage[];
  readonly extractable?: boolean;
}

/**
 * Opens a sealed key straight into WebCrypto: no script ever holds its bytes.
 * @throws DOMException OperationError when the key, the context or any bit differs
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

/** How everything is sealed: the context is associated data. */
export function aesGcm(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(context) };
}
