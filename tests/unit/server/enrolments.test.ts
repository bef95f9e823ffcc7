import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';
import { createTestToken, type TestToken } from '../../service/test-token.ts';

let database: OpenDatabase;
let service: TestService;
let token: TestToken;
const DAY_STEPS = 24 * 60;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  token = await createTestToken();
});

async function problemOf(response: Response): Promise<unknown> {
  const { instance: _own, ...problem } = (await response.json()) as Record<string, unknown>;
  return { status: response.status, ...problem };
}

describe('初期設定', () => {
  test('gives a 256-bit key to the keys that asked, signed by the service', async () => {
    const { userId } = await service.issue();
    const response = await service.enrolRequest(token, { userId });
    const { enrolment } = (await response.json()) as { enrolment: string };
    expect(decodeProtectedHeader(enrolment)).toMatchObject({ alg: 'ES256', typ: 'warifu-enrolment+jwt' });
    expect(decodeJwt(enrolment)).toMatchObject({ userId, jkt: token.jkt, digits: 8, period: 60 });
    expect((await token.openSecret(enrolment)).key).toHaveLength(32);
    expect(decodeJwt<{ expiresAt: string }>(enrolment).expiresAt).toMatch(/-(28|29|30|31)T00:00:00\.000Z$/);
  });

  test('A12: happens once: another token with the same values is refused', async () => {
    const { userId } = await service.issue();
    expect((await service.enrolRequest(token, { userId })).status).toBe(201);
    expect((await service.enrolRequest(await createTestToken(), { userId })).status).toBe(403);
  });

  test('a lost answer is given again to the same token, with the same key', async () => {
    const { userId } = await service.issue();
    const secrets = [];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const response = await service.enrolRequest(token, { userId });
      const { enrolment } = (await response.json()) as { enrolment: string };
      secrets.push(Buffer.from((await token.openSecret(enrolment)).key).toString('hex'));
    }
    expect(secrets[0]).toBe(secrets[1]);
  });

  test('raced by 10 tokens, one wins', async () => {
    const { userId } = await service.issue();
    const rivals = await Promise.all(Array.from({ length: 10 }, createTestToken));
    const answers = await Promise.all(rivals.map((rival) => service.enrolRequest(rival, { userId })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  test('A15: which of the three values was wrong is not told', async () => {
    const { userId } = await service.issue();
    const answers = await Promise.all([
      service.enrolRequest(token, { userId, activationPassword: '0000' }),
      service.enrolRequest(token, { userId: '123456789012' }),
      service.enrolRequest(token, { userId, serviceId: '99999999' }),
    ]);
    const [first, ...others] = await Promise.all(answers.map(problemOf));
    expect(first).toMatchObject({ status: 403, code: 'enrolment_refused' });
    for (const other of others) expect(other).toEqual(first);
  });

  test("a signing key that is another token's already is refused like any other value", async () => {
    const { token: enrolled } = await service.enrol();
    const { userId } = await service.issue();
    expect((await service.enrolRequest(enrolled, { userId })).status).toBe(403);
  });

  test('a receiving key off the curve is named and uses nothing up', async () => {
    const { userId } = await service.issue();
    const off = { ...token, receivingKey: { ...token.receivingKey, y: token.receivingKey.x ?? '' } };
    const response = await service.enrolRequest(off, { userId });
    expect(await problemOf(response)).toMatchObject({ status: 400, fields: ['receivingKey'] });
    expect((await service.enrolRequest(token, { userId })).status).toBe(201);
  });

  test('a customer who mistypes four times still enrols', async () => {
    const { userId } = await service.issue();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await service.enrolRequest(token, { userId, activationPassword: '0000' });
    }
    expect((await service.enrolRequest(token, { userId })).status).toBe(201);
  });

  test('A12: after seven days it is too late', async () => {
    const { userId } = await service.issue();
    service.nextStep(7 * DAY_STEPS);
    expect((await service.enrolRequest(token, { userId })).status).toBe(403);
    expect(await (await service.bank('GET', `/v1/tokens/${userId}`)).json()).toMatchObject({
      status: 'void',
    });
    service.nextStep(-7 * DAY_STEPS);
  });
});

describe('S2: a proof', () => {
  const url = `${ORIGIN}/v1/token`;
  const ask = (proof?: string) =>
    service.app.request(url, proof === undefined ? {} : { headers: { DPoP: proof } });

  test('lets an enrolled token ask for its status, once', async () => {
    const { token: enrolled, tokenId } = await service.enrol();
    const proof = await enrolled.proof({ method: 'GET', url, timeMs: service.clock.now() });
    const answer = await ask(proof);
    expect(answer.status).toBe(200);
    const { state } = (await answer.json()) as { state: string };
    expect(decodeJwt(state)).toMatchObject({ tokenId, status: 'enrolled', proof: decodeJwt(proof).jti });
    expect((await ask(proof)).status).toBe(401);
  });

  test.each([
    ['another method', { method: 'POST' }],
    ['another URL', { url: `${ORIGIN}/v1/enrolments` }],
    ['another origin', { url: 'http://evil.test/v1/token' }],
    ['another body', { body: 'x' }],
    ['another kind of message', { typ: 'JWT' }],
    ['a short nonce id', { jti: 'short' }],
  ])('is refused for %s', async (_what, change) => {
    const { token: enrolled } = await service.enrol();
    const proof = await enrolled.proof({ method: 'GET', url, timeMs: service.clock.now(), ...change });
    expect((await ask(proof)).status).toBe(401);
  });

  test.each([-61_500, 70_000])('is refused %i ms off', async (offMs) => {
    const { token: enrolled } = await service.enrol();
    const proof = await enrolled.proof({ method: 'GET', url, timeMs: service.clock.now() + offMs });
    expect((await ask(proof)).status).toBe(401);
  });

  test('is needed, whole, and of a known token', async () => {
    const { token: enrolled } = await service.enrol();
    const proof = await enrolled.proof({ method: 'GET', url, timeMs: service.clock.now() });
    expect((await ask()).status).toBe(401);
    const at = proof.length - 10;
    const flipped = proof.slice(0, at) + (proof[at] === 'A' ? 'B' : 'A') + proof.slice(at + 1);
    expect((await ask(flipped)).status).toBe(401);
    const stranger = await createTestToken();
    const foreign = await stranger.proof({ method: 'GET', url, timeMs: service.clock.now() });
    expect((await ask(foreign)).status).toBe(404);
  });

  test('by another key than the one enrolled is refused', async () => {
    const { userId } = await service.issue();
    const stranger = await createTestToken();
    const body = 'irrelevant';
    const proof = await stranger.proof({
      method: 'POST',
      url: `${ORIGIN}/v1/enrolments`,
      body,
      timeMs: service.clock.now(),
    });
    expect((await service.enrolRequest(token, { userId }, { proof })).status).toBe(401);
  });
});

test('the time is signed over the nonce it was asked with', async () => {
  const nonce = 'A'.repeat(22);
  const before = service.clock.now();
  const response = await service.app.request(`${ORIGIN}/v1/time`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ nonce }),
  });
  const after = service.clock.now();
  const { time } = (await response.json()) as { time: string };
  const { now, ...rest } = decodeJwt<{ now: number }>(time);
  expect(rest).toEqual({ nonce });
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(after);
});
