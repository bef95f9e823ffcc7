/** Bytes under AES-256-GCM: a 12-byte nonce, then ciphertext and tag (NIST SP 800-38D). */
export type Sealed = Uint8Array<ArrayBuffer>;

export const NONCE_BYTES = 12;

/** Gives `length` bytes from a cryptographically secure generator. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>;

/**
 * Seals bytes so that only the same key and the same context open them.
 * @param context what the bytes belong to, bound as associated data: a sealed value moved elsewhere does not open
 */
export async function seal(
  key: CryptoKey,
  plain: Uint8Array<ArrayBuffer>,
  context: string,
  randomBytes: RandomBytes,
): Promise<Sealed> {
  const nonce = randomBytes(NONCE_BYTES);
  const body = await crypto.subtle.encrypt(aesGcm(nonce, context), key, plain);
  const sealed = new Uint8Array(NONCE_BYTES + body.byteLength);
  sealed.set(nonce);
  sealed.set(new Uint8Array(body), NONCE_BYTES);
  return sealed;
}

/**
 * Opens what {@link seal} made.
 * @throws DOMException OperationError when the key, the context or any bit differs
 */
export async function open(
  key: CryptoKey,
  sealed: Sealed,
  context: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const body = sealed.subarray(NONCE_BYTES);
  return new Uint8Array(await crypto.subtle.decrypt(aesGcm(nonce, context), key, body));
}

/**
 * Opens a sealed key straight into WebCrypto: no script ever holds its bytes.
 * @throws DOMException OperationError as {@link open} does
 */
export function openKey(
  key: CryptoKey,
  sealed: Sealed,
  context: string,
  use: AlgorithmIdentifier | HmacImportParams,
  usages: KeyUsage[],
): Promise<CryptoKey> {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const body = sealed.subarray(NONCE_BYTES);
  return crypto.subtle.unwrapKey('raw', body, key, aesGcm(nonce, context), use, false, usages);
}

/** How everything is sealed: the context is associated data. */
export function aesGcm(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(context) };
}
