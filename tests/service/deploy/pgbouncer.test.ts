import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Confirmation } from '../../../core/api/confirmation.ts';
import { createService } from '../../../server/app.ts';
import { type OpenDatabase, openPostgres } from '../../../server/store/database.ts';
import { sweep } from '../../../server/store/sweep.ts';
import { cutAll, forgetTokens, killDatabase, lostAndDoubled } from '../faults/database.ts';
import { issueAtRate, tally, untilReady } from '../faults/load.ts';
import { logInAtOnce } from '../faults/logins.ts';
import { startNode } from '../faults/node.ts';
import { freePort } from '../free-port.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';
import { startPart } from '../process.ts';
import { confirmations } from '../test-confirmation.ts';
import { type Customer, createTestService, ORIGIN, type TestService } from '../test-service.ts';
import { atOnce } from '../two-nodes.ts';
import { type Pgbouncer, startPgbouncer } from './pgbouncer.ts';

/** Two nodes and a bank by way of PgBouncer in transaction mode, with the settings in deploy/pgbouncer. */

let postgres: TestPostgres;
let bouncer: Pgbouncer;
let pooled: string;
let databases: readonly [OpenDatabase, OpenDatabase];
let service: TestService;
let second: TestService['app'];

beforeAll(async () => {
  postgres = await startPostgres();
  bouncer = await startPgbouncer(postgres.url);
  pooled = bouncer.through(postgres.url);
  const open = () => openPostgres(pooled, { directUrl: postgres.url });
  databases = [await open(), await open()];
  service = await createTestService(databases[0]);
  second = nodeOn(databases[1]);
});
afterAll(async () => {
  for (const { close } of databases) await close();
  await bouncer.stop();
  await postgres.stop();
});

const nodeOn = ({ db, wakes }: OpenDatabase) => createService({ ...service.dependencies, db, wakes });
const node = (number: number) => (number % 2 === 0 ? service.app : second);

test('every connection to the server is as one of ours is', async () => {
  const settings = sql<{ name: string; setting: string }>`
    select name, setting from pg_settings
    where name in ('enable_hashjoin', 'enable_mergejoin', 'statement_timeout') order by name`;
  const direct = await openPostgres(postgres.url);
  const wanted = await settings.execute(direct.db);
  await direct.close();
  for (const { db } of databases) expect((await settings.execute(db)).rows).toEqual(wanted.rows);
});

test('of 20 submissions of one code at the same moment, to both nodes, one is accepted', async () => {
  const customer = await service.active();
  for (let round = 0; round < 3; round += 1) {
    const code = await customer.code();
    const path = `/v1/tokens/${customer.userId}/verify`;
    const requests = Array.from({ length: 20 }, () => ({ path, body: { code } }));
    const answers = await atOnce<{ accepted: boolean }>(node, service.apiKey, requests);
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
    service.nextStep();
  }
});

/** Asks a customer at the first node, waits for the decision at another, and decides at the first. */
async function decidedElsewhere(customer: Customer, at: TestService['app']) {
  const { ask, path, decide, verify } = confirmations(service);
  const asked = await ask(customer);
  const waiting = at.request(`${ORIGIN}${path(customer, `/${asked.id}?unless=waiting&wait=25`)}`, {
    headers: { Authorization: `Bearer ${service.apiKey}` },
  });
  await decide(customer, asked, 'confirmed');
  const told = (await (await waiting).json()) as Confirmation;
  const { accepted } = await verify(customer, asked);
  return { status: told.status, accepted };
}

test('who waits for a confirmation at one node is woken by a decision at the other', async () => {
  const customer = await service.active();
  const woken = vi.fn();
  const { wakes } = databases[1];
  const stop = wakes.on(customer.tokenId, woken);
  expect(await decidedElsewhere(customer, second)).toMatchObject({ status: 'confirmed', accepted: true });
  await vi.waitFor(() => expect(woken, 'asked, decided, used').toHaveBeenCalledTimes(3), 30_000);
  stop();
});

test('a node that cannot listen looks by itself', async () => {
  const relay = await relayTo(Number(new URL(postgres.url).port));
  const directUrl = postgres.url.replace(/:\d+\//, `:${relay.port}/`);
  const deaf = await openPostgres(pooled, { directUrl });
  await vi.waitFor(() => expect(deaf.wakes.hears()).toBe(true), 30_000);
  relay.close();
  await vi.waitFor(() => expect(deaf.wakes.hears()).toBe(false), 30_000);
  const customer = await service.active();
  const woken = vi.fn();
  deaf.wakes.on(customer.tokenId, woken);
  expect(await decidedElsewhere(customer, nodeOn(deaf))).toMatchObject({
    status: 'confirmed',
    accepted: true,
  });
  expect(woken).not.toHaveBeenCalled();
  await deaf.close();
});

/** Leads connections on to a port of this machine, until it is closed with all of them. */
async function relayTo(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const on = connect(port, '127.0.0.1');
    for (const one of [socket, on]) sockets.add(one.on('error', () => {}));
    socket.pipe(on).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test('both nodes sweep at once: what is old goes, nobody fails', async () => {
  const { db } = databases[0];
  await sql`
    insert into idempotency (institution, key, request_hash, token_id, accepted, created_at)
    select 'senpoku', 'old-' || n, '', '', true, now() - interval '2 days' from generate_series(1, 6000) n`.execute(
    db,
  );
  await Promise.all(databases.map((one) => sweep(one.db, new Date())));
  const { rows } = await sql<{ left: string }>`
    select count(*) as left from idempotency where key like 'old-%'`.execute(db);
  expect(rows).toEqual([{ left: '0' }]);
});

test('the bank finds its customers through it', async () => {
  const direct = await postgres.createDatabase('warifu_bank');
  const port = await freePort();
  const bank = await startPart('bank/main.ts', {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-pgbouncer-bank-')),
    WARIFU_PORT: String(port - 1),
    WARIFU_BANK_HOST: '0.0.0.0',
    WARIFU_TRUSTED_PROXIES: '127.0.0.1',
    BANK_DATABASE_URL: bouncer.through(direct),
    BANK_DATABASE_DIRECT_URL: direct,
  });
  const elsewhere = await fetch(`http://127.0.0.2:${port}/readyz`);
  expect(elsewhere.status, 'it listens where it is told').toBe(200);
  // One at a time: a busy machine refuses who waits four seconds for others.
  for (let login = 0; login < 4; login += 1) {
    expect((await logInAtOnce(port, 1)).statuses).toEqual({ 422: 1 });
  }
  expect(await bank.kill('SIGTERM')).toBe(0);
});

test('connections are cut and the database is killed behind it: 503 meanwhile, nothing lost or doubled', async () => {
  const running = await startNode(pooled, {
    DATABASE_DIRECT_URL: postgres.url,
    WARIFU_DATA: service.folder,
  });
  await forgetTokens(postgres);
  const load = issueAtRate(running, 60);
  for (let time = 0; time < 10; time += 1) await cutAll(postgres);
  await untilReady(running.port);
  const cut = await load.end();
  const { outcomes } = await killDatabase(postgres, running, { perSecond: 60, awayMs: 300 });
  expect(running.isAlive()).toBe(true);
  expect(['201', '503']).toEqual(expect.arrayContaining(Object.keys(tally([...cut, ...outcomes]))));
  expect(await lostAndDoubled(postgres, running, [...cut, ...outcomes])).toEqual({ lost: 0, doubled: 0 });
  expect(await running.part.kill('SIGTERM')).toBe(0);
});
