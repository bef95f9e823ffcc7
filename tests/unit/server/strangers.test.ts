import { type Kysely, type KyselyPlugin, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { EXAMPLES } from '../../../server/examples.ts';
import { RATES } from '../../../server/limits.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService, from, ORIGIN, type TestService } from '../../service/test-service.ts';
import { createTestToken, type TestToken } from '../../service/test-token.ts';

/** What somebody can do who has neither a bank's key nor a token. */

const WRONG = '00000000';
const HOUR_STEPS = 60;
/** Nothing that a source has used up comes back while a test goes on. */
const HOUR_MS = 3_600_000;

let database: OpenDatabase;
let service: TestService;
let stranger: TestToken;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database, {
    rates: {
      ...RATES,
      unknownKeys: { ...RATES.unknownKeys, everyMs: HOUR_MS },
      enrolments: { ...RATES.enrolments, everyMs: HOUR_MS },
    },
  });
});
afterAll(() => database.close());
beforeEach(async () => {
  stranger = await createTestToken();
});

const guess = (userId: string, source?: string, token = stranger) =>
  service.enrolRequest(token, { userId, activationPassword: WRONG }, source === undefined ? {} : { source });

const statusOf = async (userId: string) =>
  ((await (await service.bank('GET', `/v1/tokens/${userId}`)).json()) as { status: string }).status;

const audited = async (userId: string) =>
  (
    await sql<{ outcome: string; count: number }>`
      select outcome, count(*)::integer as count from audit join tokens on tokens.id = audit.token_id
      where user_id = ${userId} and event = 'enrol' group by outcome`.execute(database.db)
  ).rows;

