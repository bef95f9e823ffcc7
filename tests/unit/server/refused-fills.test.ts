import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { REFUSED_FILLS, type RefusedFills } from '../../../core/api/refused-fills.ts';
import { createService } from '../../../server/app.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { sweep } from '../../../server/store/sweep.ts';
import { type Customer, ORIGIN, type TestService } from '../../service/test-service.ts';
import { createTestToken, type TestToken } from '../../service/test-token.ts';
import { type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** Reports of refused fills, over two nodes on one PostgreSQL. */

const HOUR_MS = 60 * 60_000;
const PATH = '/v1/token/refused-fills';

let here: OpenDatabase;
let service: TestService;
let nodeAt: TwoNodes['node'];
let customer: Customer;

useTwoNodes((nodes) => {
  ({ here, service, node: nodeAt } = nodes);
});

beforeEach(async () => {
  customer = await service.active();
  // No hour ends while a test runs.
  const minute = Math.floor(service.clock.now() / 60_000) % 60;
  if (minute > 30) service.nextStep(70 - minute);
  await sql`truncate refused_fills`.execute(here.db);
});

/** The beginning of an hour, counted from the one that runs. */
const hour = (ago: number) =>
  new Date((Math.floor(service.clock.now() / HOUR_MS) - ago) * HOUR_MS).toISOString();

const fill = (ago: number, count = 1, reason = 'covered') => ({ since: hour(ago), reason, count });

async function report(
  fills: readonly object[],
  { node = nodeAt(0), token = customer.token as TestToken } = {},
) {
  const url = `${ORIGIN}${PATH}`;
  const body = JSON.stringify({ fills });
  const proof = await token.proof({ method: 'POST', url, body, timeMs: service.clock.now() });
  const headers = { 'Content-Type': 'application/json', DPoP: proof };
  const response = await node.request(url, { method: 'POST', headers, body });
  return {
    status: response.status,
    body: (await response.json()) as { code?: string; countedUntil?: string },
  };
}

const lines = async () => {
  const { rows } = await sql<{ institution: string; since: Date; reason: string; count: number }>`
    select institution, since, reason, count::integer from refused_fills order by since, reason`.execute(
    here.db,
  );
  return rows.map(({ since, ...row }) => ({ ...row, since: since.toISOString() }));
};

const line = (ago: number, count: number, reason = 'covered') => ({
  institution: 'senpoku',
  ...fill(ago, count, reason),
});

describe('a report', () => {
  test('is counted by institution, hour and reason, and nothing says whose it was', async () => {
    const another = await service.active();
    const sent = [fill(2, 3), fill(2, 1, 'clock'), fill(1, 2)];
    expect(await report(sent)).toEqual({ status: 200, body: { countedUntil: hour(0) } });
    expect((await report([fill(1, 5)], { token: another.token })).status).toBe(200);
    expect(await lines()).toEqual([line(2, 1, 'clock'), line(2, 3), line(1, 7)].sort(byHour));
    const { rows } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns where table_name = 'refused_fills'`.execute(
      here.db,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(['count', 'institution', 'reason', 'since']);
  });

  test('that is repeated counts once, also where an hour has come to it since', async () => {
    await report([fill(3, 2)]);
    expect(await report([fill(3, 2)])).toEqual({ status: 200, body: { countedUntil: hour(2) } });
    expect(await report([fill(3, 2), fill(1, 4)], { node: nodeAt(1) })).toMatchObject({ status: 200 });
    expect(await report([fill(3, 2)])).toEqual({ status: 200, body: { countedUntil: hour(0) } });
    expect(await lines()).toEqual([line(3, 2), line(1, 4)]);
  });

  test('that is sent many times at once to both nodes counts once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => report([fill(2, 2), fill(1, 1)], { node: nodeAt(at % 2) })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await lines()).toEqual([line(2, 2), line(1, 1)]);
  });

  test('of many devices at once, each in another order, is counted whole', async () => {
    const customers: Customer[] = [];
    while (customers.length < 8) customers.push(await service.active());
    const fills = [fill(2), fill(1), fill(2, 1, 'clock'), fill(1, 1, 'clock')];
    const answers = await Promise.all(
      customers.map(({ token }, at) =>
        report(at % 2 ? fills : fills.toReversed(), { token, node: nodeAt(at % 2) }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await lines()).map(({ count }) => count)).toEqual([8, 8, 8, 8]);
  });

  test.each<[string, () => readonly object[]]>([
    ['an hour that is not over', () => [fill(0)]],
    ['an hour of the future', () => [fill(-5)]],
    ['an hour over for too long', () => [fill(REFUSED_FILLS.hours + 2)]],
    ['one of these among others', () => [fill(1), fill(0)]],
    ['no hour at all', () => [{ ...fill(1), since: new Date(service.clock.now() - HOUR_MS).toISOString() }]],
    ['a reason that is none', () => [fill(1, 1, 'https://ib.senpoku.example/')]],
    ['a refusal that is not counted', () => [fill(1, 1, 'sender-origin')]],
    ['more of one than a device counts', () => [fill(1, REFUSED_FILLS.ofOne + 1)]],
    ['none of one', () => [fill(1, 0)]],
    ['half a one', () => [fill(1, 1.5)]],
    ['the same twice', () => [fill(1), fill(1, 2)]],
    ['nothing', () => []],
    ['too many numbers', () => Array.from({ length: REFUSED_FILLS.inReport + 1 }, () => fill(1))],
    ['more than is asked for', () => [{ ...fill(1), url: 'https://ib.senpoku.example/' }]],
  ])('of %s is refused, and nothing of it counted', async (_, fills) => {
    expect(await report(fills())).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(await lines()).toEqual([]);
  });

  test('is a token’s: a stranger’s makes no line, a bank’s key none', async () => {
    const stranger = await createTestToken();
    expect(await report([fill(1)], { token: stranger })).toMatchObject({
      status: 404,
      body: { code: 'token_unknown' },
    });
    expect((await service.bank('POST', PATH, { fills: [fill(1)] })).status).toBe(401);
    expect(await lines()).toEqual([]);
  });

  test('is not taken for an institution whose entry does not say so', async () => {
    const institutions = service.dependencies.directory.institutions.map(
      ({ reportsRefusedFills: _, ...institution }) => institution,
    );
    const silent = createService({ ...service.dependencies, directory: { institutions } });
    expect(await report([fill(1)], { node: silent })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    expect(await lines()).toEqual([]);
  });

  test('after report tells a device to wait, and no other', async () => {
    const another = await service.active();
    const statuses = [];
    for (let round = 0; round < 14; round += 1) statuses.push((await report([fill(1)])).status);
    expect(statuses).toEqual([...Array(12).fill(200), 429, 429]);
    expect((await report([fill(1)], { token: another.token })).status).toBe(200);
    expect(await lines()).toEqual([line(1, 2)]);
  });
});

const byHour = (one: { since: string; reason: string }, other: { since: string; reason: string }) =>
  `${one.since} ${one.reason}` < `${other.since} ${other.reason}` ? -1 : 1;

describe('staff', () => {
  const read = async (query: string, key = service.staffKey) => {
    const headers = { Authorization: `Bearer ${key}` };
    const response = await service.app.request(`${ORIGIN}/v1/staff/refused-fills?${query}`, { headers });
    return { status: response.status, body: (await response.json()) as RefusedFills };
  };
  const between = (from: string, to: string, by: string) => new URLSearchParams({ from, to, by }).toString();

  test('read hours, and days of Japan, of their own institution', async () => {
    const rows = [
      ['2026-05-01T14:00:00Z', 'covered', 2],
      ['2026-05-01T15:00:00Z', 'covered', 3],
      ['2026-05-01T15:00:00Z', 'clock', 1],
      ['2026-05-02T14:00:00Z', 'covered', 4],
    ] as const;
    for (const [since, reason, count] of rows) {
      await sql`insert into refused_fills values ('senpoku', ${since}, ${reason}, ${count}), ('akita', ${since}, ${reason}, 9)`.execute(
        here.db,
      );
    }
    const hours = await read(between('2026-05-01T15:20:00Z', '2026-05-01T15:40:00Z', 'hour'));
    expect(hours.body.counts).toEqual([
      { from: '2026-05-01T15:00:00.000Z', reason: 'clock', count: 1 },
      { from: '2026-05-01T15:00:00.000Z', reason: 'covered', count: 3 },
    ]);
    const days = await read(between('2026-05-01T00:00:00Z', '2026-05-03T00:00:00Z', 'day'));
    expect(days.body.counts).toEqual([
      { from: '2026-04-30T15:00:00.000Z', reason: 'covered', count: 2 },
      { from: '2026-05-01T15:00:00.000Z', reason: 'clock', count: 1 },
      { from: '2026-05-01T15:00:00.000Z', reason: 'covered', count: 7 },
    ]);
  });

  test('alone read them, and not of more days than are counted at once', async () => {
    const day = between('2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z', 'hour');
    expect((await read(day, service.apiKey)).status).toBe(403);
    expect((await read(between('2026-05-01T00:00:00Z', '2026-05-20T00:00:00Z', 'hour'))).status).toBe(400);
    expect((await read(between('2026-05-02T00:00:00Z', '2026-05-01T00:00:00Z', 'day'))).status).toBe(400);
  });
});

test('counts that nobody can read any more are swept', async () => {
  await report([fill(1)]);
  const now = service.clock.now();
  await sweep(here.db, new Date(now + 93 * 24 * HOUR_MS));
  expect(await lines()).toHaveLength(1);
  await sweep(here.db, new Date(now + 95 * 24 * HOUR_MS));
  expect(await lines()).toEqual([]);
});
