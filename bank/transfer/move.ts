import { sql } from 'kysely';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { japaneseDayNumber } from '../format.ts';
import { receivingAccount } from '../store/accounts.ts';
import type { Handle } from '../store/database.ts';
import { detailsOf, finishTransfer, type TransferRow } from '../store/transfers.ts';

/** The account has not enough in it after all. */
export class BalanceError extends Error {
  override name = 'BalanceError';
}

/** Balances, entries and state at once, by whoever turns executing into done. @throws BalanceError */
export async function move(
  { clock, logger }: Pick<BankDependencies, 'clock' | 'logger'>,
  institution: Institution,
  row: TransferRow,
  trx: Handle,
): Promise<void> {
  const now = clock();
  if (!(await finishTransfer(trx, row.id, now, japaneseDayNumber(now)))) return;
  const transfer = detailsOf(row);
  const to = await receivingAccount(trx, institution, transfer);
  const word = row.kind === 'own' ? '振替' : '振込';
  const sides = [{ account: row.from_account, amount: -transfer.amount, memo: `${word} ${transfer.payee}` }];
  if (to !== undefined) {
    sides.push({ account: to.id, amount: transfer.amount, memo: `${word} ${await holderOf(trx, row)}` });
  }
  // In one order everywhere, so that two transfers between the same accounts never wait for each other.
  for (const side of sides.sort((a, b) => (a.account < b.account ? -1 : 1))) {
    await enter(trx, { ...side, transfer: row.id, at: new Date(now) });
  }
  const event = {
    institution: institution.key,
    customer: row.customer_id,
    event: 'transfer',
    transfer: row.id,
  };
  logger.info(event, 'transfer done');
}

async function holderOf(trx: Handle, { customer_id }: TransferRow): Promise<string> {
  const { name } = await trx
    .selectFrom('customers')
    .select('name')
    .where('id', '=', customer_id)
    .executeTakeFirstOrThrow();
  return name;
}

interface NewEntry {
  readonly account: string;
  readonly transfer: string;
  readonly at: Date;
  readonly amount: number;
  readonly memo: string;
}

async function enter(trx: Handle, { account, transfer, at, amount, memo }: NewEntry): Promise<void> {
  const changed = await trx
    .updateTable('accounts')
    .set({ balance: sql<number>`balance + ${amount}` })
    .where('id', '=', account)
    .$if(amount < 0, (query) => query.where('balance', '>=', -amount))
    .returning('balance')
    .executeTakeFirst();
  if (changed === undefined) throw new BalanceError('the balance is too low');
  const entry = {
    account_id: account,
    transfer_id: transfer,
    at,
    amount,
    balance: Number(changed.balance),
    memo,
  };
  await trx.insertInto('entries').values(entry).execute();
}
