import type { RandomBytes } from '../vault/seal.ts';

/** Digits and capitals but for 0, 1, I, L and O, which people take for each other. 31 of them, a prime. */
const CHARACTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const COUNT = CHARACTERS.length;

/** The random ones: about 10^13 serial numbers. One more checks them. */
const RANDOM = 9;

/**
 * シリアル番号 as a person types it, brought to the form it is kept in: half-width capitals, without the spaces and hyphens that
 * people put between groups. Look-alikes stay what they are, for hardware tokens have alphabets of their own.
 */
export function normaliseSerial(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\u2010-\u2015\u2212ー_-]/g, '');
}

/** A シリアル番号 for a token that a customer makes: 10 characters, of which the last is a check character. */
export function newSerial(randomBytes: RandomBytes): string {
  let random = '';
  while (random.length < RANDOM) {
    for (const byte of randomBytes(RANDOM)) {
      // 248 is the largest multiple of 31 in a byte: the rest would favour the first characters.
      if (byte < 248 && random.length < RANDOM) random += CHARACTERS[byte % COUNT];
    }
  }
  return random + checkCharacter(random);
}

/**
 * Whether a text is one that {@link newSerial} may have made. Any one character typed wrong, and any two that changed places,
 * make it none: the count of characters is a prime, and no two places weigh the same.
 */
export function isMadeSerial(serial: string): boolean {
  const random = serial.slice(0, RANDOM);
  return (
    serial.length === RANDOM + 1 &&
    [...serial].every((character) => CHARACTERS.includes(character)) &&
    serial.endsWith(checkCharacter(random))
  );
}

/** The character that brings the weighted sum to a multiple of 31; its own weight is 1. */
function checkCharacter(random: string): string {
  const sum = [...random].reduce(
    (total, character, at) => total + (at + 2) * CHARACTERS.indexOf(character),
    0,
  );
  return CHARACTERS.charAt((COUNT - (sum % COUNT)) % COUNT);
}
