import { Secret, TOTP } from 'otpauth/bare';
import { hmacOf, type OtpKey } from './key.ts';

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

/**
 * The library's generator with the HMACs of some steps made beforehand, by the key: in WebCrypto, asynchronously, so that
 * its bytes are never in reach of a script. Counting, truncation and comparison are the library's.
 */
async function totpFor(key: OtpKey, parameters: OtpParameters, steps: readonly number[]): Promise<TOTP> {
  const digests = new Map(
    await Promise.all(
      steps.map(async (step) => {
        return [step, await hmacOf(key, movingFactor(step))] as const;
      }),
    ),
  );
  const hmac = (_algorithm: string, _key: Uint8Array, message: Uint8Array) => {
    const digest = digests.get(stepOf(message));
    if (digest === undefined) throw new RangeError('a step outside the window was asked for');
    return digest;
  };
  const { algorithm, digits, period } = parameters;
  return new TOTP({ secret: HELD_ELSEWHERE, algorithm: algorithm.replace('-', ''), digits, period, hmac });
}

/** The library wants a secret of its own; ours never gets there. */
const HELD_ELSEWHERE = new Secret({ buffer: new ArrayBuffer(0) });

/** A step as HMAC input: 8 bytes, big-endian (RFC 4226 §5.1). */
function movingFactor(step: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(step));
  return bytes;
}

function stepOf(message: Uint8Array): number {
  return Number(new DataView(message.buffer, message.byteOffset, 8).getBigUint64(0));
}
