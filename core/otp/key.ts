/** The shortest key accepted, in bits (NIST SP 800-63B-4 §3.1.4). */
export const MINIMUM_KEY_BITS = 112;

/** The length of the keys we make, in bytes. */
export const KEY_BYTES = 32;

/** An OTP key: in WebCrypto, where no script can read it, or anything else that makes HMACs with it at once. */
export type OtpKey = CryptoKey | SynchronousKey;

export interface SynchronousKey {
  readonly bits: number;
  /** HMAC (RFC 2104) with the parameters' hash. */
  hmac(message: Uint8Array<ArrayBuffer>): Uint8Array;
}

/**
 * HMAC (RFC 2104) of a message.
 * @throws RangeError when the key is under {@link MINIMUM_KEY_BITS}
 */
export async function hmacOf(key: OtpKey, message: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (lengthInBits(key) < MINIMUM_KEY_BITS) throw new RangeError('an OTP key under 112 bits is too short');
  return 'hmac' in key ? key.hmac(message) : new Uint8Array(await crypto.subtle.sign('HMAC', key, message));
}

function lengthInBits(key: OtpKey): number {
  if ('bits' in key) return key.bits;
  const { algorithm } = key;
  return 'length' in algorithm && typeof algorithm.length === 'number' ? algorithm.length : 0;
}
