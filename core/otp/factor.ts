import { HOTP, Secret } from 'otpauth/bare';
import { hmacOf, type OtpKey } from './key.ts';

/** How codes are made of a factor, which is a time step (RFC 6238 §4.2) or a count (RFC 4226 §5.1); the key has its hash. */
interface CodeLength {
  readonly digits: 6 | 8;
}

/**
 * The one-time password of a factor.
 * @returns exactly `digits` decimal digits
 * @throws RangeError when the key is too short
 * @see RFC 4226 §5.3
 */
export async function codeOf(key: OtpKey, length: CodeLength, factor: number): Promise<string> {
  return HOTP.generate(await settingsFor(key, length, factor));
}

/** Of some factors those whose code was presented, in their order; each is compared, in constant time. */
export async function factorsOf(
  key: OtpKey,
  length: CodeLength,
  token: string,
  factors: readonly number[],
): Promise<number[]> {
  const all = await Promise.all(factors.map((factor) => settingsFor(key, length, factor)));
  return all
    .filter((settings) => HOTP.validate({ ...settings, token, window: 0 }) === 0)
    .map(({ counter }) => counter);
}

/** The library wants a secret of its own; ours never gets there. */
const HELD_ELSEWHERE = new Secret({ buffer: new ArrayBuffer(0) });

/**
 * What the library is told of one factor. Its HMAC is made beforehand by the key: in WebCrypto, asynchronously, so that its bytes
 * are never in reach of a script. Truncation and comparison are the library's.
 * @throws RangeError when the key is too short
 */
async function settingsFor(key: OtpKey, { digits }: CodeLength, factor: number) {
  const digest = await hmacOf(key, messageOf(factor));
  return { secret: HELD_ELSEWHERE, digits, counter: factor, hmac: () => digest };
}

/** A factor as HMAC input: 8 bytes, big-endian (RFC 4226 §5.1). */
function messageOf(factor: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(factor));
  return bytes;
}
