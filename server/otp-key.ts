import { createDecipheriv, createHmac, KeyObject } from 'node:crypto';
import type { SynchronousKey } from '../core/otp/key.ts';
import type { OtpParameters } from '../core/otp/totp.ts';
import { NONCE_BYTES, type Sealed } from '../core/vault/seal.ts';

const TAG_BYTES = 16;

/**
 * Opens a token's OTP key, sealed as core/vault/seal.ts does, for use at once: in a verification, WebCrypto's trips to
 * the thread pool would cost more than all its cryptography.
 * @throws Error when the key, the context or any bit differs
 */
export function openOtpKey(
  masterKey: CryptoKey,
  sealed: Sealed,
  context: string,
  { algorithm }: OtpParameters,
): SynchronousKey {
  const tagAt = sealed.length - TAG_BYTES;
  const cipher = createDecipheriv('aes-256-gcm', KeyObject.from(masterKey), sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(Buffer.from(context));
  cipher.setAuthTag(sealed.subarray(tagAt));
  const key = Buffer.concat([cipher.update(sealed.subarray(NONCE_BYTES, tagAt)), cipher.final()]);
  const hash = algorithm.replace('-', '').toLowerCase();
  return { bits: key.length * 8, hmac: (message) => createHmac(hash, key).update(message).digest() };
}
