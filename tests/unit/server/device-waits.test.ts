import { afterAll, beforeAll, expect, test } from 'vitest';
import { RATES } from '../../../server/limits.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { approvals } from '../../service/test-approval.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { type Answer, pairings } from '../../service/test-pairing.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';

/** One customer's devices and the places of a node for waiting, of which the tests' service has 100. */

const MANY = 110;

let database: Awaited<ReturnType<typeof openServiceMemory>>;
let service: TestService;
beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database, {
    rates: { ...RATES, key: { ...RATES.key, atOnce: 10 * MANY } },
  });
});
afterAll(() => database.close());

/** A bank's wait for another customer, from its beginning to its end. */
async function bankWaits() {
  const confirmation = confirmations(service);
  const customer = await service.active();
  const asked = await confirmation.ask(customer);
  const path = `/v1/tokens/${customer.userId}/confirmations/${asked.id}`;
  const headers = { Authorization: `Bearer ${service.apiKey}` };
  const answer = service.app.request(`${ORIGIN}${path}?unless=waiting&wait=20`, { headers });
  await service.bank('POST', `${path}/cancel`, {});
  return (await answer).status;
}

/** As many waits as the device may have are open, and the others were refused. */
async function refused(looks: readonly Promise<Answer<unknown>>[], most: number) {
  const answers: Answer<unknown>[] = [];
  for (const look of looks) void look.then((answer) => answers.push(answer));
  await expect.poll(() => answers.length, { timeout: 20_000 }).toBe(looks.length - most);
  return new Set(answers.map(({ status, code, retryAfter }) => `${status} ${code} ${retryAfter}`));
}

test('a desktop that waits for its question again and again leaves the places to others', async () => {
  const approval = approvals(service);
  const phone = await service.active();
  const question = await approval.ask(await pairings(service).pair(phone), phone);
  const looks = Array.from({ length: MANY }, () => approval.look(question, '?wait=25'));
  expect(await refused(looks, 4)).toEqual(new Set(['429 rate_limited 5']));
  expect(await bankWaits()).toBe(200);
  await approval.withdraw(question);
  expect((await Promise.all(looks)).filter(({ status }) => status === 200)).toHaveLength(4);
  expect(await approval.look(question, '?wait=25')).toMatchObject({ status: 200 });
});

test('a phone that waits for a pairing again and again leaves the places to others', async () => {
  const pairing = pairings(service);
  const phone = await service.active();
  const desktop = await pairing.begin();
  await pairing.claim(phone, desktop.code);
  const looks = Array.from({ length: MANY }, () =>
    pairing.lookByPhone(phone, desktop, '?wait=25&seen=claimed'),
  );
  expect(await refused(looks, 4)).toEqual(new Set(['429 rate_limited 5']));
  expect(await bankWaits()).toBe(200);
  await pairing.cancel(desktop);
  expect((await Promise.all(looks)).filter(({ status }) => status === 200)).toHaveLength(4);
});

test('a desktop that waits for its pairing again and again leaves the places to others', async () => {
  const pairing = pairings(service);
  const [desktop, another] = [await pairing.begin(), await pairing.begin()];
  const looks = Array.from({ length: MANY }, () => pairing.look(desktop, '?wait=25&seen=open'));
  expect(await refused(looks, 4)).toEqual(new Set(['429 rate_limited 5']));
  const waiting = pairing.look(another, '?wait=25&seen=open');
  await pairing.cancel(another);
  expect((await waiting).said?.status).toBe('cancelled');
  await pairing.cancel(desktop);
  expect((await Promise.all(looks)).filter(({ status }) => status === 200)).toHaveLength(4);
});
