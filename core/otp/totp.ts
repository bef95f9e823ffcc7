import { TOTP } from 'otpauth/bare';
import { HELD_ELSEWHERE, hashName, hmacFor } from './factor.ts';
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
export async function codeAt(key: OtpKey, parameters: OtpParameters, timeMs: number): Promise<string> {
  const totp = await totpFor(key, parameters, [stepAt(timeMs, parameters)]);
  return totp.generate({ timestamp: timeMs });
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
  const timestamp = centre * parameters.period * 1000;
  // Nearly every code is the expected one: the neighbours are made only for the others.
  const expected = await totpFor(key, parameters, [centre]);
  if (expected.validate({ token: code, timestamp, window: 0 }) === 0) return centre;
  const steps = Array.from({ length: 2 * window + 1 }, (_, place) => centre - window + place);
  const around = await totpFor(key, parameters, steps);
  const delta = around.validate({ token: code, timestamp, window });
  return delta === null ? undefined : centre + delta;
}

/** The library's generator with the HMACs of some steps. */
async function totpFor(key: OtpKey, parameters: OtpParameters, steps: readonly number[]): Promise<TOTP> {
  const { algorithm, digits, period } = parameters;
  const hmac = await hmacFor(key, steps);
  return new TOTP({ secret: HELD_ELSEWHERE, algorithm: hashName(algorithm), digits, period, hmac });
}
