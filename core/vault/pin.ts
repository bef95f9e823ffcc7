/** NIST SP 800-63B-4 §3.2.10: a secret that unlocks has at least six characters. */
export const MIN_PIN = 6;
export const MAX_PIN = 64;

/** common: on the blocklist, or made by an obvious rule · own: a number that is shown or mailed with the token */
export type PinProblem = 'empty' | 'short' | 'long' | 'characters' | 'common' | 'own';

/** Normalises a typed PIN: full-width digits and letters become half-width ones. */
export function normalisePin(typed: string): string {
  return typed.normalize('NFKC').trim();
}

/**
 * Why a text can be nobody's PIN, so that it need not be tried; undefined if it may be one.
 * @param pin normalised
 */
export function shapeProblem(pin: string): PinProblem | undefined {
  if (pin === '') return 'empty';
  if (!/^[0-9A-Za-z]*$/.test(pin)) return 'characters';
  if (pin.length < MIN_PIN) return 'short';
  return pin.length > MAX_PIN ? 'long' : undefined;
}

/**
 * What is wrong with a new PIN; undefined if it is acceptable.
 * @param pin normalised
 * @param own numbers of the customer's tokens, such as their ユーザID and シリアルNo
 */
export function pinProblem(pin: string, own: readonly string[]): PinProblem | undefined {
  const problem = shapeProblem(pin);
  if (problem) return problem;
  if (isCommon(pin)) return 'common';
  return own.some((number) => number !== '' && (number.includes(pin) || pin.includes(number)))
    ? 'own'
    : undefined;
}

/** Whether a PIN is easy to guess: listed, repeated, in a row, or a date. */
export function isCommon(pin: string): boolean {
  const folded = pin.toLowerCase();
  return (
    COMMON.has(folded) ||
    new Set(folded).size < 3 ||
    isRepeated(folded) ||
    isRow(folded) ||
    isRow(halved(folded)) ||
    isDate(folded)
  );
}

/** The most common leaked PINs that the rules below do not catch; digits of pi and e; rows of keyboard and phone. */
const COMMON = new Set(
  `password passw0rd pass1234 password1 password123 p4ssw0rd qwerty qwerty1 qwerty12 qwerty123 qwertyuiop qazwsx 1qazxsw2
  1qaz2wsx 1q2w3e 1q2w3e4r asdfgh asdfghjkl zxcvbn zxcvbnm abc123 abcd1234 a1b2c3 a1b2c3d4 letmein welcome monkey dragon
  iloveyou sunshine princess football baseball master admin123 login123 test1234 secret sakura doraemon pokemon nintendo
  warifu token1 otp123 147258 159357 159753 258369 147369 741852 852456 142536 789456 456123 123789 789123 147258369
  314159 3141592 31415926 271828 141421 1412136 112358 102030 010203 520520 5201314 1314520 123456a 123456q a123456
  1234561 1234qwer`
    .split(/\s+/)
    .filter(Boolean),
);

/** A part of at most half the length, repeated: 121212, abcabc, 20262026. */
function isRepeated(pin: string): boolean {
  return Array.from({ length: Math.floor(pin.length / 2) }, (_, index) => index + 1).some(
    (length) =>
      pin ===
      pin
        .slice(0, length)
        .repeat(Math.ceil(pin.length / length))
        .slice(0, pin.length),
  );
}

/** Folds doubled characters: 112233 becomes 123. Anything else stays as it is. */
function halved(pin: string): string {
  return /^(?:(.)\1)+$/.test(pin) ? pin.replace(/(.)\1/g, '$1') : pin;
}

const ROWS = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz'];

/** An ascending or descending row, with 0 before 1 and after 9; also digits and then letters, such as 123abc. */
function isRow(pin: string): boolean {
  const parts = pin.match(/[0-9]+|[a-z]+/g) ?? [];
  const inOrder = (part: string) => {
    const backwards = [...part].reverse().join('');
    return part.length > 2 && ROWS.some((row) => row.includes(part) || row.includes(backwards));
  };
  return parts.length < 3 && parts.every(inOrder);
}

/** Birthdays and years: 19900412, 900412, 199004, 04121990, 19902026. */
function isDate(pin: string): boolean {
  if (!/^(?:[0-9]{6}|[0-9]{8})$/.test(pin)) return false;
  const year = '(?:19|20)[0-9]{2}';
  const month = '(?:0[1-9]|1[0-2])';
  const day = '(?:0[1-9]|[12][0-9]|3[01])';
  return [
    `${year}${month}${day}`,
    `${month}${day}${year}`,
    `${day}${month}${year}`,
    `${year}${year}`,
    `${year}${month}`,
    `${month}${year}`,
    `[0-9]{2}${month}${day}`,
    `${month}${day}[0-9]{2}`,
    `${day}${month}[0-9]{2}`,
  ].some((shape) => new RegExp(`^${shape}$`).test(pin));
}
