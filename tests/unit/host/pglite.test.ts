import type { PGlite } from '@electric-sql/pglite';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { pgliteDialect } from '../../../host/pglite.ts';
import { createWakes, type OpenWakes } from '../../../host/wakes.ts';
import { newPglite } from '../../service/memory.ts';

interface Schema {
  shelf: { id: number; name: string };
}

let pglite: PGlite;
let wakes: OpenWakes;
let db: Kysely<Schema>;

beforeAll(async () => {
  pglite = await newPglite();
  wakes = createWakes();
  const settings = { enable_hashjoin: 'off' };
  db = new Kysely<Schema>({
    dialect: pgliteDialect(pglite, { settings, waking: { channel: 'shelf', wakes } }),
  });
});

beforeEach(async () => {
  await sql`drop table if exists shelf`.execute(db);
  await sql`create table shelf (id integer primary key, name text not null)`.execute(db);
});

afterAll(() => db.destroy());

const add = (id: number, name: string) => db.insertInto('shelf').values({ id, name }).execute();
const names = async () => {
  const rows = await db.selectFrom('shelf').select('name').orderBy('id').execute();
  return rows.map(({ name }) => name);
};

test('a refused statement says why, and the next one is answered', async () => {
  await add(1, '割符');
  await expect(add(1, 'again')).rejects.toMatchObject({ code: '23505', constraint: 'shelf_pkey' });
  await expect(sql`selec`.execute(db)).rejects.toMatchObject({ code: '42601' });
  expect(await names()).toEqual(['割符']);
});

test('a transaction that fails leaves nothing, and what comes meanwhile waits for its end', async () => {
  const failed = db.transaction().execute(async (transaction) => {
    await transaction.insertInto('shelf').values({ id: 1, name: 'inside' }).execute();
    throw new Error('broken off');
  });
  const beside = add(2, 'beside');
  await expect(failed).rejects.toThrow('broken off');
  await beside;
  expect(await names()).toEqual(['beside']);
});

test('whoever waits is woken by what is committed', async () => {
  const woken: string[] = [];
  for (const id of ['kept', 'dropped']) wakes.on(id, () => woken.push(id));
  expect(wakes.hears()).toBe(true);
  const notify = (id: string) =>
    db.transaction().execute(async (transaction) => {
      await sql`select pg_notify('shelf', ${id})`.execute(transaction);
      expect(woken).toEqual([]);
      if (id === 'dropped') throw new Error('broken off');
    });
  await expect(notify('dropped')).rejects.toThrow('broken off');
  await notify('kept');
  expect(woken).toEqual(['kept']);
});

test('tables may be changed under a statement that was prepared', async () => {
  await add(1, 'one');
  const all = () => db.selectFrom('shelf').selectAll().execute();
  expect(await all()).toEqual([{ id: 1, name: 'one' }]);
  await sql`alter table shelf add column height integer`.execute(db);
  expect(await all()).toEqual([{ id: 1, name: 'one', height: null }]);
});

test('a value of a megabyte comes back as it was', async () => {
  const name = '符'.repeat(350_000);
  await add(1, name);
  expect(await names()).toEqual([name]);
});

test('where it fails, the transaction fails with its error and leaves nothing, and the next one has a new connection', async () => {
  const woken: string[] = [];
  wakes.on('after', () => woken.push('after'));
  const half = db.transaction().execute(async (transaction) => {
    await transaction.insertInto('shelf').values({ id: 1, name: 'half' }).execute();
    vi.spyOn(pglite, 'execProtocolRaw').mockRejectedValueOnce(new Error('unreachable'));
    await expect(transaction.selectFrom('shelf').selectAll().execute()).rejects.toThrow('unreachable');
  });
  await expect(half).rejects.toThrow('connection error');
  expect(await names()).toEqual([]);
  await sql`notify shelf, 'after'`.execute(db);
  expect(woken).toEqual(['after']);
});

test('it has the settings it is given', async () => {
  const { rows } = await sql`show enable_hashjoin`.execute(db);
  expect(rows).toEqual([{ enable_hashjoin: 'off' }]);
});

test('it ends with its connection', async () => {
  await db.destroy();
  expect(pglite.closed).toBe(true);
});
