import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { reachPostgres } from '../../../host/postgres.ts';
import { openPostgres } from '../../../server/store/database.ts';
import { freePort } from '../free-port.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';
import { startPart } from '../process.ts';
import {
  cutAll,
  cutConnections,
  forgetTokens,
  killDatabase,
  lostAndDoubled,
  standDatabase,
} from './database.ts';
import { wake } from './flood.ts';
import { issue, tally, untilReady } from './load.ts';
import { type Node, startNode } from './node.ts';

/** The database goes and comes: quick versions of what `node tests/service/faults/run.ts` does for longer, and times. */

let postgres: TestPostgres;
let node: Node;
beforeAll(async () => {
  postgres = await startPostgres();
  node = await startNode(postgres.url);
});
beforeEach(() => forgetTokens(postgres));
afterAll(async () => {
  await node.part.kill('SIGTERM');
  await postgres.stop();
});

test('R1: connections cut 20 times in mid-load: nobody exits, nothing is lost or doubled', async () => {
  const { outcomes } = await cutConnections(postgres, node, { perSecond: 100, times: 20 });
  expect(node.isAlive()).toBe(true);
  expect(['201', '503']).toEqual(expect.arrayContaining(Object.keys(tally(outcomes))));
  expect(await lostAndDoubled(postgres, node, outcomes)).toEqual({ lost: 0, doubled: 0 });
});

test('R1: the database killed in mid-load: 503 meanwhile, ready when it is back, nothing lost or doubled', async () => {
  const { outcomes } = await killDatabase(postgres, node, { perSecond: 100, awayMs: 300 });
  expect(node.isAlive()).toBe(true);
  expect(Object.keys(tally(outcomes)).sort()).toEqual(['201', '503']);
  expect(await lostAndDoubled(postgres, node, outcomes)).toEqual({ lost: 0, doubled: 0 });
});

test('L2: a standing database: every request is answered while it stands, memory stays', async () => {
  const before = node.residentMb();
  const { outcomes, waitedForIt } = await standDatabase(postgres, node, { perSecond: 150, standMs: 4_000 });
  expect(node.isAlive()).toBe(true);
  expect(waitedForIt).toBe(0);
  expect(Object.keys(tally(outcomes))).toContain('503');
  expect(Object.keys(tally(outcomes))).not.toContain('0');
  expect(node.residentMb() - before).toBeLessThan(60);
});

/** When an unanswered statement is noticed, and for how long a probe waits then. */
const [DOUBTED_AFTER_MS, PROBED_FOR_MS] = [625, 1_000];

test('R1: a request that gave the standing database up keeps no connection when it answers again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const answersAgain = Promise.withResolvers<void>();
  const logger = { warn: () => {}, info: () => answersAgain.resolve() };
  const { pool } = reachPostgres(postgres.url, { connections: 1, logger });
  const only = await pool.connect();
  postgres.stand();
  const unanswered = only.query('select 1');
  const refused = expect(pool.connect()).rejects.toThrow(
    'database does not answer; refusing requests until it does',
  );
  await vi.advanceTimersByTimeAsync(DOUBTED_AFTER_MS);
  await vi.advanceTimersByTimeAsync(PROBED_FOR_MS);
  await refused;
  postgres.goOn();
  await unanswered;
  await answersAgain.promise;
  only.release();
  const next = await pool.connect();
  next.release();
  await pool.end();
});

