import { decodeJwt, decodeProtectedHeader } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BindResponse } from '../../../core/api/bank.ts';
import { serialEnrolmentSchema } from '../../../core/api/token.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { isMadeSerial } from '../../../core/otp/serial.ts';
import { codeAt, importKey } from '../../../core/otp/totp.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { sweep } from '../../../server/store/sweep.ts';
import { SENPOKU, SHINKIN } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { askForSerial, makeSerial } from '../../service/test-serial.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';
import { createTestToken, type TestToken } from '../../service/test-token.ts';
import { postTo } from '../../service/two-nodes.ts';

/** シリアル番号のトークンを作る: tokens that no contract has yet. */

const PATH = '/v1/serial-enrolments';
const HOUR_STEPS = 60;
const MOST = 10;
const SMALL = {
  ...SHINKIN,
  key: 'minami',
  serviceId: '10119998',
  bankCode: '9998',
  policy: { ...DEFAULT_POLICY, unboundTokens: MOST },
};
/** Where customers suspend, and tokens report. */
const OPEN = {
  ...SHINKIN,
  key: 'kita',
  serviceId: '10119997',
  bankCode: '9997',
  reportsRefusedFills: true,
  rules: { ...SHINKIN.rules, suspend: 'customer' as const },
};

let database: OpenDatabase;
let service: TestService;
let token: TestToken;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database, {
    institutions: [SENPOKU, SHINKIN, SMALL, OPEN],
  });
});
afterAll(() => database.close());
beforeEach(async () => {
  token = await createTestToken();
});

type Asked = Partial<Omit<Parameters<typeof askForSerial>[1], 'by'>> & {
  readonly by?: TestToken | undefined;
};

const make = ({ serviceId = SHINKIN.serviceId, by = token, ...asked }: Asked = {}) =>
  askForSerial(service, { serviceId, by, ...asked });

async function made(asked: Asked = {}) {
  const response = await make(asked);
  expect(response.status).toBe(201);
  const { enrolment } = (await response.json()) as { enrolment: string };
  return { enrolment, claims: serialEnrolmentSchema.parse(decodeJwt(enrolment)) };
}

async function stateOf(by: TestToken, path = '/v1/token') {
  const url = `${ORIGIN}${path}`;
  const proof = await by.proof({ method: 'GET', url, timeMs: service.clock.now() });
  const response = await service.app.request(url, { headers: { DPoP: proof } });
  const [state = ''] = Object.values((await response.json()) as Record<string, string>);
  return response.ok ? decodeJwt(state) : response.status;
}

const row = async (id: string) =>
  database.db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();

describe('a token that no contract has', () => {
  const HOUR_MS = 60 * 60_000;
  const lastHour = () => new Date((Math.floor(service.clock.now() / HOUR_MS) - 1) * HOUR_MS).toISOString();

  test.each([
    ['suspends itself', '/v1/token/suspend', () => undefined, 409],
    [
      'reports refused fills',
      '/v1/token/refused-fills',
      () => ({ fills: [{ since: lastHour(), reason: 'covered', count: 1 }] }),
      404,
    ],
  ])('%s: refused, and nothing is written', async (_what, path, asked, status) => {
    await made({ serviceId: OPEN.serviceId });
    const url = `${ORIGIN}${path}`;
    const body = JSON.stringify(asked());
    const proof = await token.proof({
      method: 'POST',
      url,
      timeMs: service.clock.now(),
      ...(body !== undefined && { body }),
    });
    const headers = { 'Content-Type': 'application/json', DPoP: proof };
    const response = await service.app.request(url, { method: 'POST', headers, ...(body && { body }) });
    expect(response.status).toBe(status);
    for (const table of ['audit', 'idempotency', 'events', 'refused_fills'] as const) {
      const rows = await database.db.selectFrom(table).selectAll().execute();
      expect([table, rows]).toEqual([table, []]);
    }
  });
});

