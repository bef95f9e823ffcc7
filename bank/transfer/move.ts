import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { japaneseDayNumber } from '../format.ts';
import { UnfitError } from '../request/kind.ts';
import { enterEntry, receivingAccount } from '../store/accounts.ts';
import { findCustomer } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import { detailsOf, finishTransfer, type TransferRow } from '../store/transfers.ts';

/** Turns executing into done, with the balances and entries, if nobody else has. @throws UnfitError */
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
  if (to === undefined) throw new UnfitError('payee');
  const word = row.kind === 'own' ? '振替' : '振込';
  const sides = [{ account: row.from_account, amount: -transfer.amount, memo: `${word} ${transfer.payee}` }];
  if (to !== 'elsewhere') {
    const holder = await findCustomer(trx, row.customer_id);
    sides.push({ account: to.id, amount: transfer.amount, memo: `${word} ${holder.name}` });
  }
  // Always in the same order, so that two transfers between the same accounts cannot deadlock.
  for (const side of sides.sort((a, b) => (a.account < b.account ? -1 : 1))) {
    const entered = await enterEntry(trx, { ...side, transfer: row.id, at: new Date(now) });
    if (!entered) throw new UnfitError('balance');
  }
  const event = {
    institution: institution.key,
    customer: row.customer_id,
    event: 'transfer',
    transfer: row.id,
  };
  logger.info(event, 'executed transfer');
}
