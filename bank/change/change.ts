import { transactionSchema } from '../../core/api/confirmation.ts';
import type { TransactionOf } from '../../core/transaction/types.ts';
import type { RequestKind } from '../request/kind.ts';
import { claimChange, readChange } from '../store/changes.ts';
import type { Handle } from '../store/database.ts';
import type { ChangeType } from '../store/schema.ts';

/** What all changes have in common. */
export const CHANGE = {
  table: 'changes',
  words: {
    button: '次へ',
    refused: '入力された内容では取引認証ができません。修正して、もう一度「次へ」ボタンを押して下さい。',
  },
  transactionOf: async (db, id) => transactionSchema.parse(JSON.parse((await readChange(db, id)).details)),
  claim: ({ db, clock }, _institution, id, code) => claimChange(db, id, { now: clock(), code }),
} as const satisfies Partial<RequestKind>;

/** The transaction as the customer entered it. @throws Error if it is of another type */
export async function enteredAs<T extends ChangeType>(
  db: Handle,
  type: T,
  id: string,
): Promise<TransactionOf<T>> {
  const transaction = await CHANGE.transactionOf(db, id);
  if (!isOf(transaction, type)) throw new Error(`change is not a ${type}`);
  return transaction;
}

const isOf = <T extends ChangeType>(
  transaction: { readonly type: string },
  type: T,
): transaction is TransactionOf<T> => transaction.type === type;
