import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../../core/institution/policy.ts';
import { codeAt, importKey, type OtpParameters } from '../../../../core/otp/totp.ts';
import { judge, type VerifierState } from '../../../../core/otp/verify.ts';

const ANSER: OtpParameters = { algorithm: 'SHA-256', digits: 8, period: 60 };
const key = await importKey(new Uint8Array(32).fill(7), ANSER);
const NOW = 1_795_249_200_000;
const STEP = NOW / 60_000;
const codeOf = (step: number) => codeAt(key, ANSER, step * 60_000);
const { driftSteps } = DEFAULT_POLICY;
const unused: VerifierState = { lastStep: 0, drift: 0 };

describe('a code', () => {
  test('N9: of this step or one either side is fresh; two away is none', async () => {
    for (const offset of [-1, 0, 1]) {
      expect(await judge(key, ANSER, await codeOf(STEP + offset), NOW, unused, DEFAULT_POLICY)).toEqual({
        kind: 'fresh',
        step: STEP + offset,
        drift: offset,
      });
    }
    expect((await judge(key, ANSER, await codeOf(STEP - 2), NOW, unused, DEFAULT_POLICY)).kind).toBe('late');
    expect((await judge(key, ANSER, await codeOf(STEP + 2), NOW, unused, DEFAULT_POLICY)).kind).toBe('wrong');
  });

  test.each([0, 4])('of one of the %i steps before the window is late, and no guess', async (lateSteps) => {
    const policy = { ...DEFAULT_POLICY, lateSteps };
    const state = { lastStep: 0, drift: 2 };
    const first = STEP + state.drift - policy.windowSteps;
    const kindOf = async (step: number) =>
      (await judge(key, ANSER, await codeOf(step), NOW, state, policy)).kind;
    expect(await kindOf(first)).toBe('fresh');
    for (let late = 1; late <= lateSteps; late += 1) expect(await kindOf(first - late)).toBe('late');
    expect(await kindOf(first - lateSteps - 1)).toBe('wrong');
  });

  test.each([0, 1, 2])(
    'is looked for in a window of %i steps either side, where the policy says so',
    async (windowSteps) => {
      const policy = { ...DEFAULT_POLICY, windowSteps };
      const kinds = await Promise.all(
        [-3, -2, -1, 0, 1, 2, 3].map(async (offset) => {
          return (await judge(key, ANSER, await codeOf(STEP + offset), NOW, unused, policy)).kind;
        }),
      );
      expect(kinds.filter((kind) => kind === 'fresh')).toHaveLength(2 * windowSteps + 1);
    },
  );

  test('N3: of a step spent already, or before it, is spent', async () => {
    const state = { lastStep: STEP, drift: 0 };
    expect((await judge(key, ANSER, await codeOf(STEP), NOW, state, DEFAULT_POLICY)).kind).toBe('spent');
    expect((await judge(key, ANSER, await codeOf(STEP - 1), NOW, state, DEFAULT_POLICY)).kind).toBe('spent');
    expect((await judge(key, ANSER, await codeOf(STEP + 1), NOW, state, DEFAULT_POLICY)).kind).toBe('fresh');
  });
});

test('a code taken of the fastest clock is too old for a verifier of before after twice the window and twice the drift', async () => {
  const { windowSteps } = DEFAULT_POLICY;
  const code = await codeOf(STEP + driftSteps + windowSteps);
  const before: VerifierState = { lastStep: 0, drift: -driftSteps };
  const kindAfter = async (steps: number) =>
    (await judge(key, ANSER, code, NOW + steps * 60_000, before, DEFAULT_POLICY)).kind;
  const last = 2 * windowSteps + 2 * driftSteps;
  expect(await kindAfter(last)).toBe('fresh');
  expect(await kindAfter(last + 1)).toBe('late');
});

describe('T3: drift', () => {
  /** A token whose clock runs off by a step every `loginsPerStep` logins, one login every ten minutes. */
  async function followDrift(
    direction: 1 | -1,
    steps: number,
  ): Promise<{ state: VerifierState; refused: number }> {
    let state = unused;
    let refused = 0;
    for (let login = 0; login < steps * 3; login += 1) {
      const now = NOW + login * 600_000;
      const shown = now / 60_000 + direction * Math.floor(login / 3);
      const judgement = await judge(key, ANSER, await codeOf(shown), now, state, DEFAULT_POLICY);
      if (judgement.kind === 'fresh') state = { lastStep: judgement.step, drift: judgement.drift };
      else refused += 1;
    }
    return { state, refused };
  }

  test.each([1, -1] as const)('is followed step by step up to the cap (%i)', async (direction) => {
    const { state, refused } = await followDrift(direction, driftSteps);
    expect(refused).toBe(0);
    expect(Math.abs(state.drift)).toBe(driftSteps - 1);
  });

  test.each([1, -1] as const)('beyond the cap the token is refused, not followed (%i)', async (direction) => {
    const { state, refused } = await followDrift(direction, driftSteps + 6);
    expect(refused).toBeGreaterThan(0);
    expect(Math.abs(state.drift)).toBeLessThanOrEqual(driftSteps);
  });

  test('moves the window and never widens it', async () => {
    const state = { lastStep: 0, drift: 3 };
    const accepted: number[] = [];
    for (let offset = -6; offset <= 6; offset += 1) {
      const { kind } = await judge(key, ANSER, await codeOf(STEP + offset), NOW, state, DEFAULT_POLICY);
      if (kind === 'fresh') accepted.push(offset);
    }
    expect(accepted).toEqual([2, 3, 4]);
  });
});