async function rowCounts(): Promise<Record<string, number>> {
  const tables = [
    'tokens',
    'confirmations',
    'events',
    'idempotency',
    'proofs',
    'push_subscriptions',
    'audit',
    'refused_fills',
    'stranger_counts',
  ];
  const counts = tables.map(async (table) => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from ${sql.table(table)}`.execute(database.db);
    return [table, rows[0]?.count ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

describe('a stranger who knows service and user id', () => {
  test('cannot void the issue: ten guesses are judged, and the customer enrols an hour later', async () => {
    const { userId } = await service.issue();
    const strangers = await Promise.all(Array.from({ length: 40 }, createTestToken));
    const answers = await Promise.all(strangers.map((token) => guess(userId, undefined, token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403, 429]));
    expect(await audited(userId)).toEqual([
      { outcome: 'wrong', count: DEFAULT_POLICY.activationTriesAtOnce },
    ]);
    expect(await statusOf(userId)).toBe('issued');

    const customer = await createTestToken();
    const early = await service.enrolRequest(customer, { userId });
    expect(early.status).toBe(429);
    expect(Number(early.headers.get('Retry-After'))).toBeGreaterThan(3_500);
    expect(Number(early.headers.get('Retry-After'))).toBeLessThanOrEqual(3_600);
    service.nextStep(HOUR_STEPS);
    expect((await service.enrolRequest(customer, { userId })).status).toBe(201);
  });

  test('guesses twenty times at most, over a day: then the issue is void', async () => {
    const { userId } = await service.issue();
    for (let hour = 0; hour < 24; hour += 1) {
      for (let attempt = 0; attempt < DEFAULT_POLICY.activationTriesAtOnce; attempt += 1) await guess(userId);
      service.nextStep(HOUR_STEPS);
    }
    expect(await audited(userId)).toEqual([
      { outcome: 'wrong', count: DEFAULT_POLICY.wrongActivationsToVoid },
    ]);
    expect(await statusOf(userId)).toBe('void');
  });

  test('L1: uses up the tries of one address; the customer at another goes on', async () => {
    const { userId } = await service.issue();
    const statuses = [];
    for (let attempt = 0; attempt < 30; attempt += 1) {
      statuses.push((await guess(userId, '198.51.100.7')).status);
    }
    expect(statuses).toEqual([...Array(4).fill(403), ...Array(26).fill(429)]);
    expect(
      (await service.enrolRequest(await createTestToken(), { userId }, { source: '192.0.2.1' })).status,
    ).toBe(201);
  });

  test('guessing over many issues is told to wait, whatever its key; another address is not', async () => {
    const issues = await Promise.all(Array.from({ length: 40 }, () => service.issue()));
    const answers = await Promise.all(issues.map(({ userId }) => guess(userId, '2001:db8:1:ff42::1')));
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(30);
    const another = await createTestToken();
    const neighbour = await guess(issues[0]?.userId ?? '', '2001:db8:1:ff13::2', another);
    expect(neighbour.status).toBe(429);
    expect((await guess(issues[0]?.userId ?? '', '2001:db8:1:fe00::1', another)).status).toBe(403);
  });

  test('A15: learns from neither answers nor statements whether there is such an issue', async () => {
    const statements: string[] = [];
    const watched = await createTestService({ ...database, db: watch(database.db, statements) });
    const enrolled = await watched.enrol();
    const { userId: broken } = await watched.issue();
    await watched.bank('POST', `/v1/tokens/${broken}/void`);
    const { userId } = await watched.issue();
    const attempt = async (values: { userId: string; serviceId?: string; activationPassword?: string }) => {
      const token = await createTestToken();
      statements.length = 0;
      const answer = await watched.enrolRequest(token, values);
      const { instance: _own, ...problem } = (await answer.json()) as Record<string, unknown>;
      return { status: answer.status, problem, statements: [...statements] };
    };
    const wrong = await attempt({ userId, activationPassword: WRONG });
    expect(wrong).toMatchObject({ status: 403, problem: { code: 'enrolment_refused' } });
    expect(wrong.statements).toHaveLength(3);
    for (const other of [
      { userId: '123456789012' },
      { userId: '123456789012', serviceId: '99999999' },
      { userId: broken },
      { userId: enrolled.userId },
      { userId: enrolled.userId, activationPassword: WRONG },
    ]) {
      expect(await attempt(other)).toEqual(wrong);
    }
  });

  test('sees no difference in how long an issue is closed, whether or not there is one', async () => {
    const answersTo = async (userId: string) => {
      const statuses = [];
      for (let attempt = 0; attempt < 15; attempt += 1) statuses.push((await guess(userId)).status);
      return statuses;
    };
    expect(await answersTo('123456789013')).toEqual(await answersTo((await service.issue()).userId));
  });

  test('who has the right password, but not the key that enrolled, is in the audit, so often and no more', async () => {
    const { userId } = await service.enrol();
    for (let attempt = 0; attempt < 15; attempt += 1) {
      await service.enrolRequest(await createTestToken(), { userId });
    }
    expect(await audited(userId)).toEqual([
      { outcome: 'done', count: 1 },
      { outcome: 'taken', count: DEFAULT_POLICY.activationTriesAtOnce },
    ]);
    expect(await statusOf(userId)).toBe('enrolled');
  });

  test('does not keep a token from asking again for the answer it lost', async () => {
    const { userId, token } = await service.enrol();
    for (let attempt = 0; attempt < 4; attempt += 1) await guess(userId, '198.51.100.8');
    expect((await service.enrolRequest(token, { userId }, { source: '192.0.2.2' })).status).toBe(201);
  });
});

describe('strangers', () => {
  test('make no table grow but for a line an hour', async () => {
    // No hour ends while it runs.
    const minute = Math.floor(service.clock.now() / 60_000) % HOUR_STEPS;
    if (minute > 50) service.nextStep(70 - minute);
    const timeMs = service.clock.now();
    const known = await service.issue();
    await service.bank('POST', `/v1/tokens/${known.userId}/void`);
    const before = await rowCounts();
    const proven = async (path: string, method: 'GET' | 'POST' | 'PUT', body = '') => {
      const proof = await stranger.proof({ method, url: `${ORIGIN}${path}`, body, timeMs });
      return service.app.request(`${ORIGIN}${path}`, {
        method,
        headers: { DPoP: proof, ...(body !== '' && { 'Content-Type': 'application/json' }) },
        ...(body !== '' && { body }),
      });
    };
    const since = new Date(Math.floor(timeMs / 3_600_000 - 1) * 3_600_000).toISOString();
    const push = JSON.stringify(EXAMPLES.PushSubscription);
    const fill = { since, reason: 'covered', count: 1 };
    for (let round = 0; round < 25; round += 1) {
      await guess(known.userId);
      await guess(String(200_000_000_000 + round));
      await service.enrolRequest(stranger, { userId: known.userId, serviceId: '99999999' });
      await proven('/v1/token', 'GET');
      await proven('/v1/token/confirmations', 'GET');
      await proven('/v1/token/push', 'PUT', push);
      await proven('/v1/token/refused-fills', 'POST', JSON.stringify({ fills: [fill] }));
      await proven(`/v1/token/confirmations/${'A'.repeat(22)}/decision`, 'POST', '{"decision":"x"}');
      await service.app.request(`${ORIGIN}/v1/time`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ nonce: String(round).padStart(22, 'A') }),
      });
      await service.app.request(`${ORIGIN}/v1/tokens`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${String(round).padStart(43, 'x')}`,
          'Idempotency-Key': String(round),
        },
        body: '{"activationPassword":"1234"}',
      });
    }
    const { stranger_counts: lines, ...after } = await rowCounts();
    const { stranger_counts: linesBefore = 0, ...rest } = before;
    expect(after).toEqual(rest);
    expect((lines ?? 0) - linesBefore).toBeLessThanOrEqual(4);
    const { rows } = await sql<{ outcome: string; count: number }>`
      select outcome, sum(count)::integer as count from stranger_counts
      where since >= date_trunc('hour', ${new Date(timeMs)}::timestamptz) group by outcome`.execute(
      database.db,
    );
    const counted = Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
    expect(counted.unknown).toBeGreaterThanOrEqual(25);
    expect(counted.stopped).toBeGreaterThanOrEqual(DEFAULT_POLICY.activationTriesAtOnce);
  });

  test('who guess API keys are told to wait; a bank at the same address goes on', async () => {
    const ask = (key: string) =>
      service.app.request(
        `${ORIGIN}/v1/tokens/123456789012`,
        { headers: { Authorization: `Bearer ${key}` } },
        from('198.51.100.9'),
      );
    const statuses = [];
    for (let attempt = 0; attempt < 40; attempt += 1) {
      statuses.push((await ask(String(attempt).padStart(43, 'x'))).status);
    }
    expect(statuses).toEqual([...Array(30).fill(401), ...Array(10).fill(429)]);
    expect((await ask(service.apiKey)).status).toBe(404);
  });
});

/** The database with every statement written down as it is sent. */
function watch<Schema>(db: Kysely<Schema>, statements: string[]): Kysely<Schema> {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements.push(node.kind);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return db.withPlugin(plugin);
}