describe('a token is made', () => {
  test('with a serial number, 6 digits every 30 seconds, and 24 hours to be registered in', async () => {
    const { enrolment, claims } = await made();
    expect(decodeProtectedHeader(enrolment)).toMatchObject({
      alg: 'ES256',
      typ: 'warifu-serial-enrolment+jwt',
    });
    expect(isMadeSerial(claims.serial)).toBe(true);
    expect(claims).toMatchObject({ serviceId: SHINKIN.serviceId, jkt: token.jkt, ...SHINKIN.otp });
    expect(Date.parse(claims.bindBy) - Date.parse(claims.enrolledAt)).toBe(24 * 60 * 60_000);
    const { key } = await token.openSecret(enrolment);
    expect(key).toHaveLength(32);
    const code = await codeAt(await importKey(key, SHINKIN.otp), SHINKIN.otp, service.clock.now());
    expect(code).toMatch(/^\d{6}$/);
  });

  test('its row is sealed, of kind serial, and takes no code yet', async () => {
    const { claims } = await made();
    expect(await row(claims.tokenId)).toMatchObject({
      kind: 'serial',
      status: 'enrolled',
      serial: claims.serial,
      user_id: claims.userId,
      activated_at: null,
      ...SHINKIN.otp,
    });
    const key = await service.keyOf('bank', SHINKIN.key);
    const verified = await service.bank(
      'POST',
      `/v1/tokens/${claims.userId}/verify`,
      { code: '123456' },
      {
        Authorization: `Bearer ${key}`,
      },
    );
    expect(verified.status).toBe(409);
  });

  test.each(['/v1/token', '/v1/token/confirmations'])(
    'it is told until when it can be registered, and that it ended, at %s',
    async (path) => {
      const { claims } = await made();
      expect(await stateOf(token, path)).toMatchObject({ status: 'enrolled', bindBy: claims.bindBy });
      service.nextStep(24 * HOUR_STEPS);
      expect(await stateOf(token, path)).toMatchObject({ status: 'void' });
    },
  );

  test.each(['/v1/token', '/v1/token/confirmations'])(
    'registered, it is told since when, and no longer until when, at %s',
    async (path) => {
      const { serial, token: by, code } = await makeSerial(service, SHINKIN.serviceId);
      service.nextStep(HOUR_STEPS);
      const key = await service.keyOf('bank', SHINKIN.key);
      const body = { codes: [await code()] };
      const bound = await postTo(service.app, `/v1/serials/${serial}/bind`, { key, body });
      const { activatedAt } = ((await bound.json()) as BindResponse).token ?? {};
      const state = await stateOf(by, path);
      expect(state).toMatchObject({ status: 'active', activatedAt });
      expect(state).not.toHaveProperty('bindBy');
    },
  );

  test('a lost answer is given again, the same token with the same key', async () => {
    const first = await made();
    const again = await made();
    expect(again.claims).toMatchObject({ tokenId: first.claims.tokenId, serial: first.claims.serial });
    const [one, other] = await Promise.all(
      [first, again].map(({ enrolment }) => token.openSecret(enrolment)),
    );
    expect(one?.key).toEqual(other?.key);
  });

  test('ten times at once with the same keys is one token', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => made()));
    expect(new Set(answers.map(({ claims }) => claims.serial)).size).toBe(1);
  });

  test('no audit grows by it: strangers are counted by the hour', async () => {
    const lines = async () =>
      (await sql<{ count: number }>`select count(*)::integer as count from audit`.execute(database.db))
        .rows[0]?.count;
    const before = await lines();
    await made();
    expect(await lines()).toBe(before);
    const counts = await database.db
      .selectFrom('stranger_counts')
      .selectAll()
      .where('outcome', '=', 'done')
      .execute();
    expect(counts).toContainEqual(expect.objectContaining({ institution: SHINKIN.key, event: 'enrol' }));
  });
});

