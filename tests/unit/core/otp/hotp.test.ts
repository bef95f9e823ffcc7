import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../../core/institution/policy.ts';
import { codeOfCount, matchingCounts } from '../../../../core/otp/hotp.ts';
import { importKey } from '../../../../core/otp/totp.ts';
import { judgeCode, judgePair } from '../../../../core/otp/verify.ts';
import { oathtool } from '../../../oath-tools.ts';

const HOTP = { algorithm: 'SHA-1', digits: 6, period: null } as const;
const SEED = new TextEncoder().encode('12345678901234567890');
const key = await importKey(SEED, { ...HOTP, period: 30 });

/** RFC 4226, Appendix D. */
const VECTORS = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');

test('RFC 4226 Appendix D', async () => {
  expect(await Promise.all(VECTORS.map((_, count) => codeOfCount(key, HOTP, count)))).toEqual(VECTORS);
});

test('every code is the one oathtool makes', async () => {
  const secrets = fc.uint8Array({ minLength: 14, maxLength: 64 });
  await fc.assert(
    fc.asyncProperty(
      secrets,
      fc.constantFrom<6 | 8>(6, 8),
      fc.nat(2_000_000_000),
      async (bytes, digits, count) => {
        const given = new Uint8Array(bytes);
        const own = await importKey(given, { algorithm: 'SHA-1', digits, period: 30 });
        const hex = Buffer.from(given).toString('hex');
        const args = ['--hotp', `--digits=${digits}`, `--counter=${count}`, hex];
        expect(await codeOfCount(own, { digits }, count)).toBe(
          execFileSync(oathtool(), args, { encoding: 'utf8' }).trim(),
        );
      },
    ),
    { numRuns: 25 },
  );
});

describe('a counted code', () => {
  const policy = { ...DEFAULT_POLICY, lookAheadCounts: 3, resyncCounts: 8, lateSteps: 4 };
  const at = (lastStep: number) => ({ lastStep, drift: 0 });
  const judged = (count: number, lastStep: number) =>
    judgeCode(key, HOTP, VECTORS[count] ?? '', 0, at(lastStep), policy);

  test('is taken so many counts ahead, and once', async () => {
    expect(await judged(0, -1)).toEqual({ kind: 'fresh', step: 0, drift: 0 });
    expect(await judged(3, 0)).toEqual({ kind: 'fresh', step: 3, drift: 0 });
    expect((await judged(4, 0)).kind).toBe('wrong');
    expect((await judged(3, 3)).kind).toBe('spent');
  });

  test('pressed before the last one taken is spent as that is, and no guess; much older ones are forgotten', async () => {
    expect((await judged(2, 3)).kind).toBe('spent');
    expect((await judged(0, policy.lateSteps)).kind).toBe('spent');
    expect((await judged(0, policy.lateSteps + 1)).kind).toBe('wrong');
  });

  test('two in a row are found farther away; others are not', async () => {
    const pair = (one: number, next: number, lastStep = -1) =>
      judgePair(key, HOTP, [VECTORS[one] ?? '', VECTORS[next] ?? ''], 0, at(lastStep), policy);
    expect(await pair(6, 7)).toEqual({ kind: 'fresh', step: 7, drift: 0 });
    expect((await pair(7, 8)).kind).toBe('wrong');
    expect((await pair(5, 7)).kind).toBe('wrong');
    expect((await pair(7, 6)).kind).toBe('wrong');
    expect((await pair(0, 0)).kind).toBe('wrong');
    expect((await pair(2, 3, 2)).kind).toBe('fresh');
    expect((await pair(2, 3, 3)).kind).toBe('spent');
    expect((await pair(0, 1, 5)).kind).toBe('spent');
    expect((await pair(0, 1, 6)).kind).toBe('wrong');
  });
});

test('two in a row of a clock are looked for as far either side of now as its drift may go, the second of them', async () => {
  const TOTP = { ...HOTP, period: 30 } as const;
  const now = 1_000;
  const policy = { ...DEFAULT_POLICY, hardwareDriftSteps: 5, lateSteps: 3 };
  const pair = async (second: number, lastStep = 0) =>
    judgePair(
      key,
      TOTP,
      [await codeOfCount(key, TOTP, second - 1), await codeOfCount(key, TOTP, second)],
      now * 30_000,
      { lastStep, drift: 2 },
      policy,
    );
  for (const drift of [-5, 0, 5]) {
    expect(await pair(now + drift)).toEqual({ kind: 'fresh', step: now + drift, drift });
  }
  expect((await pair(now + 6)).kind).toBe('wrong');
  for (const late of [6, 8]) expect((await pair(now - late)).kind).toBe('late');
  expect((await pair(now - 9)).kind).toBe('wrong');
  expect((await pair(now - 2, now - 2)).kind).toBe('spent');
});

describe('two in a row of a clock that is far away, as its maker said', () => {
  const TOTP = { ...HOTP, period: 30 } as const;
  const now = 20_000;
  const policy = { ...DEFAULT_POLICY, hardwareDriftSteps: 5, lateSteps: 3 };
  const pair = async (second: number, drift: number, lastStep: number) =>
    judgePair(
      key,
      TOTP,
      [await codeOfCount(key, TOTP, second - 1), await codeOfCount(key, TOTP, second)],
      now * 30_000,
      { lastStep, drift },
      policy,
    );

  test.each([40, -40, 10_000])(
    '%i steps: they are looked for about there before its first code',
    async (drift) => {
      for (const more of [-5, 0, 5]) {
        const step = now + drift + more;
        expect(await pair(step, drift, -1)).toEqual({ kind: 'fresh', step, drift: drift + more });
      }
      expect((await pair(now + drift + 6, drift, -1)).kind).toBe('wrong');
      expect((await pair(now + drift - 6, drift, -1)).kind).toBe('late');
    },
  );

  test.each([40, -40])('%i steps: and about now, where its maker was wrong', async (drift) => {
    for (const truly of [-5, 0, 5]) {
      expect(await pair(now + truly, drift, -1)).toEqual({ kind: 'fresh', step: now + truly, drift: truly });
    }
    expect((await pair(now - 6, drift, -1)).kind).toBe('late');
    expect((await pair(now + 6, drift, -1)).kind).toBe('wrong');
    expect((await pair(now - 2, drift, now - 2)).kind).toBe('spent');
  });

  test('and afterwards, where they would not be found about now alone', async () => {
    expect(await pair(now + 43, 40, 100)).toEqual({ kind: 'fresh', step: now + 43, drift: 43 });
    expect((await pair(now + 43, 40, now + 43)).kind).toBe('spent');
    expect(await pair(now, 40, 100)).toEqual({ kind: 'fresh', step: now, drift: 0 });
    expect((await pair(now + 7, 5, 100)).kind).toBe('wrong');
  });
});

test('counts that match are all of those looked at', async () => {
  expect(await matchingCounts(key, HOTP, VECTORS[4] ?? '', { from: 0, to: 9 })).toEqual([4]);
  expect(await matchingCounts(key, HOTP, VECTORS[4] ?? '', { from: 5, to: 9 })).toEqual([]);
});
