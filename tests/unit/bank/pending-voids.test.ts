import { beforeEach, expect, test } from 'vitest';
import type { ServiceAnswer, ServiceClient } from '../../../bank/token/client.ts';
import { voidPending } from '../../../bank/token/pending-voids.ts';
import { SENPOKU } from '../../institutions.ts';
import { type TestBank, useTestBank } from './test-bank.ts';

let bank: TestBank;
/** User ids that the service was asked to void. */
let asked: string[] = [];

useTestBank((stage) => {
  ({ bank } = stage);
});

beforeEach(() => {
  asked = [];
});

/** The bank's chores with a service that gives this answer for a user id. */
function before(answer: (userId: string) => ServiceAnswer<never>) {
  const client = bank.chores.serviceFor(SENPOKU);
  const serviceFor = (): ServiceClient => ({
    ...client,
    voidIssue: async (userId) => {
      asked.push(userId);
      return answer(userId);
    },
  });
  return { ...bank.chores, serviceFor };
}

async function pending(count: number, institution: string): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    institution,
    user_id: `${institution}-${index}`,
    created_at: new Date(bank.chores.clock() - count + index),
  }));
  await bank.db.insertInto('pending_voids').values(rows).execute();
}

const left = async () =>
  (await bank.db.selectFrom('pending_voids').select('user_id').execute()).map(({ user_id }) => user_id);

test('a token that cannot be voided does not block the others', async () => {
  await pending(25, 'senpoku');
  const service = before((userId) =>
    userId === 'senpoku-24'
      ? { kind: 'problem', code: 'token_unknown' }
      : { kind: 'problem', code: 'internal' },
  );
  await voidPending(service);
  expect(asked).not.toContain('senpoku-24');
  bank.advance(30_000);
  await voidPending(service);
  expect(await left()).not.toContain('senpoku-24');
  expect(await left()).toHaveLength(24);
});

test('an unreachable service is asked once in a round, and nothing is lost', async () => {
  await pending(3, 'senpoku');
  await voidPending(before(() => ({ kind: 'unreachable', reason: 'timeout' })));
  expect(asked).toHaveLength(1);
  expect(await left()).toHaveLength(3);
});