describe('is refused', () => {
  test.each([
    ['an institution that issues its tokens', { serviceId: SENPOKU.serviceId }],
    ['an institution there is not', { serviceId: '00000000' }],
  ])('%s', async (_what, asked) => {
    const response = await make(asked);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'enrolment_refused' });
  });

  test('a signing key that is another token’s', async () => {
    const { userId } = await service.issue();
    expect((await service.enrolRequest(token, { userId })).status).toBe(201);
    expect((await make()).status).toBe(403);
  });

  test('the same signing key with another receiving key: nobody gets the OTP key a second time', async () => {
    await made();
    const { receivingKey } = await createTestToken();
    expect((await make({ receivingKey })).status).toBe(403);
  });

  test('the same keys once it is registered, or once it has ended', async () => {
    const { claims } = await made();
    await database.db
      .updateTable('tokens')
      .set({ status: 'active', activated_at: new Date() })
      .where('id', '=', claims.tokenId)
      .execute();
    expect((await make()).status).toBe(403);
    const other = await createTestToken();
    await made({ by: other });
    service.nextStep(24 * HOUR_STEPS);
    expect((await make({ by: other })).status).toBe(403);
  });

  test.each([
    ['a ユーザID', { userId: '123456789012' }],
    ['a serial number of its own choice', { serial: '23456789AB' }],
  ])('a body with %s', async (_what, body) => {
    expect((await make({ body })).status).toBe(400);
  });

  test('a proof by another key, and one that was used', async () => {
    const other = await createTestToken();
    expect((await make({ body: { signingKey: other.signingKey } })).status).toBe(401);
    const url = `${ORIGIN}${PATH}`;
    const { signingKey, receivingKey } = token;
    const body = JSON.stringify({ serviceId: SHINKIN.serviceId, signingKey, receivingKey });
    const DPoP = await token.proof({ method: 'POST', url, body, timeMs: service.clock.now() });
    const send = () =>
      service.app.request(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', DPoP },
        body,
      });
    expect((await send()).status).toBe(201);
    expect((await send()).status).toBe(401);
  });

  test('a bank that wants to issue one', async () => {
    const key = await service.keyOf('bank', SHINKIN.key);
    const issued = await service.bank(
      'POST',
      '/v1/tokens',
      { activationPassword: '24680135' },
      {
        Authorization: `Bearer ${key}`,
      },
    );
    expect(issued.status).toBe(409);
  });
});

describe('how many', () => {
  test('one address makes ten, and another is not held up by it; what was lost is given again', async () => {
    const makers = await Promise.all(Array.from({ length: 11 }, createTestToken));
    const statuses = [];
    for (const by of makers) statuses.push((await make({ by, source: '203.0.113.7' })).status);
    expect(statuses).toEqual([...Array(10).fill(201), 429]);
    expect((await make({ by: makers[0], source: '203.0.113.7' })).status).toBe(429);
    expect((await make({ by: makers[10], source: '203.0.113.8' })).status).toBe(201);
    service.nextStep(10);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      expect((await make({ by: makers[0], source: '203.0.113.7' })).status).toBe(201);
    }
  });

  test('the whole service, however many addresses make them; ended ones make room', async () => {
    const makers = await Promise.all(Array.from({ length: MOST + 1 }, createTestToken));
    const ask = (by: TestToken, at: number) =>
      make({ by, serviceId: SMALL.serviceId, source: `198.51.100.${at}` });
    for (const [at, by] of makers.slice(0, MOST).entries()) expect((await ask(by, at)).status).toBe(201);
    const [last] = makers.slice(-1);
    if (!last) throw new Error('no maker');
    const full = await ask(last, 200);
    expect(full.status).toBe(429);
    expect(full.headers.get('Retry-After')).toBe('3600');
    expect((await make({ by: last })).status).toBe(201);
    service.nextStep(24 * HOUR_STEPS);
    expect((await ask(await createTestToken(), 201)).status).toBe(201);
  });

  test('those nobody registered are forgotten a day after their end, with their devices; others stay', async () => {
    const { claims } = await made();
    const kept = await createTestToken();
    const registered = (await made({ by: kept })).claims;
    await database.db
      .updateTable('tokens')
      .set({ status: 'active', activated_at: new Date() })
      .where('id', '=', registered.tokenId)
      .execute();
    const issued = await service.issue();
    const end = Date.parse(claims.bindBy);
    const devices = async (id: string) =>
      (await database.db.selectFrom('devices').select('id').where('token_id', '=', id).execute()).length;
    await sweep(database.db, new Date(end + 23 * 60 * 60_000));
    expect(await row(claims.tokenId)).toBeDefined();
    await sweep(database.db, new Date(end + 25 * 60 * 60_000));
    expect(await row(claims.tokenId)).toBeUndefined();
    expect(await devices(claims.tokenId)).toBe(0);
    expect(await row(registered.tokenId)).toBeDefined();
    expect(await devices(registered.tokenId)).toBe(1);
    expect((await service.bank('GET', `/v1/tokens/${issued.userId}`)).status).toBe(200);
    expect(await stateOf(token)).toBe(404);
  });
});
