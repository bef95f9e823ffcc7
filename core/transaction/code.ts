import type { OtpKey } from '../otp/key.ts';
import { digestOf } from './details.ts';
import { ocra } from './ocra.ts';

/** How a confirmation code is made: 8 digits of HMAC-SHA-256 over a SHA-256 digest (RFC 6287 §6). */
export const CONFIRMATION_SUITE = 'OCRA-1:HOTP-SHA256-8:QH64';

/** Separates the confirmation key from the login key it is derived from (RFC 5869 §3.2). */
export const CONFIRMATION_KEY_INFO = 'warifu confirmation code v1';

/** Length of a confirmation code, in digits. */
export const CONFIRMATION_DIGITS = 8;

/**
 * The key for confirmation codes: HKDF-SHA-256 (RFC 5869) of the login key, no salt, 32 bytes. A login code reveals nothing
 * about it.
 * @param loginKey the OTP key, held as an HKDF key
 */
export function confirmationKey(loginKey: CryptoKey): Promise<CryptoKey> {
  const info = new TextEncoder().encode(CONFIRMATION_KEY_INFO);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    loginKey,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  );
}

/**
 * The code for exactly these details.
 * @param key from {@link confirmationKey}
 * @param canonical the details' canonical text
 * @returns 8 decimal digits
 */
export async function confirmationCode(key: OtpKey, canonical: string): Promise<string> {
  const digest = await digestOf(canonical);
  const question = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return ocra(key, CONFIRMATION_SUITE, { question });
}
