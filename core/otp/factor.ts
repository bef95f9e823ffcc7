import { Secret } from 'otpauth/bare';
import { hmacOf, type OtpKey } from './key.ts';

/** The library wants a secret of its own; ours never gets there. */
export const HELD_ELSEWHERE = new Secret({ buffer: new ArrayBuffer(0) });

/** The library's name of a hash. */
export const hashName = (algorithm: string) => algorithm.replace('-', '');

/**
 * The library's HMAC for some moving factors (steps or counts), made beforehand by the key: in WebCrypto, asynchronously, so
 * that its bytes are never in reach of a script. Counting, truncation and comparison are the library's.
 * @throws RangeError when the key is too short
 */
export async function hmacFor(key: OtpKey, factors: readonly number[]) {
  const digests = new Map(
    await Promise.all(
      factors.map(async (factor) => {
        return [factor, await hmacOf(key, messageOf(factor))] as const;
      }),
    ),
  );
  return (_algorithm: string, _key: Uint8Array, message: Uint8Array): Uint8Array => {
    const digest = digests.get(factorOf(message));
    if (digest === undefined) throw new RangeError('a factor outside the window was asked for');
    return digest;
  };
}

/** A factor as HMAC input: 8 bytes, big-endian (RFC 4226 §5.1). */
function messageOf(factor: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(factor));
  return bytes;
}

function factorOf(message: Uint8Array): number {
  return Number(new DataView(message.buffer, message.byteOffset, 8).getBigUint64(0));
}
