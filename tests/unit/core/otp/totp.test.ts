import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseDigits } from '../../../../core/otp/code.ts';
import {
  codeAt,
  importKey,
  matchingStep,
  type OtpParameters,
  remainingMs,
  stepAt,
} from '../../../../core/otp/totp.ts';
import vectors from '../../../vectors/totp-vectors.json' with { type: 'json' };

const ANSER: OtpParameters = { algorithm: 'SHA-256', digits: 8, period: 60 };
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const key = fc.uint8Array({ minLength: 14, maxLength: 64 });
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

describe('published vectors', () => {
  /** `SHA256` in the vectors is `SHA-256` here. */
  const named = (algorithm: string) => algorithm.replace('SHA', 'SHA-') as OtpParameters['algorithm'];

  test.each(vectors.rfc6238AppendixB)('RFC 6238 Appendix B: $algorithm at $time', async (vector) => {
    const parameters: OtpParameters = { algorithm: named(vector.algorithm), digits: 8, period: 30 };
    const held = await importKey(bytes(vector.keyHex), parameters);
    expect(await codeAt(held, parameters, vector.time * 1000)).toBe(vector.expected);
    expect(stepAt(vector.time * 1000, parameters)).toBe(Number.parseInt(vector.T, 16));
  });

  test('RFC 4226 Appendix D: counters 0 to 9', async () => {
    const { keyHex, values } = vectors.rfc4226AppendixD;
    const sixDigits: OtpParameters = { algorithm: 'SHA-1', digits: 6, period: 30 };
    const held = await importKey(bytes(keyHex), sixDigits);
    for (const { counter, expected } of values) {
      expect(await codeAt(held, sixDigits, counter * 30_000)).toBe(expected);
    }
  });

  test.each(vectors.productProfile)(
    'product profile: $algorithm, $digits digits, $step s at $time',
    async (vector) => {
      const parameters = {
        algorithm: named(vector.algorithm),
        digits: vector.digits,
        period: vector.step,
      } as OtpParameters;
      const held = await importKey(bytes(vector.keyHex), parameters);
      expect(await codeAt(held, parameters, vector.time * 1000)).toBe(vector.expected);
    },
  );
});

describe('properties', () => {
  test('a code is the same during its whole step and only digits', async () => {
    await fc.assert(
      fc.asyncProperty(key, time, fc.integer({ min: 0, max: 59_999 }), async (secret, at, within) => {
        const held = await importKey(new Uint8Array(secret), ANSER);
        const start = Math.floor(at / 60_000) * 60_000;
        const code = await codeAt(held, ANSER, start + within);
        expect(code).toBe(await codeAt(held, ANSER, start));
        expect(code).toMatch(/^[0-9]{8}$/);
      }),
    );
  });

  test('remaining time ends exactly where the next step starts', async () => {
    await fc.assert(
      fc.property(time, (at) => {
        const remaining = remainingMs(at, ANSER);
        expect(remaining).toBeGreaterThan(0);
        expect(remaining).toBeLessThanOrEqual(60_000);
        expect(stepAt(at + remaining, ANSER)).toBe(stepAt(at, ANSER) + 1);
        expect(stepAt(at + remaining - 1, ANSER)).toBe(stepAt(at, ANSER));
      }),
    );
  });

  test('N9: the steps either side of the centre match, two away does not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 10, max: 1e7 }),
        async (secret, centre) => {
          const held = await importKey(new Uint8Array(secret), ANSER);
          const at = (step: number) => codeAt(held, ANSER, step * 60_000);
          const window = await Promise.all([at(centre - 1), at(centre), at(centre + 1)]);
          fc.pre(new Set(window).size === 3);
          for (const offset of [-1, 0, 1]) {
            expect(await matchingStep(held, ANSER, await at(centre + offset), centre, 1)).toBe(
              centre + offset,
            );
          }
          for (const offset of [-2, 2]) {
            const code = await at(centre + offset);
            fc.pre(!window.includes(code));
            expect(await matchingStep(held, ANSER, code, centre, 1)).toBeUndefined();
          }
        },
      ),
    );
  });
});

test('N1: a key under 112 bits is refused', async () => {
  const short = await importKey(new Uint8Array(13), ANSER);
  await expect(codeAt(short, ANSER, 0)).rejects.toThrow(RangeError);
  expect(await codeAt(await importKey(new Uint8Array(14), ANSER), ANSER, 0)).toHaveLength(8);
});

test('a key that signs at once makes the same codes as one in WebCrypto', async () => {
  const secret = new Uint8Array(32).fill(9);
  const hmac = (message: Uint8Array) => createHmac('sha256', secret).update(message).digest();
  const held = await importKey(secret, ANSER);
  for (const at of [0, 59_999, 60_000, 1_795_249_232_000]) {
    expect(await codeAt({ bits: 256, hmac }, ANSER, at)).toBe(await codeAt(held, ANSER, at));
  }
  await expect(codeAt({ bits: 104, hmac }, ANSER, 0)).rejects.toThrow(RangeError);
});

test('what people type becomes plain digits', () => {
  expect(normaliseDigits('１７８３　０８１６')).toBe('17830816');
  expect(normaliseDigits(' 1783-0816\n')).toBe('17830816');
  expect(normaliseDigits('１７８３ー０８１６')).toBe('17830816');
  expect(normaliseDigits('1783a')).toBe('1783a');
});
