import { Kysely, PostgresDialect, sql } from 'kysely';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Migrations, migrate } from '../../../host/database.ts';
import { openPostgres as openServiceDatabase } from '../../../server/store/database.ts';
import { migrationsFor } from '../../../server/store/migrations.ts';
import { SENPOKU } from '../../institutions.ts';
import { lostAndDoubled } from '../faults/database.ts';
import { FEW, issueAtRate, issueUntilTaken, refusedShare, tally, untilReady } from '../faults/load.ts';
import { type Node, startNode } from '../faults/node.ts';
import { plainPool, startPostgres, type TestPostgres } from '../postgres.ts';

/** A later release migrates the database under the nodes of this one. */

const TODAY = migrationsFor([SENPOKU]);

/** What an expanding migration may do: columns that may be left out, tables, indexes. */
const expand = async (db: Kysely<unknown>) => {
  await sql`
    alter table tokens add of_next text, add counted_next integer not null default 0`.execute(db);
  await sql`create index tokens_next on tokens (of_next)`.execute(db);
  await sql`create table next_table (id text primary key)`.execute(db);
};

async function migrateTo(url: string, migrations: Migrations) {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: plainPool(url) }),
  });
  await migrate(db, migrations);
  await db.destroy();
}

let postgres: TestPostgres;
let node: Node;
beforeAll(async () => {
  postgres = await startPostgres();
  node = await startNode(postgres.url);
});
afterAll(async () => {
  await node.part.kill('SIGTERM');
  await postgres.stop();
});

test('a migration of several tables gives way to a statement that has the second and wants the first', async () => {
  const url = await postgres.createDatabase('before');
  const before = new Client({ connectionString: url });
  await before.connect();
  const old = Object.entries(TODAY).filter(([name]) => name < '0024_challenges');
  await migrateTo(url, Object.fromEntries(old));
  await before.query('begin; select from confirmations limit 0');
  const said: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line) => said.push(line) });
  const migrating = openServiceDatabase(url, { institutions: [SENPOKU], logger });
  const waits = `select from pg_locks where not granted and relation = 'confirmations'::regclass`;
  await expect.poll(async () => (await before.query(waits)).rowCount, { timeout: 20_000 }).toBe(1);
  await before.query('select from idempotency limit 0');
  await before.query('commit');
  const { db, close } = await migrating;
  expect(JSON.parse(said[0] ?? '')).toMatchObject({
    reason: '55P03',
    msg: 'cannot migrate the tables while others work with them; will retry',
  });
  await db.selectFrom('challenges').select('id').execute();
  await close();
  await before.end();
});

test('while it is expanded, and after that, a running node goes on: no request fails, nothing is lost or doubled', async () => {
  const load = issueAtRate(node, 40, issueUntilTaken);
  const issued = async (count: number) => {
    const client = plainPool(postgres.url);
    const there = async () => Number((await client.query('select count(*) from tokens')).rows[0].count);
    const until = (await there()) + count;
    while ((await there()) < until) await new Promise((resolve) => setTimeout(resolve, 20));
    await client.end();
  };
  await issued(50);
  await migrateTo(postgres.url, { ...TODAY, '9998_next': { up: expand } });
  await issued(100);
  const outcomes = await load.end();
  expect(Object.keys(tally(outcomes))).toEqual(['201']);
  expect(refusedShare(outcomes)).toBeLessThan(FEW);
  expect(await lostAndDoubled(postgres, node, outcomes)).toEqual({ lost: 0, doubled: 0 });
});

test('it can be started again, or gone back to, on the expanded database', async () => {
  const again = await startNode(postgres.url, { WARIFU_DATA: node.data });
  await untilReady(again.port);
  expect(await again.part.kill('SIGTERM')).toBe(0);
});

test('once a later release has taken something away, it is not started, and says why', async () => {
  await migrateTo(postgres.url, { ...TODAY, '9999_next_contract': { up: async () => {} } });
  await expect(startNode(postgres.url, { WARIFU_DATA: node.data })).rejects.toThrow(
    'the database is of a newer release (9999_next_contract)',
  );
});
