import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { approvals } from '../../service/test-approval.ts';
import { confirmations, TRANSFER } from '../../service/test-confirmation.ts';
import { HOTP, hardware } from '../../service/test-hardware.ts';
import { pairings } from '../../service/test-pairing.ts';
import { type Customer, createTestService, type TestService } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

/** The service's clock was a day ahead, and is right again: what was used up then keeps nobody waiting for a day. */

const DAY_MS = 24 * 60 * 60_000;

let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
});
afterAll(() => database.close());
afterEach(() => service.clock.move(0));

const { questionsAtOnce, questionSeconds, decideWithinMinutes, approvalsAtOnce, activationTriesAtOnce } =
  DEFAULT_POLICY;

async function aDayAhead(work: () => Promise<unknown>) {
  service.clock.move(DAY_MS);
  await work();
  service.clock.move(0);
}

const times = async (count: number, work: () => Promise<unknown>) => {
  for (let done = 0; done < count; done += 1) await work();
};

/** Asks for a confirmation. */
async function question(customer: Customer) {
  const path = confirmations(service).path(customer);
  const { status, headers } = await service.bank('POST', path, { transaction: TRANSFER });
  return { status, retryAfter: Number(headers.get('Retry-After')) };
}

test('a customer is asked to confirm, so often at once as ever', async () => {
  const customer = await service.active();
  await aDayAhead(() => times(questionsAtOnce, () => question(customer)));
  const asked = [];
  for (let count = 0; count <= questionsAtOnce; count += 1) asked.push(await question(customer));
  expect(asked.map(({ status }) => status)).toEqual([...Array(questionsAtOnce).fill(201), 429]);
  expect(asked.at(-1)?.retryAfter).toBeLessThanOrEqual(questionSeconds);
});

test('a rejection then adds to nothing of the day ahead', async () => {
  const { ask, decide } = confirmations(service);
  const customer = await service.active();
  const asked = await ask(customer);
  const { asked_until } = await database.db
    .updateTable('tokens')
    .set({ asked_until: new Date(service.clock.now() + DAY_MS) })
    .where('id', '=', customer.tokenId)
    .returning('asked_until')
    .executeTakeFirstOrThrow();
  await decide(customer, asked, 'rejected');
  const after = await database.db
    .selectFrom('tokens')
    .select('asked_until')
    .where('id', '=', customer.tokenId)
    .executeTakeFirstOrThrow();
  expect(after.asked_until?.getTime()).toBeLessThan(Number(asked_until));
  expect((await question(customer)).status).toBe(201);
});

test('as many questions as can wait, all rejected at once, still take their places', async () => {
  const { ask, decide } = confirmations(service);
  const customer = await service.active();
  service.clock.move(0);
  const asked = [];
  for (let count = 0; count < questionsAtOnce; count += 1) asked.push(await ask(customer));
  for (let at = questionSeconds; at < decideWithinMinutes * 60; at += questionSeconds) {
    service.clock.move(at * 1000);
    asked.push(await ask(customer));
  }
  service.clock.move((decideWithinMinutes * 60 - 30) * 1000);
  for (const one of asked) await decide(customer, one, 'rejected');
  expect((await question(customer)).status).toBe(429);
});

test('a desktop may ask for a code', async () => {
  const approval = approvals(service);
  const phone = await service.active();
  const desktop = await pairings(service).pair(phone);
  await aDayAhead(() => times(approvalsAtOnce, () => approval.ask(desktop, phone)));
  expect((await approval.send(await approval.sign(desktop, phone))).status).toBe(201);
});

test('a customer whose 利用開始パスワード was guessed at sets the token up', async () => {
  const { userId } = await service.issue();
  const guess = async () =>
    service.enrolRequest(await createTestToken(), { userId, activationPassword: '00000000' });
  await aDayAhead(() => times(activationTriesAtOnce, guess));
  expect((await service.enrolRequest(await createTestToken(), { userId })).status).toBe(201);
});

test('a hardware token that was guessed at is bound', async () => {
  const tokens = hardware(service);
  const { serial, pair } = await tokens.make(HOTP);
  await aDayAhead(() => times(activationTriesAtOnce, () => tokens.bind(serial, ['000000', '000001'])));
  expect((await tokens.bind(serial, await pair(0))).accepted).toBe(true);
});
