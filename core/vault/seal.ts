import { aesGcm, type KeyFormat, NONCE_BYTES, parted, type Sealed } from './sealed.ts';

/** Returns `length` bytes from a cryptographically secure generator. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>;

/**
 * Seals bytes so that only the same key and the same context open them.
 * @param context owner of the bytes, bound as associated data, so that a sealed value does not open elsewhere
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
 * @throws DOMException OperationError if the key, the context or any bit differs
 */
export async function open(
  key: CryptoKey,
  sealed: Sealed,
  context: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { nonce, body } = parted(sealed);
  return new Uint8Array(await crypto.subtle.decrypt(aesGcm(nonce, context), key, body));
}

/** Seals an extractable key like {@link seal}, without exposing its bytes to any script. */
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

const joined = (nonce: Uint8Array, body: ArrayBuffer): Sealed =>
  new Uint8Array([...nonce, ...new Uint8Array(body)]);
