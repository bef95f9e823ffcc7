import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Audit } from '../../../../host/audit/chain.ts';
import { dropThrough, numberBefore } from '../../../../host/audit/drop.ts';
import { readHeads } from '../../../../host/audit/ends.ts';
import { linkEntries } from '../../../../host/audit/link.ts';
import { append, judge, newAudit, TABLES, tamper } from '../../../service/audit-entries.ts';
import { openBankMemory, openServiceMemory } from '../../../service/memory.ts';

/** What is left of a chain whose older entries were dropped verifies, and nothing can be dropped otherwise. */

const OLD = new Date('2020-04-01T00:00:00Z');
const by = { at: '2026-11-28T00:00:00.000Z', actor: 'ops01', reason: 'kept long enough' };
const GOOD = { what: undefined, number: undefined, id: undefined, unlinked: 0 };

describe.each(TABLES)('in the audit %s', (table) => {
  let db: Kysely<unknown>;
  let close: () => Promise<void>;
  let audit: Audit;

  beforeEach(async () => {
    const opened = await (table === 'audit' ? openServiceMemory() : openBankMemory());
    db = opened.db as unknown as Kysely<unknown>;
    close = opened.close;
    audit = newAudit(table);
    await append(db, table, 'senpoku', 6);
    await append(db, table, 'akita', 2);
    await edit(`update ENTRIES set at = '2020-03-31' where id <= 4`);
    await linkEntries(db, audit);
  });
  afterEach(() => close());

  const edit = (statement: string) => tamper(db, audit, statement);
  const drop = (through: number) => dropThrough(db, audit, { institution: 'senpoku', by, through });

  test('the rest of the chain is good, goes on, and the others are left', async () => {
    expect(await numberBefore(db, audit, 'senpoku', OLD)).toBe(4);
    expect(await drop(4)).toBe(4);
    expect(await drop(4)).toBe(0);
    expect(await numberBefore(db, audit, 'senpoku', OLD)).toBeUndefined();
    const all = { senpoku: { ...GOOD, count: 6 }, akita: { ...GOOD, count: 2 } };
    expect(await judge(db, audit)).toEqual(all);
    await append(db, table, 'senpoku', 1);
    await linkEntries(db, audit);
    expect(await judge(db, audit)).toEqual({ ...all, senpoku: { ...GOOD, count: 7 } });
  });

  test('all of it can be dropped, and what comes next is linked behind', async () => {
    expect(await drop(6)).toBe(6);
    expect((await judge(db, audit)).senpoku).toEqual({ ...GOOD, count: 6 });
    await append(db, table, 'senpoku', 1);
    await linkEntries(db, audit);
    expect((await judge(db, audit)).senpoku).toEqual({ ...GOOD, count: 7 });
  });

  test('heads that were kept outside are held against it, also the one it was cut at', async () => {
    const since = await readHeads(db, audit);
    const other = since.map((head) => ({ ...head, hash: '0'.repeat(64) }));
    await drop(6);
    expect((await judge(db, audit, { since })).senpoku).toEqual({ ...GOOD, count: 6 });
    expect((await judge(db, audit, { since: other })).senpoku?.what).toBe(
      'does not begin at the head that was kept',
    );
  });

  test('nobody drops with the database alone', async () => {
    await expect(sql`delete from ${sql.table(table)} where id = 1`.execute(db)).rejects.toThrow(
      'append-only',
    );
    await expect(sql.raw(`delete from ${table}_links where number = 1`).execute(db)).rejects.toThrow(
      'append-only',
    );
    const older = `create temp table kept as select * from ${table}_begins`;
    await drop(2);
    await edit(older);
    await drop(4);
    // As if two more had been dropped.
    await edit(
      `delete from LINKS where number = 5 and institution = 'senpoku'; delete from ENTRIES where id = 5`,
    );
    expect((await judge(db, audit)).senpoku).toMatchObject({ what: 'was deleted with its link', number: 5 });
    await edit(`update ${table}_begins set number = 5`);
    expect((await judge(db, audit)).senpoku?.what).toBe('where it begins was changed');
    await expect(drop(6)).rejects.toThrow('where the chain begins was changed');
    await edit(`delete from ${table}_begins; insert into ${table}_begins select * from kept`);
    expect((await judge(db, audit)).senpoku).toMatchObject({ what: 'was deleted with its link', number: 3 });
    await edit(`delete from ${table}_begins`);
    expect((await judge(db, audit)).senpoku).toMatchObject({ what: 'was deleted with its link', number: 1 });
  });

  test('an entry that is put where dropped ones were is found', async () => {
    await edit(`create temp table kept as select * from ENTRIES where id = 3`);
    await drop(4);
    await edit(`insert into ENTRIES select * from kept`);
    expect((await judge(db, audit)).senpoku).toMatchObject({
      what: 'was inserted among entries that were linked long before',
      id: '3',
    });
  });
});
