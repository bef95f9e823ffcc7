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
  return joined(nonce, await crypto.subtle.encrypt(aesGcm(nonce, context), key, plain));
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
  const { nonce, body } = parted(sealed);
  return new Uint8Array(await crypto.subtle.decrypt(aesGcm(nonce, context), key, body));
}

/** How a key's bytes are laid out: a secret key as it is, a private one as PKCS #8 (RFC 5958). */
export type KeyFormat = 'raw' | 'pkcs8';

/** What a key is opened for. `extractable` only to be sealed again. */
export interface KeyUse {
  readonly algorithm: AlgorithmIdentifier | HmacImportParams | EcKeyImportParams | AesKeyAlgorithm;
  readonly usages: KeyUsage[];
  readonly extractable?: boolean;
}

/** Seals an extractable key as {@link seal} does bytes, without any script holding them. */
export async function sealKey(
  key: CryptoKey,
  inner: CryptoKey,
  format: KeyFormat,
  context: string,
  randomBytes: RandomBytes,
): Promise<Sealed> {
  const nonce = randomBytes(NONCE_BYTES);
  return joined(nonce, await crypto.subtle.wrapKey(format, inner, key, aesGcm(nonce, context)));
}

/**
 * Opens a sealed key straight into WebCrypto: no script ever holds its bytes.
 * @throws DOMException OperationError as {@link open} does
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

const joined = (nonce: Uint8Array, body: ArrayBuffer): Sealed =>
  new Uint8Array([...nonce, ...new Uint8Array(body)]);

const parted = (sealed: Sealed) => ({
  nonce: sealed.subarray(0, NONCE_BYTES),
  body: sealed.subarray(NONCE_BYTES),
});

/** How everything is sealed: the context is associated data. */
function aesGcm(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(context) };
}
