import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCommon, MAX_PIN, MIN_PIN, normalisePin, pinProblem } from '../../../../core/vault/pin.ts';

const OWN = ['123904785612', '739016482', '10112235'];
const digits = fc.stringMatching(/^[0-9]{6,12}$/);

describe('N7: a PIN', () => {
  test.each(['295173', '806417', 'k7m2qa', 'tsubame7', '4821937064', 'HANA9ko3'])('may be %s', (pin) => {
    expect(pinProblem(pin, OWN)).toBeUndefined();
  });

  test.each([
    ['', 'empty'],
    ['29517', 'short'],
    ['２９５１', 'characters'],
    ['295 173', 'characters'],
    ['わりふ295173', 'characters'],
    ['295173\u200b', 'characters'],
    [`${'295173'.repeat(10)}29517`, 'long'],
  ] as const)('may not be %j: %s', (pin, problem) => {
    expect(pinProblem(pin, OWN)).toBe(problem);
  });

  test.each(
    `123456 111111 000000 654321 234567 890123 987654 121212 123123 112233 332211 112211 100000 20262026 199004
    19900412 900412 041290 04121990 010203 147258 abcdef zyxwvu abcabc 123abc abc321 password PASSWORD Passw0rd qwerty
    aabbcc 1q2w3e 12345678 1234567890 314159`.split(/\s+/),
  )('on the blocklist: %s', (pin) => {
    expect(pinProblem(pin, [])).toBe('common');
  });

  test("is not a number of the customer's token, nor part of one, nor around one", () => {
    expect(pinProblem('904785', OWN)).toBe('own');
    expect(pinProblem('739016482', OWN)).toBe('own');
    expect(pinProblem('x739016482', OWN)).toBe('own');
    expect(pinProblem('739016', ['', '739018'])).toBeUndefined();
  });

  test('is the same PIN however wide it is typed', () => {
    expect(normalisePin(' ２９５１７３ ')).toBe('295173');
    expect(normalisePin('Ｋ７ｍ２ｑａ')).toBe('K7m2qa');
    fc.assert(
      fc.property(fc.string(), (typed) => {
        expect(normalisePin(normalisePin(typed))).toBe(normalisePin(typed));
      }),
    );
  });

  test('taken has only digits and letters, is long enough, and is nothing repeated', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (pin) => {
        if (pinProblem(pin, []) !== undefined) return;
        expect(pin).toMatch(new RegExp(`^[0-9A-Za-z]{${MIN_PIN},${MAX_PIN}}$`));
        expect(new Set(pin).size).toBeGreaterThan(2);
      }),
    );
  });

  test('made of one part over and over is common, whatever the part', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-z]{1,6}$/), fc.integer({ min: 2, max: 6 }), (part, times) => {
        expect(isCommon(part.repeat(times))).toBe(true);
      }),
    );
  });

  test('in a row is common wherever it begins, up and down', () => {
    fc.assert(
      fc.property(
        fc.nat(9),
        fc.integer({ min: 6, max: 10 }),
        fc.constantFrom(1, -1),
        (from, length, step) => {
          const row = Array.from({ length }, (_, index) => (((from + index * step) % 10) + 10) % 10).join('');
          expect(isCommon(row)).toBe(true);
        },
      ),
    );
  });

  test('of random digits is seldom refused', () => {
    const refused = fc.sample(digits, 5000).filter(isCommon).length;
    expect(refused / 5000).toBeLessThan(0.2);
  });
});
