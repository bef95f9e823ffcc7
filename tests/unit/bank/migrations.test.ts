import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, test } from 'vitest';
import { leftUncancelled } from '../../../bank/store/left-requests.ts';
import { migrations } from '../../../bank/store/migrations.ts';
import type { Schema } from '../../../bank/store/schema.ts';
import { pgliteDialect } from '../../../host/pglite.ts';
import { newPglite } from '../../service/memory.ts';

/** A database migrated up to and including a migration. */
async function openAt(name: string) {
  const db = new Kysely<Schema>({ dialect: pgliteDialect(await newPglite()) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  await migrator.migrateTo(name);
  return { db, migrator };
}

test('0004 moves the balance of existing customers into accounts', async () => {
  const { db, migrator } = await openAt('0003_outbox');
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

test('0024 records every customer’s current token, with an unknown beginning', async () => {
  const { db, migrator } = await openAt('0023_proposals_tried');
  const old = { institution: 'senpoku', name: '見本', password_hash: 'x', confirmation_hash: 'x' };
  await db
    .insertInto('customers')
    .values([
      { ...old, id: 'a', login_id: 'taro0001', user_id: '000000000001' },
      { ...old, id: 'b', login_id: 'hanako01' },
    ])
    .execute();
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  expect(await db.selectFrom('customer_tokens').selectAll().execute()).toEqual([
    { customer_id: 'a', user_id: '000000000001', held_from: null, held_until: null },
  ]);
  await db.destroy();
});

test('0006 lets the bank finish existing transfers, as never tried', async () => {
  const { db, migrator } = await openAt('0005_transfers');
  await sql`
    insert into customers (id, institution, login_id, name, password_hash, confirmation_hash)
    values ('a', 'senpoku', 'taro0001', '見本 太郎', 'x', 'x')`.execute(db);
  await sql`
    insert into accounts (id, institution, customer_id, position, type, branch_code, branch_name, number, balance)
    values ('a-0', 'senpoku', 'a', 0, 'ordinary', '001', '本店営業部', '1000001', 5)`.execute(db);
  await sql`
    insert into transfers (id, institution, customer_id, kind, from_account, bank_code, bank_name, branch_code,
      branch_name, account_type, account_number, payee, amount, state, attempt, created_at, cancel_due)
    values ('t', 'senpoku', 'a', 'transfer', 'a-0', '9911', '見本銀行', '001',
      '本店', 'ordinary', '1234567', 'ミホン サブロウ', 1, 'cancelled', 0, now(), true)`.execute(db);
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  const left = await leftUncancelled(db, { table: 'transfers', institutions: ['senpoku'], most: 1 });
  expect(left).toMatchObject([{ id: 't', tried_at: null }]);
  await db.destroy();
});
