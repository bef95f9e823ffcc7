import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Audit } from '../../../../host/audit/chain.ts';
import { readHeads } from '../../../../host/audit/ends.ts';
import { linkEntries } from '../../../../host/audit/link.ts';
import type { OpenDatabase } from '../../../../server/store/database.ts';
import { append, judge, newAudit, tamper } from '../../../service/audit-entries.ts';
import { openServiceMemory } from '../../../service/memory.ts';

let opened: OpenDatabase;
let db: OpenDatabase['db'];
let audit: Audit;
beforeEach(async () => {
  opened = await openServiceMemory();
  db = opened.db;
  audit = newAudit('audit');
});
afterEach(() => opened.close());

const links = async () => {
  const { rows } = await sql<{ number: number; entry: number }>`
    select number::float8 as number, entry::float8 as entry from audit_links order by number`.execute(db);
  return rows.map(({ number, entry }) => [number, entry]);
};

test('no entry: an empty chain is good, and has no head', async () => {
  expect(await judge(db, audit)).toEqual({});
  expect(await linkEntries(db, audit)).toBe(0);
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, count: 0, unlinked: 0 } });
  expect(await readHeads(db, audit)).toEqual([]);
});

test('one entry is a chain of one', async () => {
  await append(db, 'audit', 'senpoku', 1);
  expect(await linkEntries(db, audit)).toBe(1);
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, count: 1, unlinked: 0 } });
});

test('what is not linked yet is counted, and no fault', async () => {
  await append(db, 'audit', 'senpoku', 1);
  await linkEntries(db, audit);
  await append(db, 'audit', 'senpoku', 2);
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, count: 1, unlinked: 2 } });
});

test('entries of many institutions in one batch go to a chain each', async () => {
  for (const institution of ['a', 'b', 'a', 'c', 'b', 'a']) await append(db, 'audit', institution, 1);
  expect(await linkEntries(db, audit)).toBe(6);
  const heads = await readHeads(db, audit);
  expect(heads.map(({ institution, count }) => [institution, count])).toEqual([
    ['a', 3],
    ['b', 2],
    ['c', 1],
  ]);
  expect(Object.values(await judge(db, audit)).every(({ what }) => what === undefined)).toBe(true);
});

test('an old database is linked in bounded batches, as much as there is', async () => {
  await append(db, 'audit', 'senpoku', 25);
  expect(await linkEntries(db, audit, { batch: 10 })).toBe(25);
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, count: 25 } });
});

test('stopped, it ends with a whole batch and goes on later', async () => {
  await append(db, 'audit', 'senpoku', 25);
  expect(await linkEntries(db, audit, { stopping: AbortSignal.abort() })).toBe(0);
  expect(await linkEntries(db, audit)).toBe(25);
});

test('an entry that appears after a higher one was linked comes after it', async () => {
  await append(db, 'audit', 'senpoku', 5);
  await tamper(
    db,
    audit,
    'create temp table held as select * from ENTRIES where id = 3; delete from ENTRIES where id = 3',
  );
  await linkEntries(db, audit);
  expect(await linkEntries(db, audit)).toBe(0);
  await tamper(db, audit, 'insert into ENTRIES overriding system value select * from held');
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, unlinked: 1 } });
  await append(db, 'audit', 'senpoku', 1);
  expect(await linkEntries(db, audit)).toBe(2);
  expect(await links()).toEqual([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 5],
    [5, 3],
    [6, 6],
  ]);
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, count: 6, unlinked: 0 } });
});

test('such an entry is linked also where every node was away for long', async () => {
  await append(db, 'audit', 'senpoku', 3);
  await tamper(
    db,
    audit,
    'create temp table held as select * from ENTRIES where id = 2; delete from ENTRIES where id = 2',
  );
  await linkEntries(db, audit);
  await tamper(
    db,
    audit,
    `insert into ENTRIES overriding system value select * from held; update GAPS set seen_at = now() - interval '1 day'`,
  );
  expect(await linkEntries(db, audit)).toBe(1);
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, count: 3, unlinked: 0 } });
});

test('ids that nobody was given are looked for no more after a while', async () => {
  await append(db, 'audit', 'senpoku', 1);
  await sql`select nextval(pg_get_serial_sequence('audit', 'id')) from generate_series(1, 3)`.execute(db);
  await append(db, 'audit', 'senpoku', 1);
  await linkEntries(db, audit);
  const gaps = async () =>
    (await sql`select first::float8 as first, last::float8 as last from audit_gaps`.execute(db)).rows;
  expect(await gaps()).toEqual([{ first: 2, last: 4 }]);
  await tamper(db, audit, `update GAPS set seen_at = now() - interval '1 day'`);
  await linkEntries(db, audit);
  expect(await gaps()).toEqual([]);
});

test('a batch that fails leaves nothing of it', async () => {
  await append(db, 'audit', 'senpoku', 3);
  await linkEntries(db, audit);
  await append(db, 'audit', 'senpoku', 3);
  await sql`alter table audit_root add constraint stuck check (reached < 5)`.execute(db);
  await expect(linkEntries(db, audit)).rejects.toThrow();
  expect(await links()).toHaveLength(3);
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, count: 3, unlinked: 3 } });
  await sql`alter table audit_root drop constraint stuck`.execute(db);
  expect(await linkEntries(db, audit)).toBe(3);
  expect(await judge(db, audit)).toMatchObject({ senpoku: { what: undefined, count: 6, unlinked: 0 } });
});

test.each(['update audit_links set number = 9', 'delete from audit_links', 'truncate audit_links'])(
  'links are append-only: %s',
  async (statement) => {
    await append(db, 'audit', 'senpoku', 1);
    await linkEntries(db, audit);
    await expect(sql.raw(statement).execute(db)).rejects.toThrow('append-only');
  },
);
