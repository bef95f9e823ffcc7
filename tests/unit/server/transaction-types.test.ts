import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalText } from '../../../core/transaction/details.ts';
import type { Transaction } from '../../../core/transaction/types.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { createTestService, type TestService } from '../../service/test-service.ts';
import { EMAIL_CHANGE, LIMIT_CHANGE, ONE_OF_EACH, PAIRS } from '../core/transaction/example.ts';

let databases: OpenDatabase[];
let approve: TestService;
let code: TestService;

beforeAll(async () => {
  databases = await Promise.all([openServiceMemory(), openServiceMemory()]);
  const [first, second] = databases;
  if (!first || !second) throw new Error('two databases were opened');
  approve = await createTestService(first);
  code = await createTestService(second, { confirmation: 'code' });
}, 60_000);
afterAll(() => Promise.all(databases.map((database) => database.close())));

/** The code that a customer's token makes of one of the transactions it is shown. */
async function codeOf(
  service: TestService,
  customer: Awaited<ReturnType<TestService['active']>>,
  { id }: { id: string },
) {
  const { shown, codeFor } = confirmations(service);
  const one = (await shown(customer)).find(({ details }) => details.includes(id));
  return codeFor(customer, one?.details ?? '');
}

/** 新しい端末でのトークン利用 is asked only where a new device waits: see replacements.test.ts. */
const isFree = ({ type }: Transaction) => type !== 'new-device';

describe.each(Object.values(ONE_OF_EACH).filter(isFree))('$type', (transaction) => {
  test('is asked, shown, told and used as itself, once, by approval', async () => {
    const { ask, shown, show, decide, verify } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer, transaction);
    expect(asked.transaction).toEqual(transaction);
    const [one] = await shown(customer);
    expect(JSON.parse(one?.details ?? '').transaction).toEqual(transaction);
    await decide(customer, asked, 'confirmed');
    expect((await show(customer, asked)).transaction).toEqual(transaction);
    expect(await verify(customer, asked, { transaction })).toMatchObject({
      accepted: true,
      confirmation: { status: 'spent', transaction },
    });
    expect((await verify(customer, asked, { transaction })).accepted).toBe(false);
  });

  test('is used once, by its code', async () => {
    const { ask, decide, verify } = confirmations(code);
    const customer = await code.active();
    const asked = await ask(customer, transaction);
    await decide(customer, asked, 'confirmed');
    const own = await codeOf(code, customer, asked);
    expect((await verify(customer, asked, { transaction, code: own })).accepted).toBe(true);
    expect((await verify(customer, asked, { transaction, code: own })).accepted).toBe(false);
  });
});

describe.each(PAIRS.filter((pair) => pair.every(isFree)))(
  'confirmed: %j, executed: %j',
  (confirmed, executed) => {
    test('is refused by approval, and what was confirmed is still good', async () => {
      const { ask, decide, verify } = confirmations(approve);
      const customer = await approve.active();
      const [asked, other] = [await ask(customer, confirmed), await ask(customer, executed)];
      await decide(customer, asked, 'confirmed');
      expect((await verify(customer, asked, { transaction: executed })).accepted).toBe(false);
      expect((await verify(customer, other, { transaction: executed })).accepted).toBe(false);
      expect((await verify(customer, asked, { transaction: confirmed })).accepted).toBe(true);
    });

    test('is refused by code: neither the code of one nor of the other makes it good', async () => {
      const { ask, shown, decide, verify, codeFor } = confirmations(code);
      const customer = await code.active();
      const [asked, other] = [await ask(customer, confirmed), await ask(customer, executed)];
      await decide(customer, asked, 'confirmed');
      await decide(customer, other, 'confirmed');
      const own = await codeOf(code, customer, asked);
      const one = (await shown(customer)).find(({ details }) => details.includes(asked.id));
      const details = { ...JSON.parse(one?.details ?? ''), transaction: executed };
      const made = await codeFor(customer, canonicalText(details));
      const use = async (of: { id: string }, transaction: Transaction, presented: string) =>
        (await verify(customer, of, { transaction, code: presented })).accepted;
      expect(await use(asked, executed, own)).toBe(false);
      expect(await use(asked, executed, made)).toBe(false);
      expect(await use(other, executed, own)).toBe(false);
      expect(await use(asked, confirmed, own)).toBe(true);
    });
  },
);

test('a member missing, too many or of another type is refused by name, and nothing is asked', async () => {
  const { path, shown } = confirmations(approve);
  const customer = await approve.active();
  const { newLimit: _left, ...short } = LIMIT_CHANGE;
  const refused: readonly (readonly [object, string])[] = [
    [short, 'transaction.newLimit'],
    [{ ...LIMIT_CHANGE, newLimit: '1000000' }, 'transaction.newLimit'],
    [{ ...LIMIT_CHANGE, from: '2026-11-31' }, 'transaction.from'],
    [{ ...EMAIL_CHANGE, newAddress: 'taro@example' }, 'transaction.newAddress'],
    [{ ...EMAIL_CHANGE, from: 'later' }, 'transaction.from'],
  ];
  for (const [transaction, field] of refused) {
    const response = await approve.bank('POST', path(customer), { transaction });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_request', fields: [field] });
  }
  const more = await approve.bank('POST', path(customer), { transaction: { ...EMAIL_CHANGE, amount: 1 } });
  expect(more.status).toBe(400);
  expect(await shown(customer)).toEqual([]);
});
