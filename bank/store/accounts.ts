import { type Selectable, sql } from 'kysely';
import type { Transfer } from '../../core/transaction/types.ts';
import type { Handle } from './database.ts';
import type { AccountsTable, EntriesTable, PayeesTable } from './schema.ts';

export type Account = Selectable<AccountsTable>;
export type Entry = Selectable<EntriesTable>;
export type Payee = Selectable<PayeesTable>;

/** A customer's accounts; the 代表口座 comes first. */
export function accountsOf(db: Handle, customerId: string): Promise<Account[]> {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('position')
    .execute();
}

/** The balance minus what transfers under way will take, in yen. */
export async function freeBalance(db: Handle, accountId: string): Promise<number> {
  const { free } = await db
    .selectFrom('accounts')
    .select(
      sql<string | number>`balance - coalesce((
        select sum(amount) from transfers where from_account = accounts.id and state = 'executing'), 0)`.as(
        'free',
      ),
    )
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  return Number(free);
}

/** 入出金明細, newest first. */
export function recentEntries(db: Handle, accountId: string, limit: number): Promise<Entry[]> {
  return db
    .selectFrom('entries')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export function payeesOf(db: Handle, customerId: string): Promise<Payee[]> {
  return db.selectFrom('payees').selectAll().where('customer_id', '=', customerId).orderBy('id').execute();
}

/**
 * The account a transfer goes to.
 * @returns elsewhere if it is at another institution; undefined if this one has no such account
 */
export function receivingAccount(
  db: Handle,
  institution: { readonly key: string; readonly bankCode: string },
  {
    bank,
    branch,
    accountType,
    accountNumber,
  }: Pick<Transfer, 'bank' | 'branch' | 'accountType' | 'accountNumber'>,
): Promise<Account | 'elsewhere' | undefined> {
  if (bank.code !== institution.bankCode) return Promise.resolve('elsewhere');
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('institution', '=', institution.key)
    .where('branch_code', '=', branch.code)
    .where('type', '=', accountType)
    .where('number', '=', accountNumber)
    .executeTakeFirst();
}

export interface NewEntry {
  readonly account: string;
  readonly transfer: string;
  readonly at: Date;
  /** In yen; negative if money leaves the account. */
  readonly amount: number;
  readonly memo: string;
}

/** Changes an account's balance and writes the entry. @returns false, with no effect, if the balance is too low */
export async function enterEntry(
  trx: Handle,
  { account, transfer, at, amount, memo }: NewEntry,
): Promise<boolean> {
  const changed = await trx
    .updateTable('accounts')
    .set({ balance: sql<number>`balance + ${amount}` })
    .where('id', '=', account)
    .$if(amount < 0, (query) => query.where('balance', '>=', -amount))
    .returning('balance')
    .executeTakeFirst();
  if (changed === undefined) return false;
  const balance = Number(changed.balance);
  await trx
    .insertInto('entries')
    .values({ account_id: account, transfer_id: transfer, at, amount, balance, memo })
    .execute();
  return true;
}
