import { codeOf, factorsOf } from './factor.ts';
import type { OtpKey } from './key.ts';

/** How an institution's codes are made. `period` is in seconds. */
export interface OtpParameters {
  readonly algorithm: 'SHA-1' | 'SHA-256' | 'SHA-512';
  readonly digits: 6 | 8;
  readonly period: 30 | 60;
}

/** What WebCrypto must know to hold an OTP key for these parameters. */
export function keyAlgorithm({ algorithm }: OtpParameters): HmacImportParams {
  return { name: 'HMAC', hash: algorithm };
}

/** Hands an OTP key to WebCrypto, which will use it and not give it back. */
export function importKey(bytes: Uint8Array<ArrayBuffer>, parameters: OtpParameters): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, keyAlgorithm(parameters), false, ['sign']);
}

/**
 * The one-time password for a moment.
 * @param key from {@link importKey}, at least 112 bits long
 * @param timeMs Unix time in milliseconds
 * @returns exactly `digits` decimal digits
 * @throws RangeError when the key is too short
 * @see RFC 6238 §4.2, RFC 4226 §5.3
 */
export function codeAt(key: OtpKey, parameters: OtpParameters, timeMs: number): Promise<string> {
  return codeOf(key, parameters, stepAt(timeMs, parameters));
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
 * @param centre the step expected
 * @param window how many steps either side are searched as well (RFC 6238 §5.2)
 * @returns the matching step, or undefined
 */
export async function matchingStep(
  key: OtpKey,
  parameters: OtpParameters,
  code: string,
  centre: number,
  window: number,
): Promise<number | undefined> {
  // Nearly every code is the expected one: the neighbours are made only for the others.
  const [expected] = await factorsOf(key, parameters, code, [centre]);
  if (expected !== undefined) return expected;
  const distances = Array.from({ length: window }, (_, place) => place + 1);
  const nearestFirst = distances.flatMap((distance) => [centre - distance, centre + distance]);
  return (await factorsOf(key, parameters, code, nearestFirst))[0];
}