test.each([
  ['server/main.ts', 'DATABASE_URL', 0],
  ['bank/main.ts', 'BANK_DATABASE_URL', 1],
])(
  'R1: the database is not there yet: %s waits for it, and says and measures so',
  async (file, database, offset) => {
    const url = await postgres.createDatabase(`early_${offset}`);
    await postgres.crash();
    const [first, metricsPort] = [await freePort(), await freePort()];
    const port = first + offset;
    const starting = startPart(file, {
      WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-faults-')),
      WARIFU_PORT: String(first),
      WARIFU_METRICS_PORT: String(metricsPort),
      [database]: url,
    });
    const isUp = () =>
      fetch(`http://127.0.0.1:${metricsPort}/metrics`).then(
        async (answer) => /^warifu_database_up (\d)$/m.exec(await answer.text())?.[1],
        () => 'not measured',
      );
    await untilReady(port, '/healthz');
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(502);
    await expect.poll(isUp, { timeout: 20_000 }).toBe('0');
    await postgres.restart();
    const part = await starting;
    await untilReady(port);
    expect(part.output.join('\n')).toContain('cannot connect to the database yet; will retry');
    await expect.poll(isUp, { timeout: 20_000 }).toBe('1');
    expect(await part.kill('SIGTERM')).toBe(0);
  },
);

test.each([
  [
    'a wrong password',
    (url: string) => url.replace('warifu:warifu@', 'warifu:geheim@'),
    /password authentication failed/,
  ],
  ['no such database', (url: string) => url.replace(/\/warifu$/, '/nowhere'), /does not exist/],
  ['no URL', () => 'geheim', /the database URL must look like postgres:/],
])('%s is said at start, without the URL', async (_, change, said) => {
  const part = await startPart('server/main.ts', {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-faults-')),
    WARIFU_PORT: String(await freePort()),
    DATABASE_URL: change(postgres.url),
  });
  expect(await part.exited).toBe(1);
  expect(part.output.join('\n')).toMatch(said);
  expect(part.output.join('\n')).not.toContain('geheim');
});

test.each([
  ['server/main.ts', 'DATABASE_URL', 'WARIFU_MASTER_KEY'],
  ['bank/main.ts', 'BANK_DATABASE_URL', 'WARIFU_BANK_KEY'],
])('%s refuses to start on a database of another key', async (file, database, key) => {
  const url = await postgres.createDatabase(key.toLowerCase());
  const starting = async () =>
    startPart(file, {
      WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-faults-')),
      WARIFU_PORT: String(await freePort()),
      [database]: url,
      [key]: randomBytes(32).toString('base64url'),
    });
  const first = await starting();
  await first.kill('SIGTERM');
  const second = await starting();
  expect(await second.exited).toBe(1);
  expect(second.output.join('\n')).toContain(`${key} is not the key`);
});

test('R1: a server that takes no writes any more: 503 until there is one that does', async () => {
  const withAdmin = async (text: string) => {
    const admin = new Client({
      connectionString: postgres.url,
      options: '-c default_transaction_read_only=off',
    });
    await admin.connect();
    await admin.query(text);
    await admin.end();
  };
  await withAdmin('alter database warifu set default_transaction_read_only = on');
  await cutAll(postgres);
  expect((await issue(node, 'read-only')).status).toBe(503);
  await withAdmin('alter database warifu set default_transaction_read_only = off');
  await untilReady(node.port);
  expect((await issue(node, 'read-only')).status).toBe(201);
});

test('R1: of several servers in the URL, the one that is there is used', async () => {
  const nobody = await freePort();
  const url = postgres.url.replace('@', `@127.0.0.1:${nobody},`);
  const other = await startNode(url, { WARIFU_DATA: node.data });
  await untilReady(other.port);
  expect((await issue(other, 'several')).status).toBe(201);
  await other.part.kill('SIGTERM');
});

test('R1: after a cut, whoever waits is woken, and hears of what changes again', async () => {
  const { wakes, close } = await openPostgres(postgres.url);
  const woken = vi.fn();
  wakes.on('a-token', woken);
  await vi.waitFor(() => expect(woken).toHaveBeenCalledTimes(1), 30_000);
  await cutAll(postgres);
  await vi.waitFor(() => expect(woken).toHaveBeenCalledTimes(2), 30_000);
  await wake(postgres.url, 'a-token/a-confirmation');
  await vi.waitFor(() => expect(woken).toHaveBeenCalledTimes(3), 30_000);
  await close();
});
