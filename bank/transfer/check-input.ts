import type { Institution } from '../../core/institution/directory.ts';
import { checkTransaction } from '../../core/transaction/details.ts';
import type { Transfer } from '../../core/transaction/types.ts';
import { type Account, receivingAccount } from '../store/accounts.ts';
import type { Handle } from '../store/database.ts';
import type { FieldError } from '../web/form.ts';
import { amountOf } from './amount.ts';
import type { Choices, TransferInput, Way } from './input.ts';
import { nameError, paymentOf } from './payee.ts';

export type CheckedInput =
  | {
      readonly kind: 'entered';
      readonly transferKind: 'transfer' | 'own';
      readonly from: Account;
      readonly transfer: Transfer;
    }
  | { readonly kind: 'wrong'; readonly errors: readonly FieldError[] };

/** Checks what was typed; the errors are in the order of the fields. */
export async function checkTransferInput(
  db: Handle,
  input: TransferInput,
  choices: Choices,
): Promise<CheckedInput> {
  const from = choices.accounts.find(({ id }) => id === input.from);
  const fromErrors: FieldError[] =
    from === undefined ? [{ field: 'from_account', message: '出金口座を選択してください。' }] : [];
  const payment = paymentOf(input, choices);
  const amount = amountOf(input.amount);
  const errors = [
    ...fromErrors,
    ...('errors' in payment ? payment.errors : []),
    ...('error' in amount ? [amount.error] : []),
  ];
  if (from === undefined || 'errors' in payment || 'error' in amount) return { kind: 'wrong', errors };
  const checked = checkTransaction({ ...payment.value, amount: amount.value });
  if (checked.kind === 'refused')
    return { kind: 'wrong', errors: [nameError(checked.field, checked.reason)] };
  const wrongAccount = (message: string): CheckedInput => ({
    kind: 'wrong',
    errors: [{ field: FIELDS[input.way], message }],
  });
  if (isAccount(from, choices.institution, checked.transaction))
    return wrongAccount('出金口座と同じ口座が指定されています。別の口座を指定してください。');
  if ((await receivingAccount(db, choices.institution, checked.transaction)) === undefined)
    return wrongAccount('該当する口座が見つかりません。支店、預金種目と口座番号をご確認ください。');
  const transferKind = input.way === 'own' ? 'own' : 'transfer';
  return { kind: 'entered', transferKind, from, transfer: checked.transaction };
}

/** For each way of naming the payee, the field that shows an error about the payee as a whole. */
const FIELDS: Record<Way, string> = { registered: 'registered', own: 'own', new: 'account_number' };

function isAccount(account: Account, { bankCode }: Institution, transfer: Transfer): boolean {
  return (
    transfer.bank.code === bankCode &&
    transfer.branch.code === account.branch_code &&
    transfer.accountType === account.type &&
    transfer.accountNumber === account.number
  );
}
