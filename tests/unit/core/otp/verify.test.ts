import { describe, expect, test } from 'vitest';
import { codeAt, type OtpParameters } from '../../../../core/otp/totp.ts';
import { judge, MAX_DRIFT_STEPS, type VerifierState } from '../../../../core/otp/verify.ts';

const ANSER: OtpParameters = { algorithm: 'SHA-256', digits: 8, period: 60 };
const key = new Uint8Array(32).fill(7);
const NOW = 1_795_249_200_000;
const STEP = NOW / 60_000;
const codeOf = (step: number) => codeAt(key, ANSER, step * 60_000);
const unused: VerifierState = { lastStep: 0, drift: 0 };

describe('a code', () => {
  test('N9: of this step or one either side is fresh; two away is wrong', () => {
    for (const offset of [-1, 0, 1]) {
      expect(judge(key, ANSER, codeOf(STEP + offset), NOW, unused)).toEqual({
        kind: 'fresh',
        step: STEP + offset,
        drift: offset,
      });
    }
    expect(judge(key, ANSER, codeOf(STEP - 2), NOW, unused).kind).toBe('wrong');
    expect(judge(key, ANSER, codeOf(STEP + 2), NOW, unused).kind).toBe('wrong');
  });

  test('N3: of a step spent already, or before it, is spent', () => {
    const state = { lastStep: STEP, drift: 0 };
    expect(judge(key, ANSER, codeOf(STEP), NOW, state).kind).toBe('spent');
    expect(judge(key, ANSER, codeOf(STEP - 1), NOW, state).kind).toBe('spent');
    expect(judge(key, ANSER, codeOf(STEP + 1), NOW, state).kind).toBe('fresh');
  });
});

describe('T3: drift', () => {
  /** A token whose clock runs off by a step every `loginsPerStep` logins, one login every ten minutes. */
  function followDrift(direction: 1 | -1, steps: number): { state: VerifierState; refused: number } {
    let state = unused;
    let refused = 0;
    for (let login = 0; login < steps * 3; login += 1) {
      const now = NOW + login * 600_000;
      const shown = now / 60_000 + direction * Math.floor(login / 3);
      const judgement = judge(key, ANSER, codeOf(shown), now, state);
      if (judgement.kind === 'fresh') state = { lastStep: judgement.step, drift: judgement.drift };
      else refused += 1;
    }
    return { state, refused };
  }

  test.each([1, -1] as const)('is followed step by step up to the cap (%i)', (direction) => {
    const { state, refused } = followDrift(direction, MAX_DRIFT_STEPS);
    expect(refused).toBe(0);
    expect(Math.abs(state.drift)).toBe(MAX_DRIFT_STEPS - 1);
  });

  test.each([1, -1] as const)('beyond the cap the token is refused, not followed (%i)', (direction) => {
    const { state, refused } = followDrift(direction, MAX_DRIFT_STEPS + 6);
    expect(refused).toBeGreaterThan(0);
    expect(Math.abs(state.drift)).toBeLessThanOrEqual(MAX_DRIFT_STEPS);
  });

  test('moves the window and never widens it', () => {
    const state = { lastStep: 0, drift: 3 };
    const accepted = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6].filter(
      (offset) => judge(key, ANSER, codeOf(STEP + offset), NOW, state).kind === 'fresh',
    );
    expect(accepted).toEqual([2, 3, 4]);
  });
});
