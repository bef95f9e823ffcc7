import { once } from 'node:events';
import { sql } from 'kysely';
import type { PoolClient } from 'pg';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Postgres, reachPostgres } from '../../../host/postgres.ts';
import { openPostgres } from '../../../server/store/database.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';
import { wake } from './flood.ts';

/** Another server becomes the primary; `node tests/service/deploy/failover/run.ts` loses real ones under load. */

let former: TestPostgres;
let next: TestPostgres;
let url: string;
beforeAll(async () => {
  [former, next] = await Promise.all([startPostgres(), startPostgres()]);
  url = former.url.replace(/\/warifu$/, `,${new URL(next.url).host}/warifu`);
});
afterAll(() => Promise.all([former.stop(), next.stop()]));

/** The server acknowledges what it commits once a standby has it, and from now on there is one, or none. */
async function hasStandby(is: boolean): Promise<void> {
  const client = new Client({ connectionString: former.url });
  await client.connect();
  await client.query(`alter system set synchronous_standby_names = '${is ? '' : 'gone'}'`);
  await client.query('select pg_reload_conf()');
  // Its clients hear of the setting a moment before the process that puts it in force.
  await vi.waitFor(async () => expect(await commitWaits(client)).toBe(!is), 30_000);
  await client.end();
}

/** Whether a commit waits for a standby. One that does is let go, by `watcher`. */
async function commitWaits(watcher: Client): Promise<boolean> {
  const client = new Client({ connectionString: former.url });
  await client.connect();
  const { rows } = await client.query('select pg_backend_pid() as pid');
  let isDone = false;
  const committing = client.query(COMMIT).finally(() => {
    isDone = true;
  });
  const letGo = `select pg_cancel_backend(pid) from pg_stat_activity where pid = $1 and wait_event = 'SyncRep'`;
  let waited = false;
  await vi.waitUntil(async () => {
    const { rowCount } = await watcher.query(letGo, [rows[0].pid]);
    waited ||= rowCount === 1;
    return isDone;
  }, 30_000);
  await committing;
  await client.end();
  return waited;
}

/** Writes, and changes nothing. */
const COMMIT = `select pg_logical_emit_message(true, 'test', '')`;

const portOf = async (client: PoolClient) =>
  (await client.query('select inet_server_port() as port')).rows[0].port as number;
const portUsed = async ({ pool }: Postgres) => {
  const client = await pool.connect();
  return portOf(client).finally(() => client.release());
};
const commit = async ({ pool }: Postgres) => {
  const client = await pool.connect();
  await client.query(COMMIT).finally(() => client.release());
};
const FORMER = () => Number(new URL(former.url).port);
const NEXT = () => Number(new URL(next.url).port);

test('R1: a former primary that acknowledges nothing any more is left for the next one', async () => {
  const postgres = reachPostgres(url);
  expect(await portUsed(postgres)).toBe(FORMER());
  await hasStandby(false);
  await expect(commit(postgres)).rejects.toThrow('Query read timeout');
  expect(await portUsed(postgres)).toBe(NEXT());
  await commit(postgres);
  await hasStandby(true);
  await postgres.pool.end();
});

test('R1: connections to a former primary that stands are not used when there is a next one', async () => {
  const postgres = reachPostgres(url, { connections: 3 });
  const first = await postgres.pool.connect();
  const others = [await postgres.pool.connect(), await postgres.pool.connect()];
  expect(await portOf(first)).toBe(FORMER());
  for (const other of others) other.release();
  former.stand();
  await expect(portOf(first)).rejects.toThrow('Query read timeout');
  first.release();
  const ports = await Promise.all([1, 2, 3].map(() => portUsed(postgres)));
  expect(ports).toEqual([NEXT(), NEXT(), NEXT()]);
  former.goOn();
  await postgres.pool.end();
});

test('R1: whoever waits hears of changes on the next primary', async () => {
  await (await openPostgres(next.url)).close();
  const { db, wakes, close } = await openPostgres(url);
  const woken = vi.fn();
  wakes.on('a-token', woken);
  await vi.waitFor(() => expect(woken).toHaveBeenCalledTimes(1), 30_000);
  await hasStandby(false);
  await expect(sql.raw(COMMIT).execute(db)).rejects.toThrow('Query read timeout');
  await vi.waitFor(() => expect(woken).toHaveBeenCalledTimes(2), 30_000);
  await wake(next.url, 'a-token/a-confirmation');
  await vi.waitFor(() => expect(woken).toHaveBeenCalledTimes(3), 30_000);
  await hasStandby(true);
  await close();
});

test('R1: whoever listens past a pooler stays with the next primary, though the migrations found the former one', async () => {
  const postgres = reachPostgres(next.url, { directUrl: url });
  const migrating = postgres.patientPool();
  expect((await migrating.query('select inet_server_port() as port')).rows[0].port).toBe(FORMER());
  await migrating.end();
  former.stand();
  const lost = postgres.newClient();
  const ended = once(lost, 'end');
  await expect(lost.connect()).rejects.toThrow();
  await ended;
  former.goOn();
  const listening = postgres.newClient();
  await listening.connect();
  expect((await listening.query('select inet_server_port() as port')).rows[0].port).toBe(NEXT());
  expect(listening.isOfFormerPrimary).toBe(false);
  await listening.end();
  await postgres.pool.end();
});
