import { describe, expect, test } from 'vitest';
import { isMadeSerial, newSerial, normaliseSerial } from '../../../../core/otp/serial.ts';
import { systemRandomBytes } from '../../../../host/random.ts';

const CHARACTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

describe('シリアル番号', () => {
  test('is ten characters of which none looks like another', () => {
    for (let made = 0; made < 500; made += 1) {
      const serial = newSerial(systemRandomBytes);
      expect(serial).toMatch(/^[2-9A-HJKMNP-Z]{10}$/);
      expect(isMadeSerial(serial)).toBe(true);
    }
  });

  test('each character is as likely as another', () => {
    const counts = new Map<string, number>();
    for (let made = 0; made < 4_000; made += 1) {
      for (const character of newSerial(systemRandomBytes).slice(0, 9)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(31);
    const expected = (4_000 * 9) / 31;
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected / 4);
  });

  test('bytes that would favour some are thrown away', () => {
    const bytes = [new Uint8Array(9).fill(255), Uint8Array.from([0, 30, 31, 248, 1, 2, 3, 4, 5])];
    const rest = new Uint8Array(9).fill(6);
    expect(newSerial(() => bytes.shift() ?? rest).slice(0, 9)).toBe('2Z2345678');
  });

  test('any one character typed wrong is found', () => {
    const serial = newSerial(systemRandomBytes);
    for (const [at, right] of [...serial].entries()) {
      for (const wrong of CHARACTERS) {
        const typed = serial.slice(0, at) + wrong + serial.slice(at + 1);
        expect(isMadeSerial(typed)).toBe(wrong === right);
      }
    }
  });

  test('any two characters that changed places are found', () => {
    const serial = '23456789AB';
    for (let one = 0; one < 9; one += 1) {
      for (let other = one + 1; other < 9; other += 1) {
        const swapped = [...newSerialOf(serial)];
        [swapped[one], swapped[other]] = [swapped[other] ?? '', swapped[one] ?? ''];
        expect(isMadeSerial(swapped.join(''))).toBe(false);
      }
    }
  });

  test.each([
    '',
    'O23456789A',
    '0',
    'あいうえおかきくけこ',
    '23456789a2',
    `${newSerial(systemRandomBytes)}2`,
  ])('%j is none', (text) => expect(isMadeSerial(text)).toBe(false));
});

/** The serial whose random characters are the first nine of a text. */
const newSerialOf = (text: string) =>
  newSerial(() => Uint8Array.from([...text.slice(0, 9)].map((character) => CHARACTERS.indexOf(character))));

test.each([
  ['abcde-fghjk', 'ABCDEFGHJK'],
  ['ＡＢＣＤＥ　ｆｇｈｊｋ', 'ABCDEFGHJK'],
  ['ABCDE‐FGH―JK', 'ABCDEFGHJK'],
  ['ABCDEーFGHJK', 'ABCDEFGHJK'],
  [' 0O1Il ', '0O1IL'],
  ['ABC\t12\n3', 'ABC123'],
])('%j is typed for %j', (typed, serial) => expect(normaliseSerial(typed)).toBe(serial));
