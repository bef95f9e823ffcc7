import { expect, test } from 'vitest';
import { continueRequests } from '../../../bank/request/chores.ts';
import type { TransferRow } from '../../../bank/store/transfers.ts';
import type { ServiceAnswer, ServiceClient } from '../../../bank/token/client.ts';
import { SENPOKU } from '../../institutions.ts';
import { type TestBank, useTestBankInUse } from './test-bank.ts';
import { enter, transfers } from './test-transfer.ts';

let bank: TestBank;
/** A transfer that was asked for and never decided: it should expire. */
let real: TransferRow;

useTestBankInUse(async (stage) => {
  ({ bank } = stage);
  await enter(stage.browser);
  const [row] = await transfers(bank);
  if (row === undefined) throw new Error('nothing was entered');
  real = row;
  bank.advance(6 * 60_000);
});

/** Unfinished transfers, older than the real one, whose confirmations the service does not know. */
async function leftBefore(count: number, institution = real.institution): Promise<void> {
  const created_at = new Date(real.created_at.getTime() - 60_000);
  const rows = Array.from({ length: count }, (_, index) => {
    const id = `${institution}-${String(index).padStart(2, '0')}`;
    return {
      ...real,
      code: null,
      amount: 1,
      institution,
      id,
      confirmation_id: id.padStart(22, 'A'),
      created_at,
    };
  });
  await bank.db.insertInto('transfers').values(rows).execute();
}

const reasonOf = async (id: string) => (await transfers(bank)).find((row) => row.id === id)?.reason;

/** The service with other answers about confirmations; counts the requests for each. */
function saying(answer: (id: string) => ServiceAnswer<never> | undefined) {
  const client = bank.chores.serviceFor(SENPOKU);
  const asked: Record<string, number> = {};
  const serviceFor = ({ key }: { readonly key: string }): ServiceClient => ({
    ...client,
    confirmation: async (userId, id, awaiting) => {
      asked[key] = (asked[key] ?? 0) + 1;
      return answer(id) ?? client.confirmation(userId, id, awaiting);
    },
  });
  return { asked, chores: { ...bank.chores, serviceFor } };
}

test('a confirmation that the service does not know ends, and does not block the others', async () => {
  await leftBefore(25);
  await continueRequests(bank.chores);
  await continueRequests(bank.chores);
  const rows = await transfers(bank);
  expect(rows.filter(({ state }) => state !== 'refused')).toEqual([]);
  expect(rows.filter(({ reason }) => reason === 'token')).toHaveLength(25);
  expect(await reasonOf(real.id)).toBe('expired');
});

test('a token the service does not know ends its transfer too', async () => {
  await bank.db.updateTable('transfers').set({ user_id: '000000000000' }).execute();
  await continueRequests(bank.chores);
  expect(await reasonOf(real.id)).toBe('token');
});

test('transfers of an institution that left the directory do not block the others', async () => {
  await leftBefore(25, 'gone');
  await continueRequests(bank.chores);
  expect(await reasonOf(real.id)).toBe('expired');
});

test('transfers that cannot be settled do not block the others', async () => {
  await leftBefore(25);
  const { chores } = saying((id) =>
    id === real.confirmation_id ? undefined : { kind: 'problem', code: 'internal' },
  );
  await continueRequests(chores);
  expect(await reasonOf(real.id)).toBeNull();
  bank.advance(5_000);
  await continueRequests(chores);
  expect(await reasonOf(real.id)).toBe('expired');
});

test('a service that does not answer is asked once a round for each institution', async () => {
  await leftBefore(25);
  await leftBefore(25, 'akagi');
  const { chores, asked } = saying(() => ({ kind: 'unreachable', reason: 'TimeoutError' }));
  await continueRequests(chores);
  expect(asked).toEqual({ senpoku: 1, akagi: 1 });
});

test('a transfer that never gets an answer does not block the others', async () => {
  await leftBefore(1);
  const { chores } = saying((id) =>
    id === real.confirmation_id ? undefined : { kind: 'unreachable', reason: 'TimeoutError' },
  );
  await continueRequests(chores);
  bank.advance(5_000);
  await continueRequests(chores);
  expect(await reasonOf(real.id)).toBe('expired');
});
