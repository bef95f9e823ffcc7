import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../../host/database.ts';
import { migrationsFor } from '../../../server/store/migrations.ts';
import { SENPOKU } from '../../institutions.ts';
import { lostAndDoubled } from '../faults/database.ts';
import { issueAtRate, tally, untilReady } from '../faults/load.ts';
import { type Node, startNode } from '../faults/node.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';

/** A later release migrates the database under the nodes of this one. */

/** What an expanding migration may do: columns that may be left out, tables, indexes; and it locks one of the tables there are. */
const expand = async (db: Kysely<unknown>) => {
  await sql`
    alter table tokens add of_next text, add counted_next integer not null default 0`.execute(db);
  await sql`create index tokens_next on tokens (of_next)`.execute(db);
  await sql`create table next_table (id text primary key)`.execute(db);
};

async function migrateTo(url: string, name: string, up: (db: Kysely<unknown>) => Promise<void>) {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }),
  });
  await migrate(db, { ...migrationsFor([SENPOKU]), [name]: { up } });
  await db.destroy();
}

let postgres: TestPostgres;
let node: Node;
beforeAll(async () => {
  postgres = await startPostgres();
  node = await startNode(postgres.url);
}, 90_000);
afterAll(async () => {
  await node.part.kill('SIGTERM');
  await postgres.stop();
});

test('while it is expanded, and after that, a running node goes on: no request fails, nothing is lost or doubled', async () => {
  const load = issueAtRate(node, 100);
  const issued = async (count: number) => {
    const client = new Pool({ connectionString: postgres.url });
    const there = async () => Number((await client.query('select count(*) from tokens')).rows[0].count);
    const until = (await there()) + count;
    while ((await there()) < until) await new Promise((resolve) => setTimeout(resolve, 20));
    await client.end();
  };
  await issued(50);
  await migrateTo(postgres.url, '9998_next', expand);
  await issued(100);
  const outcomes = await load.end();
  expect(Object.keys(tally(outcomes))).toEqual(['201']);
  expect(await lostAndDoubled(postgres, node, outcomes)).toEqual({ lost: 0, doubled: 0 });
});

test('it can be started again, or gone back to, on the expanded database', async () => {
  const again = await startNode(postgres.url, { WARIFU_DATA: node.data });
  await untilReady(again.port);
  expect(await again.part.kill('SIGTERM')).toBe(0);
});

test('once a later release has taken something away, it is not started, and says why', async () => {
  await migrateTo(postgres.url, '9999_next_contract', async () => {});
  await expect(startNode(postgres.url, { WARIFU_DATA: node.data })).rejects.toThrow(
    'the database is of a newer release (9999_next_contract)',
  );
});
