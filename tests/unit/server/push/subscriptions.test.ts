import { sql } from 'kysely';
import { Client } from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { createService } from '../../../../server/app.ts';
import type { OpenDatabase } from '../../../../server/store/database.ts';
import { pushTo, subscribe } from '../../../../server/store/push.ts';
import type { TestPostgres } from '../../../service/postgres.ts';
import { testSubscription } from '../../../service/push-server.ts';
import { type Customer, ORIGIN, type TestService } from '../../../service/test-service.ts';
import { createTestToken, type TestToken } from '../../../service/test-token.ts';
import { useTwoNodes } from '../../../service/two-nodes.ts';

/** Subscriptions of devices to Web Push, over PostgreSQL. */

const PATH = '/v1/token/push';
const ENDPOINT = 'https://push.example.jp/p/1';

let server: TestPostgres;
let here: OpenDatabase;
let service: TestService;
let customer: Customer;

useTwoNodes((nodes) => {
  ({ server, here, service } = nodes);
});

beforeEach(async () => {
  customer = await service.active();
  await sql`truncate push_subscriptions`.execute(here.db);
});

async function send(method: 'PUT' | 'DELETE', body?: unknown, token: TestToken = customer.token) {
  const url = `${ORIGIN}${PATH}`;
  const text = body === undefined ? '' : JSON.stringify(body);
  const proof = await token.proof({ method, url, body: text, timeMs: service.clock.now() });
  const response = await service.app.request(url, {
    method,
    headers: { DPoP: proof, ...(text !== '' && { 'Content-Type': 'application/json' }) },
    ...(text !== '' && { body: text }),
  });
  const problem = response.status === 204 ? undefined : ((await response.json()) as { code: string });
  return { status: response.status, code: problem?.code };
}

const rows = async () => {
  const { rows: found } = await sql<{ service: string; sealed: Uint8Array; jkt: string }>`
    select s.service, s.sealed, d.jkt from push_subscriptions s join devices d on d.id = s.device_id`.execute(
    here.db,
  );
  return found;
};

const browser = (endpoint = ENDPOINT) => testSubscription(endpoint).subscription;

describe('a device', () => {
  test('subscribes with a proof, again in place of the former, and no more', async () => {
    expect(await send('PUT', browser())).toEqual({ status: 204, code: undefined });
    expect(await send('PUT', browser('https://a.notify.example.jp/2'))).toMatchObject({ status: 204 });
    expect(await rows()).toMatchObject([{ service: '*.notify.example.jp', jkt: customer.token.jkt }]);
    expect(await send('DELETE')).toMatchObject({ status: 204 });
    expect(await send('DELETE')).toMatchObject({ status: 204 });
    expect(await rows()).toEqual([]);
  });

  test('changes nothing of another’s', async () => {
    const another = await service.active();
    await send('PUT', browser());
    const [before] = await rows();
    await send('PUT', browser('https://push.example.jp/p/2'), another.token);
    await send('DELETE', undefined, another.token);
    expect(await rows()).toEqual([before]);
  });

  test('that may not decide is told nothing', async () => {
    await sql`update devices set may_decide = false where jkt = ${customer.token.jkt}`.execute(here.db);
    expect(await send('PUT', browser())).toEqual({ status: 403, code: 'device_not_allowed' });
    expect(await rows()).toEqual([]);
  });

  test('that is removed is told nothing any more', async () => {
    await send('PUT', browser());
    await sql`delete from devices where jkt = ${customer.token.jkt}`.execute(here.db);
    expect((await sql`select from push_subscriptions`.execute(here.db)).rows).toEqual([]);
  });

  test('makes no table grow, however often it tries', async () => {
    const { rows: devices } = await sql<{ id: string }>`
      select id from devices where jkt = ${customer.token.jkt}`.execute(here.db);
    const deviceId = devices[0]?.id ?? '';
    const sealed = new Uint8Array(200);
    for (let round = 0; round < 1_000; round += 1) {
      // As many as there are connections: none waits for one.
      const tries = Array.from({ length: 10 }, () =>
        subscribe(here.db, { deviceId, service: 'push.example.jp', sealed }),
      );
      expect(new Set(await Promise.all(tries))).toEqual(new Set([true]));
    }
    expect(await rows()).toHaveLength(1);
  }, 60_000);

  test('that tries again and again is told to wait, and no other', async () => {
    const another = await service.active();
    const statuses = [];
    for (let round = 0; round < 14; round += 1) statuses.push((await send('PUT', browser())).status);
    expect(statuses).toEqual([...Array(12).fill(204), 429, 429]);
    expect(await send('PUT', browser(), another.token)).toMatchObject({ status: 204 });
  });
});

