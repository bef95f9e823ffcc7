import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Audit } from '../../host/audit/chain.ts';
import { linkEntries } from '../../host/audit/link.ts';
import { type OpenDatabase, openPostgres } from '../../server/store/database.ts';
import { append, judge, newAudit } from './audit-entries.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';

/** Several nodes link the same audit on a real PostgreSQL. */

let postgres: TestPostgres;
let databases = 0;
let url: string;
let audit: Audit;
const open: OpenDatabase[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
beforeEach(async () => {
  databases += 1;
  url = await postgres.createDatabase(`audit${databases}`);
  audit = newAudit('audit');
  return async () => {
    await Promise.all(open.splice(0).map(({ close }) => close()));
  };
});
afterAll(() => postgres.stop());

async function node(): Promise<OpenDatabase['db']> {
  const opened = await openPostgres(url);
  open.push(opened);
  return opened.db;
}

const INSTITUTIONS = ['senpoku', 'akita'];

test('four nodes link what four nodes write, some of it undone: no fork, no loss', async () => {
  const nodes = [await node(), await node(), await node(), await node()];
  let writing = true;
  const write = async (db: OpenDatabase['db'], institution: string) => {
    for (let round = 0; round < 40; round += 1) {
      await append(db, 'audit', institution, 3);
      // An id that is given and never seen, and one that is seen late.
      const undone = db.transaction().execute(async (trx) => {
        await append(trx, 'audit', institution, 1);
        await sql`select pg_sleep(0.005)`.execute(trx);
        if (round % 2 === 0) throw new Error('undone');
      });
      await undone.catch(() => {});
    }
  };
  const link = async (db: OpenDatabase['db']) => {
    while (writing) await linkEntries(db, audit, { batch: 7 });
  };
  const linking = nodes.map(link);
  await Promise.all(nodes.map((db, index) => write(db, INSTITUTIONS[index % 2] ?? '')));
  writing = false;
  await Promise.all(linking);
  const [db] = nodes as [OpenDatabase['db']];
  await linkEntries(db, audit);
  const each = { what: undefined, unlinked: 0, count: 2 * 40 * 3 + 2 * 20 };
  expect(await judge(db, audit)).toMatchObject({ senpoku: each, akita: each });
});

test('an entry of a statement that takes longer than the others is linked when it is seen', async () => {
  const db = await node();
  const slow = await node();
  await append(db, 'audit', 'senpoku', 2);
  await slow.transaction().execute(async (trx) => {
    await append(trx, 'audit', 'senpoku', 1);
    await append(db, 'audit', 'senpoku', 2);
    expect(await linkEntries(db, audit)).toBe(4);
  });
  expect(await linkEntries(db, audit)).toBe(1);
  const { rows } = await sql`select entry::integer as entry from audit_links order by number`.execute(db);
  expect(rows.map((row) => (row as { entry: number }).entry)).toEqual([1, 2, 4, 5, 3]);
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, count: 5, unlinked: 0 } });
});

test('a server that fails in the middle of linking: what is there holds, and the rest follows', async () => {
  const db = await node();
  await append(db, 'audit', 'senpoku', 1_500);
  const killer = await node();
  const linking = linkEntries(db, audit, { batch: 5 });
  const failed = expect(linking).rejects.toThrow();
  const linked = async () =>
    (await sql<{ links: boolean }>`select exists (select from audit_links) as links`.execute(killer)).rows[0]
      ?.links;
  while (!(await linked()));
  await killer.transaction().execute(async (trx) => {
    // From here on no batch can be committed: the server fails within one.
    await sql`lock table audit_links in share mode`.execute(trx);
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(trx);
  });
  await failed;
  const half = (await judge(killer, audit)).senpoku;
  expect(half).toMatchObject({ what: undefined });
  expect((half?.count ?? 0) % 5).toBe(0);
  expect((half?.count ?? 0) + (half?.unlinked ?? 0)).toBe(1_500);
  await linkEntries(killer, audit);
  expect(await judge(killer, audit)).toMatchObject({
    senpoku: { what: undefined, count: 1_500, unlinked: 0 },
  });
});

test('verification while nodes link sees one moment', async () => {
  const db = await node();
  const other = await node();
  let writing = true;
  const work = (async () => {
    while (writing) {
      await append(other, 'audit', 'senpoku', 5);
      await linkEntries(other, audit, { batch: 2 });
    }
  })();
  for (let round = 0; round < 20; round += 1) {
    const judged = await judge(db, audit);
    for (const { what } of Object.values(judged)) expect(what).toBeUndefined();
  }
  writing = false;
  await work;
});
