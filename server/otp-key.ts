import { createDecipheriv, createHmac, createSecretKey, hkdfSync, KeyObject } from 'node:crypto';
import { KEY_BYTES, type SynchronousKey } from '../core/otp/key.ts';
import type { OtpParameters } from '../core/otp/totp.ts';
import { CONFIRMATION_KEY_INFO } from '../core/transaction/code.ts';
import { NONCE_BYTES, type Sealed } from '../core/vault/sealed.ts';
import type { MasterKey } from './master-key.ts';

const TAG_BYTES = 16;

/**
 * Opens a token's OTP key, which core/vault/seal.ts sealed, with synchronous cryptography: WebCrypto would hand the work to
 * the thread pool, which costs a verification more than the cryptography itself.
 * @throws Error if the key, the context or any bit differs
 */
export function openOtpKey(
  masterKey: MasterKey,
  sealed: Sealed,
  context: string,
  { algorithm }: Pick<OtpParameters, 'algorithm'>,
): SynchronousKey {
  return keyFor(algorithm.replace('-', '').toLowerCase(), openBytes(masterKey, sealed, context));
}

/** Opens the key for a token's confirmation codes, derived as core/transaction/code.ts does. */
export function openConfirmationKey(masterKey: MasterKey, sealed: Sealed, context: string): SynchronousKey {
  const loginKey = openBytes(masterKey, sealed, context);
  return keyFor('sha256', new Uint8Array(hkdfSync('sha256', loginKey, '', CONFIRMATION_KEY_INFO, KEY_BYTES)));
}

/** A key for HMACs, as a key object: bytes would take seven times as long for each use. */
function keyFor(hash: string, bytes: Uint8Array): SynchronousKey {
  const key = createSecretKey(bytes);
  return { bits: bytes.length * 8, hmac: (message) => createHmac(hash, key).update(message).digest() };
}

/** Key objects of keys, as making one takes time. */
const keyObjects = new WeakMap<CryptoKey, KeyObject>();

function keyObjectOf(key: CryptoKey): KeyObject {
  const made = keyObjects.get(key) ?? KeyObject.from(key);
  keyObjects.set(key, made);
  return made;
}

function openBytes(masterKey: MasterKey, sealed: Sealed, context: string): Uint8Array {
  let failure: unknown;
  for (const key of masterKey.opening) {
    try {
      return openBy(key, sealed, context);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function openBy(key: CryptoKey, sealed: Sealed, context: string): Uint8Array {
  const tagAt = sealed.length - TAG_BYTES;
  const cipher = createDecipheriv('aes-256-gcm', keyObjectOf(key), sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(Buffer.from(context));
  cipher.setAuthTag(sealed.subarray(tagAt));
  return Buffer.concat([cipher.update(sealed.subarray(NONCE_BYTES, tagAt)), cipher.final()]);
}