const { keys } = browser();

test.each([
  ['an address of the service’s own network', browser('http://169.254.169.254/')],
  ['this machine', browser('https://localhost/')],
  ['an address', browser('https://[::1]/')],
  ['a name that is not listed', browser('https://push.example.com/p')],
  ['a listed name with a user', browser('https://a@push.example.jp/p')],
  ['a listed name with a dot', browser('https://push.example.jp./p')],
  ['no key', { endpoint: ENDPOINT }],
  ['a key that is no point', { endpoint: ENDPOINT, keys: { ...keys, p256dh: `B${'A'.repeat(86)}` } }],
  ['a short secret', { endpoint: ENDPOINT, keys: { ...keys, auth: 'AAAA' } }],
  ['an endless address', browser(`${ENDPOINT}${'a'.repeat(1024)}`)],
  ['more than is asked for', { ...browser(), expirationTime: null }],
])('%s is refused, and nothing kept', async (_, body) => {
  expect(await send('PUT', body)).toEqual({ status: 400, code: 'invalid_request' });
  expect(await rows()).toEqual([]);
});

test('a stranger’s is refused, and a bank’s key does not subscribe', async () => {
  const stranger = await createTestToken();
  expect(await send('PUT', browser(), stranger)).toEqual({ status: 404, code: 'token_unknown' });
  expect(await send('DELETE', undefined, stranger)).toEqual({ status: 404, code: 'token_unknown' });
  const headers = { Authorization: `Bearer ${service.apiKey}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify(browser());
  const response = await service.app.request(`${ORIGIN}${PATH}`, { method: 'PUT', headers, body });
  expect(response.status).toBe(401);
  expect(await rows()).toEqual([]);
});

test('A22: neither address nor keys are readable in the database or the log', async () => {
  const subscription = browser('https://push.example.jp/p/very-secret-path');
  await send('PUT', subscription);
  const { rows: dump } = await sql<{ row: string }>`select s::text as row from push_subscriptions s`.execute(
    here.db,
  );
  const readable = [...dump.map(({ row }) => row), ...service.log].join('\n');
  for (const secret of ['very-secret-path', subscription.keys.auth, subscription.keys.p256dh]) {
    expect(readable).not.toContain(secret);
    expect(readable).not.toContain(Buffer.from(secret).toString('hex'));
  }
});

test('the key to subscribe with is there for everybody, unless nothing is pushed', async () => {
  const answer = await service.app.request(`${ORIGIN}/v1/push-key`);
  expect(await answer.json()).toEqual({ key: service.dependencies.push.key.publicPoint });
  const push = { ...service.dependencies.push, services: { hosts: [] } };
  const silent = createService({ ...service.dependencies, push });
  expect((await silent.request(`${ORIGIN}/v1/push-key`)).status).toBe(404);
});

test('of a great many subscriptions those of a token are found by indices alone', async () => {
  const patient = new Client(server.url);
  await patient.connect();
  await patient.query(`
    insert into devices (id, token_id, jkt, receiving_key, may_make_codes, may_decide, may_fill, added_at)
    select 'd' || n, 't' || n, 'j' || n, '{}', true, true, true, now() from generate_series(1, 50000) n`);
  await patient.query(`
    insert into push_subscriptions select 'd' || n, 'push.example.jp', '' from generate_series(1, 50000) n`);
  await patient.query('analyze devices, push_subscriptions');
  await patient.end();
  const { rows: plan } = await sql<{ 'QUERY PLAN': string }>`
    explain with asked as (
      select 't25000' as token_id, 'c' as id, 'senpoku' as institution, now() as at
    ) ${pushTo('asked')}`.execute(here.db);
  const scans = plan.map((line) => line['QUERY PLAN']).filter((line) => line.includes('Scan'));
  expect(scans.join('\n')).not.toContain('Seq Scan');
  expect(scans.filter((line) => line.includes('Index Scan using'))).toEqual([
    expect.stringContaining('devices_token'),
    expect.stringContaining('push_subscriptions_pkey'),
  ]);
});
