import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Audit, headSeal, linkHash } from '../../../../host/audit/chain.ts';
import { readHeads } from '../../../../host/audit/ends.ts';
import { columnNames } from '../../../../host/audit/entries.ts';
import { linkEntries } from '../../../../host/audit/link.ts';
import { append, judge, newAudit, TABLES, tamper } from '../../../service/audit-entries.ts';
import { openBankMemory, openServiceMemory } from '../../../service/memory.ts';

/** Whoever has the database alone, with all rights in it, changes what was linked. */

const OTHER = 'akita';
const COUNT = 6;

describe.each(TABLES)('in the audit %s', (table) => {
  let db: Kysely<unknown>;
  let close: () => Promise<void>;
  let audit: Audit;

  beforeEach(async () => {
    const opened = await (table === 'audit' ? openServiceMemory() : openBankMemory());
    db = opened.db as unknown as Kysely<unknown>;
    close = opened.close;
    audit = newAudit(table);
    await append(db, table, 'senpoku', COUNT);
    await append(db, table, OTHER, 2);
    await linkEntries(db, audit);
  });
  afterEach(() => close());

  const edit = (statement: string) => tamper(db, audit, statement);
  const ofSenpoku = async () => (await judge(db, audit)).senpoku;

  test('nothing is found where nothing was changed', async () => {
    expect(await judge(db, audit)).toEqual({
      senpoku: { what: undefined, number: undefined, id: undefined, unlinked: 0, count: COUNT },
      [OTHER]: { what: undefined, number: undefined, id: undefined, unlinked: 0, count: 2 },
    });
  });

  test('a change of any column is found, and the entry named', async () => {
    const names = await columnNames(db, audit);
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const { rows } = await sql<{ was: string | null; type: string }>`
        select ${sql.ref(name)}::text as was, pg_typeof(${sql.ref(name)})::text as type
        from ${sql.table(table)} where id = 3`.execute(db);
      const [{ was, type } = { was: null, type: '' }] = rows;
      const to = {
        bigint: '1003',
        integer: `coalesce(${name}, 0) + 1`,
        jsonb: `coalesce(${name}, '[]') || '["x"]'`,
        'timestamp with time zone': `${name} + interval '1 microsecond'`,
      }[type];
      await edit(`update ENTRIES set ${name} = ${to ?? `coalesce(${name}, '') || 'x'`} where id = 3`);
      expect(await ofSenpoku(), name).toMatchObject({ number: 3, id: '3' });
      const id = name === 'id' ? 1003 : 3;
      await edit(`update ENTRIES set ${name} = ${was === null ? 'null' : `'${was}'`} where id = ${id}`);
      expect(await ofSenpoku(), name).toMatchObject({ what: undefined });
    }
  });

  test('the chain of another institution stays good', async () => {
    await edit('delete from ENTRIES where id = 3');
    expect((await judge(db, audit))[OTHER]).toMatchObject({ what: undefined, count: 2 });
  });

  test.each([
    ['an entry was deleted', 'delete from ENTRIES where id = 3', { number: 3, id: '3' }],
    ['the first was deleted', 'delete from ENTRIES where id = 1', { number: 1, id: '1' }],
    ['the last was deleted', `delete from ENTRIES where id = ${COUNT}`, { number: COUNT, id: String(COUNT) }],
    [
      'one was deleted with its link',
      'delete from LINKS where entry = 3; delete from ENTRIES where id = 3',
      { number: 3 },
    ],
    [
      'one was deleted and the others moved up',
      `delete from LINKS where entry = 3; delete from ENTRIES where id = 3;
       update LINKS set number = -number where institution = 'senpoku' and number > 3;
       update LINKS set number = -number - 1 where number < 0;
       update HEADS set count = count - 1 where institution = 'senpoku'`,
      { number: 3, id: '4' },
    ],
    ['only the link was deleted', 'delete from LINKS where entry = 3', { number: 3 }],
    [
      'two changed places',
      'update LINKS set number = 99 where entry = 3; update LINKS set number = 3 where entry = 4; update LINKS set number = 4 where entry = 3',
      { number: 3, id: '4' },
    ],
    [
      'two changed ids',
      'update ENTRIES set id = 99 where id = 3; update ENTRIES set id = 3 where id = 4; update ENTRIES set id = 4 where id = 99',
      { number: 3, id: '3' },
    ],
    [
      'one was given to another institution',
      `update ENTRIES set institution = '${OTHER}' where id = 3`,
      { number: 3 },
    ],
    ['the hash of a link was changed', `update LINKS set hash = '\\x00' where entry = 3`, { number: 3 }],
    [
      'the whole chain was deleted',
      `delete from ENTRIES where institution = 'senpoku'; delete from LINKS where institution = 'senpoku'; delete from HEADS where institution = 'senpoku'`,
      { what: 'the whole chain was deleted, with its head', count: 0 },
    ],
    [
      'the head was deleted',
      `delete from HEADS where institution = 'senpoku'`,
      { what: 'the head was deleted' },
    ],
    [
      'the head was moved back',
      `update HEADS set count = 5 where institution = 'senpoku'`,
      { what: 'the head was changed' },
    ],
    [
      'the tail was cut',
      'delete from LINKS where entry in (5, 6); delete from ENTRIES where id in (5, 6)',
      { what: expect.stringContaining('the tail was cut'), count: 4 },
    ],
    [
      'the tail was cut and the head put on what is left',
      `delete from LINKS where entry = 6; delete from ENTRIES where id = 6;
       update HEADS set count = 5, hash = (select hash from LINKS where entry = 5) where institution = 'senpoku'`,
      { what: 'the head was changed', count: 5 },
    ],
    [
      'a link was added behind the head',
      `insert into LINKS select institution, 7, 99, hash from LINKS where entry = 6;
       insert into ENTRIES overriding system value select * from (select * from ENTRIES where id = 6) e where false`,
      { number: 7, id: '99' },
    ],
  ])('is found: %s', async (_, statement, found) => {
    await edit(statement);
    const judged = await ofSenpoku();
    expect(judged?.what).toBeDefined();
    expect(judged).toMatchObject(found);
  });

  test('an entry put where one was never given is found', async () => {
    await edit(`select setval(pg_get_serial_sequence('ENTRIES', 'id'), 100)`);
    await append(db, table, 'senpoku', 1);
    await linkEntries(db, audit);
    await edit(`update GAPS set seen_at = now() - interval '1 day'`);
    await append(db, table, 'senpoku', 1);
    await linkEntries(db, audit);
    await edit('create temp table copied as select * from ENTRIES where id = 2; update copied set id = 50');
    if (table === 'staff_acts') await edit(`update copied set key = 'other'`);
    await edit('insert into ENTRIES overriding system value select * from copied');
    expect(await ofSenpoku()).toMatchObject({
      what: expect.stringContaining('was inserted'),
      id: '50',
      unlinked: 1,
    });
    // Nor does a node ever link it.
    await linkEntries(db, audit);
    expect(await ofSenpoku()).toMatchObject({ id: '50', unlinked: 1 });
  });

  test('the list of chains deleted, or shortened, is found; nothing is linked to what is left', async () => {
    await edit(`update ROOT set chains = '["${OTHER}"]'`);
    expect(await judge(db, audit)).toMatchObject({
      '': { what: expect.stringContaining('list of chains was changed') },
    });
    await expect(linkEntries(db, audit)).resolves.toBe(0);
    await append(db, table, 'senpoku', 1);
    await expect(linkEntries(db, audit)).rejects.toThrow('the list of chains was changed');
    await edit('delete from ROOT');
    expect(await judge(db, audit)).toMatchObject({ '': { what: 'the list of chains was deleted' } });
    await expect(linkEntries(db, audit)).rejects.toThrow('the list of chains was deleted');
  });

  test.each([
    ['moved', `update HEADS set count = 5 where institution = 'senpoku'`, 'was changed'],
    ['deleted', `delete from HEADS where institution = 'senpoku'`, 'was deleted'],
  ])('nothing is linked to a head that was %s, so that no node seals it', async (_, statement, message) => {
    await edit(statement);
    await append(db, table, 'senpoku', 1);
    await expect(linkEntries(db, audit)).rejects.toThrow(message);
  });

  test('a chain made anew with another key is found', async () => {
    const forged = newAudit(table);
    const columns = { institution: 'senpoku' };
    const hash = linkHash(forged, { institution: 'senpoku', number: 1, previous: '', columns });
    const seal = headSeal(forged, { institution: 'senpoku', count: 1, hash });
    await edit(`delete from LINKS where number > 1; delete from ENTRIES where id > 1 and institution = 'senpoku';
      update LINKS set hash = '\\x${hash}';
      update HEADS set count = 1, hash = '\\x${hash}', seal = '\\x${seal}' where institution = 'senpoku'`);
    expect(await ofSenpoku()).toMatchObject({ number: 1, id: '1' });
  });

  test('an old database put back is good by itself, and found by the heads kept outside', async () => {
    const old = await readHeads(db, audit);
    await edit(
      'create temp table old_heads as select * from HEADS; create temp table old_root as select * from ROOT',
    );
    await append(db, table, 'senpoku', 3);
    await linkEntries(db, audit);
    const kept = await readHeads(db, audit);
    expect(await judge(db, audit, { since: old })).toMatchObject({ senpoku: { what: undefined } });
    await edit(`delete from LINKS where number > ${COUNT}; delete from ENTRIES where id > ${COUNT + 2};
      delete from HEADS; insert into HEADS select * from old_heads; delete from ROOT; insert into ROOT select * from old_root`);
    expect(await ofSenpoku()).toMatchObject({ what: undefined, count: COUNT });
    expect(await judge(db, audit, { since: kept })).toMatchObject({
      senpoku: { what: `ends at ${COUNT}; the head that was kept has ${COUNT + 3}` },
    });
    // Gone on from there, the numbers fit again and the hashes do not.
    await append(db, table, 'senpoku', 5);
    await linkEntries(db, audit);
    expect(await judge(db, audit, { since: kept })).toMatchObject({
      senpoku: { what: 'is not the head that was kept', number: COUNT + 3 },
    });
  });

  test('all of it deleted is no longer good, and found by the heads kept outside', async () => {
    const since = await readHeads(db, audit);
    await edit('truncate ENTRIES; truncate LINKS; delete from HEADS; delete from ROOT');
    expect(await judge(db, audit)).toEqual({});
    expect(await judge(db, audit, { since })).toMatchObject({
      senpoku: { what: expect.stringContaining('ends at 0') },
    });
  });
});
