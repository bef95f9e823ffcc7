import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteOld } from '../../../host/sweep.ts';
import { type OpenDatabase, openPostgres } from '../../../server/store/database.ts';
import { sweep } from '../../../server/store/sweep.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { startPostgres, type TestPostgres } from '../../service/postgres.ts';

let postgres: TestPostgres;
let databases: readonly OpenDatabase[];
beforeAll(async () => {
  postgres = await startPostgres();
  databases = [await openPostgres(postgres.url), await openServiceMemory()];
}, 90_000);
afterAll(async () => {
  for (const { close } of databases) await close();
  await postgres.stop();
});

const NOW = new Date('2026-11-21T00:00:00Z');

/** Idempotency keys of two days ago, and one of today. */
async function remember(database: OpenDatabase, old: number): Promise<void> {
  await sql`truncate idempotency`.execute(database.db);
  await sql`
    insert into idempotency (institution, key, request_hash, token_id, accepted, created_at)
    select 'senpoku', n::text, '', '', true, ${NOW}::timestamptz - make_interval(days => case when n = 0 then 0 else 2 end)
    from generate_series(0, ${old}::integer) n`.execute(database.db);
}

const left = async ({ db }: OpenDatabase) =>
  (await db.selectFrom('idempotency').select('key').execute()).map(({ key }) => key);

test('a backlog of any size is deleted in batches, with its progress in the log, and nothing else', async () => {
  for (const database of databases) {
    await remember(database, 4_500);
    const log: unknown[] = [];
    await sweep(database.db, NOW, { logger: { info: (entry: unknown) => log.push(entry) } });
    expect(await left(database)).toEqual(['0']);
    expect(log).toEqual([{ table: 'idempotency', deleted: 4_500 }]);
  }
});

test('while one node sweeps, another leaves it to that one', async () => {
  const [database] = databases;
  if (database === undefined) throw new Error('no database');
  await remember(database, 10);
  await database.db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('warifu sweep'), hashtext('idempotency'))`.execute(trx);
    expect(await deleteOld(database.db, { table: 'idempotency', by: 'created_at', before: NOW })).toBe(0);
  });
  expect(await deleteOld(database.db, { table: 'idempotency', by: 'created_at', before: NOW })).toBe(10);
});

test('a part that stops ends its sweep after the batch under way', async () => {
  const [database] = databases;
  if (database === undefined) throw new Error('no database');
  await remember(database, 4_500);
  const rows = { table: 'idempotency', by: 'created_at', before: NOW };
  expect(await deleteOld(database.db, rows, { stopping: AbortSignal.abort() })).toBe(2_000);
});

test('a table that cannot be swept keeps no other from it, and is said at the end', async () => {
  const [database] = databases;
  if (database === undefined) throw new Error('no database');
  await remember(database, 10);
  await sql`alter table proofs rename to proofs_away`.execute(database.db);
  await expect(sweep(database.db, NOW)).rejects.toThrow('proofs');
  await sql`alter table proofs_away rename to proofs`.execute(database.db);
  expect(await left(database)).toEqual(['0']);
});

test.each([
  ['idempotency', sql`created_at < now() order by created_at limit 2000`, 'idempotency_age'],
  ['proofs', sql`expires_at < now() order by expires_at limit 2000`, 'proofs_age'],
  ['events', sql`created_at < now() and channel = 'push' order by created_at limit 2000`, 'events_pushes'],
])('the oldest of %s are found by index', async (table, where, index) => {
  const [database] = databases;
  if (database === undefined) throw new Error('no database');
  const { rows } = await database.db.transaction().execute(async (trx) => {
    // A table as small as this one would be read whole, by what was last counted of it.
    await sql`set local enable_seqscan = off`.execute(trx);
    return sql<{ 'QUERY PLAN': string }>`
      explain select ctid from ${sql.table(table)} where ${where}`.execute(trx);
  });
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain(index);
});
