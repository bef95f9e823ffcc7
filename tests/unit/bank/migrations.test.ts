import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, test } from 'vitest';
import { migrations } from '../../../bank/store/migrations.ts';
import type { Schema } from '../../../bank/store/schema.ts';

test('0004 moves the balance of customers there already are into accounts of theirs', async () => {
  const db = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: new PGlite() }) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  await migrator.migrateTo('0003_outbox');
  const old = { institution: 'senpoku', password_hash: 'x', confirmation_hash: 'x', balance: 3_000_000 };
  await db
    .withTables<{ customers: typeof old & { id: string; login_id: string; name: string } }>()
    .insertInto('customers')
    .values([
      { ...old, id: 'a', login_id: 'taro0001', name: '見本 太郎' },
      { ...old, id: 'b', login_id: 'hanako01', name: '見本 花子', balance: 5 },
    ])
    .execute();
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  const accounts = await db.selectFrom('accounts').selectAll().orderBy('id').execute();
  expect(accounts.map(({ id, type, balance }) => [id, type, Number(balance)])).toEqual([
    ['a-0', 'ordinary', 3_000_000],
    ['a-1', 'savings', 0],
    ['b-0', 'ordinary', 5],
    ['b-1', 'savings', 0],
  ]);
  expect(new Set(accounts.map(({ number }) => number)).size).toBe(4);
  expect(accounts.every(({ number }) => /^\d{7}$/.test(number))).toBe(true);
  await db.destroy();
});
