import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { Secret, TOTP } from 'otpauth/bare';

/** How an institution's codes are made. `period` is in seconds. */
export interface OtpParameters {
  readonly algorithm: 'SHA-1' | 'SHA-256' | 'SHA-512';
  readonly digits: 6 | 8;
  readonly period: 30 | 60;
}

/** The shortest key accepted, in bytes: 112 bits (NIST SP 800-63B-4 §3.1.4). */
export const MINIMUM_KEY_BYTES = 14;

/** The length of the keys we make, in bytes. */
export const KEY_BYTES = 32;

const HASHES = { 'SHA-1': sha1, 'SHA-256': sha256, 'SHA-512': sha512 };

/**
 * The one-time password for a moment.
 * @param key shared secret, at least {@link MINIMUM_KEY_BYTES} bytes
 * @param timeMs Unix time in milliseconds
 * @returns exactly `digits` decimal digits
 * @throws RangeError when the key is too short
 * @see RFC 6238 §4.2, RFC 4226 §5.3
 */
export function codeAt(key: Uint8Array, parameters: OtpParameters, timeMs: number): string {
  return totp(key, parameters).generate({ timestamp: timeMs });
}

/** The time step a moment lies in, counted from the Unix epoch (RFC 6238 §4.2, T0 = 0). */
export function stepAt(timeMs: number, { period }: OtpParameters): number {
  return Math.floor(timeMs / (period * 1000));
}

/** Milliseconds from `timeMs` until the next code: above 0, at most the period. */
export function remainingMs(timeMs: number, { period }: OtpParameters): number {
  const periodMs = period * 1000;
  return periodMs - (((timeMs % periodMs) + periodMs) % periodMs);
}

/**
 * Finds the step whose code was presented, comparing in constant time.
 * @param centre the step expected; one step either side is searched as well (RFC 6238 §5.2)
 * @returns the matching step, or undefined
 */
export function matchingStep(
  key: Uint8Array,
  parameters: OtpParameters,
  code: string,
  centre: number,
): number | undefined {
  const timestamp = centre * parameters.period * 1000;
  const delta = totp(key, parameters).validate({ token: code, timestamp, window: 1 });
  return delta === null ? undefined : centre + delta;
}

function totp(key: Uint8Array, { algorithm, digits, period }: OtpParameters): TOTP {
  if (key.length < MINIMUM_KEY_BYTES) {
    throw new RangeError(`OTP key of ${key.length} bytes: at least ${MINIMUM_KEY_BYTES} are needed`);
  }
  return new TOTP({
    secret: new Secret({ buffer: key.slice().buffer }),
    algorithm: algorithm.replace('-', ''),
    digits,
    period,
    hmac: (_name, secret, message) => hmac(HASHES[algorithm], secret, message),
  });
}
