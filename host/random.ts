import { randomFillSync } from 'node:crypto';
import type { RandomBytes } from '../core/vault/seal.ts';

export const systemRandomBytes: RandomBytes = (length) => randomFillSync(new Uint8Array(length));

/** An id of 128 random bits (ASVS A11), base64url. */
export const randomId = (randomBytes: RandomBytes): string =>
  Buffer.from(randomBytes(16)).toString('base64url');

/** `length` random decimal digits, all equally likely; the first is not zero. */
export function randomDigits(randomBytes: RandomBytes, length: number): string {
  let digits = '';
  while (digits.length < length) {
    for (const byte of randomBytes(length)) {
      // 250 is the largest multiple of ten in a byte; higher values would favour low digits.
      if (byte < 250 && !(digits === '' && byte % 10 === 0)) digits += byte % 10;
    }
  }
  return digits.slice(0, length);
}
