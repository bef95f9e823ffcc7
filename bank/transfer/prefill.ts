import { detailsOf, type TransferRow } from '../store/transfers.ts';
import { type Choices, EMPTY_INPUT, type TransferInput } from './input.ts';

/** The form as it is first shown. */
export function firstInput({ accounts, payees }: Choices): TransferInput {
  const from = accounts[0]?.id ?? '';
  return { ...EMPTY_INPUT, from, way: payees.length > 0 ? 'registered' : 'new' };
}

/** What was typed, restored from the saved transfer. */
export function inputOf(row: TransferRow, { accounts, payees }: Choices): TransferInput {
  const { bank, branch, accountType, accountNumber, payee, amount } = detailsOf(row);
  const common = { ...EMPTY_INPUT, from: row.from_account, amount: String(amount) };
  const same = (code: string, type: string, number: string) =>
    code === branch.code && type === accountType && number === accountNumber;
  const own = accounts.find((account) => same(account.branch_code, account.type, account.number));
  if (row.kind === 'own' && own !== undefined) return { ...common, way: 'own', own: own.id };
  const registered = payees.find(
    (known) =>
      known.bank_code === bank.code &&
      known.name === payee &&
      same(known.branch_code, known.account_type, known.account_number),
  );
  if (registered !== undefined) return { ...common, way: 'registered', registered: registered.id };
  return {
    ...common,
    way: 'new',
    bank: bank.name,
    bankCode: bank.code,
    branch: branch.name,
    branchCode: branch.code,
    accountType,
    accountNumber,
    payee,
  };
}
