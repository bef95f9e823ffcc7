import { describe, expect, test } from 'vitest';
import { doOnce, newSubmission, type Outcome } from '../../../../bank/web/submission.ts';
import { type TestBank, useTestBank } from '../test-bank.ts';

let bank: TestBank;

useTestBank((stage) => {
  ({ bank } = stage);
});

const UNKNOWN: Outcome = { kind: 'unavailable', unknown: true };

/** Sends a form, and the same form again while the first is worked on. @returns what the second is answered */
async function secondAnswer(end: (finishFirst: (outcome: Outcome) => Promise<unknown>) => Promise<unknown>) {
  const { dependencies } = bank;
  const submission = newSubmission(dependencies, 'session', 'release');
  const begun = Promise.withResolvers<void>();
  const work = Promise.withResolvers<Outcome>();
  const first = doOnce(dependencies, submission, () => {
    begun.resolve();
    return work.promise;
  });
  await begun.promise;
  const finishFirst = (outcome: Outcome) => {
    work.resolve(outcome);
    return first;
  };
  const wait = async () => {
    await end(finishFirst);
  };
  const answer = await doOnce({ ...dependencies, wait }, submission, () => {
    throw new Error('worked twice');
  });
  await finishFirst(UNKNOWN);
  return answer;
}

describe('a second click', () => {
  test('gets the outcome of the first', async () => {
    const done: Outcome = { kind: 'done', to: '/otp' };
    expect(await secondAnswer((finishFirst) => finishFirst(done))).toEqual(done);
  });

  test('is not told that nothing was done where the first does not know', async () => {
    expect(await secondAnswer((finishFirst) => finishFirst(UNKNOWN))).toEqual(UNKNOWN);
  });

  test('is not told that nothing was done where the first works for longer than the second waits', async () => {
    expect(await secondAnswer(async () => {})).toEqual(UNKNOWN);
  });
});
