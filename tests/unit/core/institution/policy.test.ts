import { describe, expect, test } from 'vitest';
import { institutionSchema } from '../../../../core/institution/directory.ts';
import { DEFAULT_POLICY, policyOf } from '../../../../core/institution/policy.ts';
import { SENPOKU } from '../../../institutions.ts';

const read = (policy?: object) => institutionSchema.safeParse({ ...SENPOKU, policy });

describe('the policy of an institution', () => {
  test('is the default where it says nothing', () => {
    expect(policyOf(read().data)).toEqual(DEFAULT_POLICY);
    expect(policyOf(read({}).data)).toEqual(DEFAULT_POLICY);
    expect(policyOf(undefined)).toEqual(DEFAULT_POLICY);
  });

  test('is its own for what it names, and the default for the rest', () => {
    expect(policyOf(read({ idleMinutes: 3 }).data)).toEqual({ ...DEFAULT_POLICY, idleMinutes: 3 });
  });

  test.each([
    { wrongCodesToLock: 0 },
    { wrongCodesToLock: 1000 },
    { windowSteps: 50 },
    { windowSteps: -1 },
    { enrolWithinDays: 0.5 },
    { validUntilHour: 24 },
    { idleMinutes: 0 },
    { idleMinutes: 6 },
    { decideWithinMinutes: 600 },
    { mailPasswordMinutes: '10' },
    { activationTriesAtOnce: 1_000 },
    { activationTryMinutes: 0 },
    { loginsAtOnce: 0 },
    { loginIdTrySeconds: 0 },
    { idleTime: 5 },
  ])('is refused with %j', (policy) => {
    expect(read(policy).success).toBe(false);
  });

  test.each([
    [{ lookAheadCounts: 20, resyncCounts: 20 }, 'lookAheadCounts', 'resyncCounts'],
    [{ resyncCounts: 10 }, 'resyncCounts', 'lookAheadCounts'],
    [{ lookAheadCounts: 1, windowSteps: 2 }, 'windowSteps', 'lookAheadCounts'],
    [{ hardwareDriftSteps: 0 }, 'hardwareDriftSteps', 'windowSteps'],
    [{ hardwareDriftSteps: 4 }, 'hardwareDriftSteps', 'driftSteps'],
    [{ wrongActivationsToVoid: 10 }, 'wrongActivationsToVoid', 'activationTriesAtOnce'],
    [{ activationTriesAtOnce: 20 }, 'activationTriesAtOnce', 'wrongActivationsToVoid'],
    [{ warnDays: 20 }, 'warnDays', 'remindDays'],
    [{ lastRemindDays: 45 }, 'lastRemindDays', 'remindDays'],
    [{ loginIdTriesAtOnce: 70 }, 'loginIdTriesAtOnce', 'loginsAtOnce'],
    [{ loginSeconds: 10 }, 'loginSeconds', 'loginIdTrySeconds'],
  ])('is refused with %j, whose %s contradicts its %s', (policy, member, other) => {
    const [issue] = read(policy).error?.issues ?? [];
    expect(issue?.path).toEqual(['policy', member]);
    expect(issue?.message).toContain(other);
  });

  test('may have the same number where nothing is contradicted', () => {
    expect(read({ driftSteps: 6, hardwareDriftSteps: 6 }).success).toBe(true);
    expect(read({ loginIdTriesAtOnce: 60 }).success).toBe(true);
  });
});
