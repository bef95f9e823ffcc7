import type { Institution } from '../../core/institution/directory.ts';
import { hashPassword, type PasswordCost } from '../customer/password.ts';
import type { Database, Handle } from './database.ts';

/** Only with the default directory. Names are invented; 見本 is what specimens are called. */
export const DEMO_CUSTOMERS = [
  { loginId: 'taro0001', name: '見本 太郎', number: '000001' },
  { loginId: 'hanako01', name: '見本 花子', number: '000002' },
];

/** Balances in yen: of the 代表口座, and of a second account. */
export const DEMO = {
  password: 'login1234',
  confirmation: 'kakunin1234',
  balance: 3_000_000,
  savings: 500_000,
};

const BRANCH = { branch_code: '001', branch_name: '本店営業部' };

/** 登録済みの振込先 of every demo customer. */
const PAYEES = [
  {
    bank_code: '9911',
    bank_name: '見本銀行',
    branch_code: '001',
    branch_name: '本店',
    account_type: 'ordinary',
    account_number: '1234567',
    name: 'ミホン ジロウ',
  },
  {
    bank_code: '9912',
    bank_name: '見本信用金庫',
    branch_code: '021',
    branch_name: '例示橋支店',
    account_type: 'ordinary',
    account_number: '7654321',
    name: 'レイジ サクラ',
  },
  {
    bank_code: '9913',
    bank_name: '例示銀行',
    branch_code: '030',
    branch_name: '例示中央支店',
    account_type: 'current',
    account_number: '0000123',
    name: 'カ)ミホンシヨウジ',
  },
] as const;

/** Writes the demo customers of institutions that have none yet, with their accounts and registered payees. */
export async function seedDemoCustomers(
  db: Database,
  institutions: readonly Institution[],
  cost: PasswordCost,
): Promise<void> {
  const known = await db.selectFrom('customers').select(['institution', 'login_id']).execute();
  const missing = institutions.flatMap(({ key }) =>
    DEMO_CUSTOMERS.filter(
      ({ loginId }) => !known.some((row) => row.institution === key && row.login_id === loginId),
    ).map((customer) => ({ ...customer, institution: key })),
  );
  if (missing.length > 0) await writeCustomers(db, missing, cost);
  for (const { key } of institutions) {
    for (const { loginId } of DEMO_CUSTOMERS) await registerPayees(db, customerId(key, loginId));
  }
}

type NewCustomer = (typeof DEMO_CUSTOMERS)[number] & { readonly institution: string };

async function writeCustomers(db: Database, missing: readonly NewCustomer[], cost: PasswordCost) {
  const password_hash = await hashPassword(DEMO.password, cost);
  const confirmation_hash = await hashPassword(DEMO.confirmation, cost);
  for (const { institution, loginId, name, number } of missing) {
    const id = customerId(institution, loginId);
    await db.transaction().execute(async (trx) => {
      const written = await trx
        .insertInto('customers')
        .values({ id, institution, login_id: loginId, name, password_hash, confirmation_hash })
        .onConflict((c) => c.doNothing())
        .returning('id')
        .executeTakeFirst();
      // Another node may have been faster.
      if (written !== undefined) await openAccounts(trx, institution, id, number);
    });
  }
}

const customerId = (institution: string, loginId: string) => `${institution}-${loginId}`;

async function openAccounts(trx: Handle, institution: string, customer: string, number: string) {
  const common = { institution, customer_id: customer, ...BRANCH };
  await trx
    .insertInto('accounts')
    .values([
      {
        ...common,
        id: `${customer}-0`,
        position: 0,
        type: 'ordinary',
        number: `1${number}`,
        balance: DEMO.balance,
      },
      {
        ...common,
        id: `${customer}-1`,
        position: 1,
        type: 'savings',
        number: `2${number}`,
        balance: DEMO.savings,
      },
    ])
    .execute();
}

async function registerPayees(db: Database, customer: string): Promise<void> {
  await db
    .insertInto('payees')
    .values(PAYEES.map((payee, index) => ({ ...payee, id: `${customer}-${index}`, customer_id: customer })))
    .onConflict((c) => c.doNothing())
    .execute();
}
