import type { Institution } from '../../core/institution/directory.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { hashPassword, type PasswordCost } from '../customer/password.ts';
import { keepPositions } from '../customer/position-codes.ts';
import type { BankKeys } from '../keys.ts';
import type { Database, Handle } from './database.ts';
import { writePositionalPassword } from './positions.ts';

/** Used with the default directory only. The names are invented; 見本 means specimen. */
export const DEMO_CUSTOMERS = [
  { loginId: 'taro0001', name: '見本 太郎', number: '000001' },
  { loginId: 'hanako01', name: '見本 花子', number: '000002' },
];

/** Contracts of the しんきん family: 契約者ID, address given at the counter, 資金移動用パスワード. */
export const DEMO_CONTRACTS = [
  {
    loginId: '1234567890',
    name: '見本 太郎',
    number: '000001',
    email: 'taro@example.jp',
    positional: '0918273645',
  },
  {
    loginId: '2345678901',
    name: '見本 花子',
    number: '000002',
    email: 'hanako@example.jp',
    positional: '1029384756',
  },
] as const;

/** Balances in yen: the 代表口座 and a second account. */
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

interface DemoCustomer {
  readonly loginId: string;
  readonly name: string;
  readonly number: string;
  readonly email?: string;
  /** 資金移動用パスワード; without it the customer has the 確認用パスワード. */
  readonly positional?: string;
}

const DEMO_OF: Readonly<Record<Institution['family'], readonly DemoCustomer[]>> = {
  ANSER: DEMO_CUSTOMERS,
  SHINKIN: DEMO_CONTRACTS,
};

/** What is needed to store passwords. */
interface Keeping {
  readonly passwordCost: PasswordCost;
  readonly keys: Pick<BankKeys, 'positions'>;
  readonly randomBytes: RandomBytes;
}

/** Writes the demo customers of institutions that have none yet, with their accounts and registered payees. */
export async function seedDemoCustomers(
  db: Database,
  institutions: readonly Institution[],
  keeping: Keeping,
): Promise<void> {
  const known = await db.selectFrom('customers').select(['institution', 'login_id']).execute();
  const missing = institutions.flatMap(({ key, family }) =>
    DEMO_OF[family]
      .filter(({ loginId }) => !known.some((row) => row.institution === key && row.login_id === loginId))
      .map((customer) => ({ ...customer, institution: key })),
  );
  if (missing.length > 0) await writeCustomers(db, missing, keeping);
  for (const { key, family } of institutions) {
    for (const { loginId } of DEMO_OF[family]) await registerPayees(db, customerId(key, loginId));
  }
}

type NewCustomer = DemoCustomer & { readonly institution: string };

async function writeCustomers(db: Database, missing: readonly NewCustomer[], keeping: Keeping) {
  const password_hash = await hashPassword(DEMO.password, keeping.passwordCost);
  const confirmation = await hashPassword(DEMO.confirmation, keeping.passwordCost);
  for (const { institution, loginId, name, number, email, positional } of missing) {
    const id = customerId(institution, loginId);
    const confirmation_hash = positional === undefined ? confirmation : null;
    await db.transaction().execute(async (trx) => {
      const written = await trx
        .insertInto('customers')
        .values({ id, institution, login_id: loginId, name, email, password_hash, confirmation_hash })
        .onConflict((c) => c.doNothing())
        .returning('id')
        .executeTakeFirst();
      // Another node may have written it first.
      if (written === undefined) return;
      await openAccounts(trx, institution, id, number);
      if (positional === undefined) return;
      await writePositionalPassword(trx, keepPositions(keeping.keys, keeping.randomBytes, id, positional));
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
