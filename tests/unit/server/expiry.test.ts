import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Token } from '../../../core/api/bank.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { confirmations, TRANSFER } from '../../service/test-confirmation.ts';
import { type Customer, createTestService, type TestService } from '../../service/test-service.ts';

/** 有効期限: 09:00 in Japan on the day, to the millisecond. The clock stands still at the moment a test sets. */

let database: OpenDatabase;
let service: TestService;
let customer: Customer;
let end: number;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
}, 60_000);

afterAll(() => database.close());
afterEach(() => vi.useRealTimers());

async function withEnd() {
  service.clock.move(0);
  customer = await service.active();
  const { expiresAt } = (await (await service.bank('GET', `/v1/tokens/${customer.userId}`)).json()) as Token;
  end = Date.parse(expiresAt ?? '');
  return end;
}

function standAt(at: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: at });
  service.clock.move(0);
}

test('it is 09:00 in Japan', async () => {
  expect(new Date(await withEnd()).toISOString()).toMatch(/-(28|29|30|31)T00:00:00\.000Z$/);
});

test('a code is taken at 08:59:59 and at the last millisecond, and none at 09:00:00', async () => {
  await withEnd();
  standAt(end - 1000);
  expect((await service.present('verify', customer, await customer.code(-1))).accepted).toBe(true);
  standAt(end - 1);
  expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
  standAt(end);
  expect((await service.present('verify', customer, await customer.code())).accepted).toBe(false);
  expect((await service.present('release', customer, await customer.code(1))).accepted).toBe(false);
});

test('wrong codes at 09:00:00 count towards no lock', async () => {
  await withEnd();
  standAt(end);
  for (let count = 0; count < 11; count += 1) await service.present('verify', customer, '00000000');
  const token = await (await service.bank('GET', `/v1/tokens/${customer.userId}`)).json();
  expect(token).toMatchObject({ status: 'active' });
});

test('nothing is asked, shown, decided or used at 09:00:00, that was asked and confirmed before', async () => {
  const { ask, decide, decideOn, shown, verify, path } = confirmations(service);
  await withEnd();
  standAt(end - 60_000);
  const undecided = await ask(customer);
  const used = await ask(customer);
  const late = await ask(customer);
  const [details] = (await shown(customer)).filter((one) => one.details.includes(undecided.id));
  standAt(end - 1000);
  for (const one of [used, late]) await decide(customer, one, 'confirmed');
  expect((await verify(customer, used)).accepted).toBe(true);
  standAt(end);
  expect((await verify(customer, late)).accepted).toBe(false);
  expect(await shown(customer)).toEqual([]);
  expect((await decideOn(customer, undecided.id, 'confirmed', details?.details)).status).toBe(409);
  expect((await service.bank('POST', path(customer), { transaction: TRANSFER })).status).toBe(409);
});

test('what has its turn after the end is not done, though it was admitted before', async () => {
  const { ask, decide, shown } = confirmations(service);
  await withEnd();
  standAt(end - 1000);
  const asked = await ask(customer);
  await decide(customer, asked, 'confirmed');
  const { useConfirmations } = await import('../../../server/store/uses.ts');
  const { policiesOf } = await import('../../../core/institution/policy.ts');
  expect(await shown(customer)).toHaveLength(1);
  const write = {
    institution: 'senpoku',
    requestId: 'late',
    at: new Date(end),
    idempotencyKey: `late ${customer.userId}`,
    requestHash: new Uint8Array(32),
  };
  const use = { write, id: asked.id, tokenId: customer.tokenId, hasCode: false, fits: Promise.resolve(true) };
  expect(await useConfirmations(service.db, policiesOf([]), [use])).toEqual([{ outcome: 'overtaken' }]);
});
