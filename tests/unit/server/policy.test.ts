import { decodeJwt } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Institution } from '../../../core/institution/directory.ts';
import { DEFAULT_POLICY, type Policy } from '../../../core/institution/policy.ts';
import { createService } from '../../../server/app.ts';
import { RATES } from '../../../server/limits.ts';
import { expireConfirmations } from '../../../server/store/confirmations.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { SENPOKU } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { confirmations, TRANSFER } from '../../service/test-confirmation.ts';
import { createTestService, type TestService, wrongCode } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

/** The service goes by the numbers of the institution's policy, not by its own. */

const POLICY: Policy = {
  ...DEFAULT_POLICY,
  windowSteps: 0,
  wrongCodesToLock: 3,
  wrongActivationsToVoid: 5,
  activationTriesAtOnce: 3,
  activationTryMinutes: 10,
  enrolWithinDays: 1,
  validYears: 1,
  validUntilHour: 15,
  decideWithinMinutes: 2,
  useWithinMinutes: 1,
  wrongCodesToCancel: 1,
  questionsAtOnce: 2,
  questionSeconds: 600,
  unansweredTakesMore: 0,
};
const MINUTE = 60_000;

let database: OpenDatabase;
let institution: Institution;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  institution = { ...SENPOKU, confirmation: 'code', policy: POLICY };
  service = await createTestService(database, { institutions: [institution] });
});
afterAll(() => database.close());

test('a window of no steps takes the code of now alone', async () => {
  const customer = await service.active();
  service.nextStep();
  expect((await service.present('verify', customer, await customer.code(-1))).accepted).toBe(false);
  expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
});

test('the third wrong code in a row locks, at login or of a confirmation', async () => {
  const customer = await service.active();
  const wrong = await wrongCode(customer);
  expect((await service.present('verify', customer, wrong)).token.status).toBe('active');
  expect((await service.present('verify', customer, wrong)).token.status).toBe('active');
  const { ask, decide, verify } = confirmations(service);
  const asked = await ask(customer);
  await decide(customer, asked, 'confirmed');
  expect((await verify(customer, asked, { code: '00000000' })).confirmation.status).toBe('cancelled');
  const token = await (await service.bank('GET', `/v1/tokens/${customer.userId}`)).json();
  expect(token).toMatchObject({ status: 'locked' });
});

test('the fifth wrong activation password voids the issue', async () => {
  const { userId } = await service.issue();
  const statuses: string[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await service.enrolRequest(await createTestToken(), { userId, activationPassword: '0000' });
    const token = (await (await service.bank('GET', `/v1/tokens/${userId}`)).json()) as { status: string };
    statuses.push(token.status);
    service.nextStep(10);
  }
  expect(statuses).toEqual(['issued', 'issued', 'issued', 'issued', 'void']);
});

describe('three tries at an issue at once, and one more ten minutes later', () => {
  const tryFrom = async (sources: readonly string[], userId: string, node = service.app) => {
    const statuses: number[] = [];
    for (const source of sources) {
      const values = { userId, activationPassword: '0000' };
      statuses.push((await service.enrolRequest(await createTestToken(), values, { source, node })).status);
    }
    return statuses;
  };

  test('at a node, where one source has one of them', async () => {
    const { userId } = await service.issue();
    const sources = ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
    expect(await tryFrom(sources, userId)).toEqual([403, 429, 403, 403, 429]);
    service.nextStep(10);
    expect(await tryFrom(['192.0.2.4'], userId)).toEqual([403]);
  });

  test('over all nodes: no more are judged', async () => {
    const { userId } = await service.issue();
    const unlimited = { atOnce: 1, everyMs: 0 };
    const triesOf = () => ({ all: unlimited, ofSource: unlimited });
    const node = createService({ ...service.dependencies, rates: { ...RATES, triesOf } });
    const judged = async () => {
      const { rows } = await sql<{ count: number }>`
        select activation_failures as count from tokens where user_id = ${userId}`.execute(database.db);
      return rows[0]?.count;
    };
    expect(await tryFrom(Array(4).fill('192.0.2.5'), userId, node)).toEqual(Array(4).fill(403));
    expect(await judged()).toBe(3);
    service.nextStep(10);
    await tryFrom(Array(2).fill('192.0.2.5'), userId, node);
    expect(await judged()).toBe(4);
  });
});

test('an issue waits a day; the token is valid for a year, to the end of the month at 15:00', async () => {
  const issued = await service.issue();
  expect(Date.parse(issued.enrolBy) - Date.parse(issued.issuedAt)).toBe(24 * 60 * MINUTE);
  const response = await service.enrolRequest(await createTestToken(), { userId: issued.userId });
  const { enrolment } = (await response.json()) as { enrolment: string };
  const { enrolledAt, expiresAt } = decodeJwt<{ enrolledAt: string; expiresAt: string }>(enrolment);
  expect(expiresAt).toMatch(/-(28|29|30|31)T06:00:00\.000Z$/);
  const days = (Date.parse(expiresAt) - Date.parse(enrolledAt)) / (24 * 60 * MINUTE);
  expect(days).toBeGreaterThan(364);
  expect(days).toBeLessThan(398);
});

test('a confirmation waits two minutes, and is good for one', async () => {
  const { ask, decide, show } = confirmations(service);
  const customer = await service.active();
  const asked = await ask(customer);
  expect(Date.parse(asked.expiresAt) - Date.parse(asked.requestedAt)).toBe(2 * MINUTE);
  await decide(customer, asked, 'confirmed');
  const { decidedAt = '', useBy = '' } = await show(customer, asked);
  expect(Date.parse(useBy) - Date.parse(decidedAt)).toBe(MINUTE);
});

test('two questions at once, and the next after ten minutes, whether or not they were answered', async () => {
  const { ask, decide, path } = confirmations(service);
  const customer = await service.active();
  await ask(customer);
  await decide(customer, await ask(customer), 'rejected');
  const refused = await service.bank('POST', path(customer), { transaction: TRANSFER });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(590);
  service.nextStep(10);
  await expireConfirmations(database.db, [institution], new Date(service.clock.now()));
  expect((await ask(customer)).status).toBe('waiting');
});
