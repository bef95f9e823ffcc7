import { checkTransaction } from '../../core/transaction/details.ts';
import type { TextProblem } from '../../core/transaction/text.ts';
import type { NameField, Transfer } from '../../core/transaction/types.ts';
import type { FieldError } from '../web/form.ts';
import type { Bank, Branch } from './banks.ts';
import { type Choices, findBank, findBranch, type TransferInput } from './input.ts';

type Part<Value> = { readonly value: Value } | { readonly error: FieldError };

type Payment = Omit<Transfer, 'amount'>;

/** The payee, by the chosen way of naming it; the errors are in the order of the fields. */
export function paymentOf(
  input: TransferInput,
  choices: Choices,
): { readonly value: Payment } | { readonly errors: readonly FieldError[] } {
  switch (input.way) {
    case 'own':
      return toOwn(input.own, choices);
    case 'registered':
      return toRegistered(input.registered, choices);
    case 'new':
      return toNew(input);
  }
}

function toOwn(id: string, { institution, accounts, holder }: Choices) {
  const account = accounts.find((candidate) => candidate.id === id);
  if (account === undefined) {
    return { errors: [{ field: 'own', message: 'お振替先の口座を選択してください。' }] };
  }
  const value: Payment = {
    type: 'transfer',
    bank: { code: institution.bankCode, name: institution.name },
    branch: { code: account.branch_code, name: account.branch_name },
    accountType: account.type,
    accountNumber: account.number,
    payee: holder,
  };
  return { value };
}

function toRegistered(id: string, { payees }: Choices) {
  const payee = payees.find((candidate) => candidate.id === id);
  if (payee === undefined) {
    return { errors: [{ field: 'registered', message: '登録済みの振込先を選択してください。' }] };
  }
  const value: Payment = {
    type: 'transfer',
    bank: { code: payee.bank_code, name: payee.bank_name },
    branch: { code: payee.branch_code, name: payee.branch_name },
    accountType: payee.account_type,
    accountNumber: payee.account_number,
    payee: payee.name,
  };
  return { value };
}

function toNew(input: TransferInput) {
  const bank = bankOf(input);
  const branch = branchOf(input, 'value' in bank);
  const number = accountNumberOf(input.accountNumber);
  const payee = payeeOf(input.payee);
  if ('value' in bank && branch !== undefined && 'value' in branch && 'value' in number && 'value' in payee) {
    const value: Payment = {
      type: 'transfer',
      bank: { code: bank.value.code, name: bank.value.name },
      branch: { code: branch.value.code, name: branch.value.name },
      accountType: input.accountType,
      accountNumber: number.value,
      payee: payee.value,
    };
    return { value };
  }
  const errors = [bank, branch, number, payee].flatMap((part) =>
    part !== undefined && 'error' in part ? [part.error] : [],
  );
  return { errors };
}

function bankOf(input: TransferInput): Part<Bank> {
  const wrong = (message: string) => ({ error: { field: 'bank', message } });
  if (`${input.bank}${input.bankCode}` === '')
    return wrong('金融機関の名称または金融機関コードを入力してください。');
  const bank = findBank(input);
  if (bank.kind === 'one') return { value: bank.entry };
  return bank.kind === 'many'
    ? wrong('該当する金融機関が複数あります。一覧から選択してください。')
    : wrong('該当する金融機関が見つかりません。名称の一部または4桁の金融機関コードを入力してください。');
}

/** @returns undefined until the bank is known */
function branchOf(input: TransferInput, bankKnown: boolean): Part<Branch> | undefined {
  const wrong = (message: string) => ({ error: { field: 'branch', message } });
  if (`${input.branch}${input.branchCode}` === '')
    return wrong('支店の名称または支店コードを入力してください。');
  if (!bankKnown) return undefined;
  const branch = findBranch(input);
  if (branch.kind === 'one') return { value: branch.entry };
  return branch.kind === 'many'
    ? wrong('該当する支店が複数あります。一覧から選択してください。')
    : wrong('該当する支店が見つかりません。名称の一部または3桁の支店コードを入力してください。');
}

function accountNumberOf(typed: string): Part<string> {
  if (/^[0-9]{7}$/.test(typed)) return { value: typed };
  const message =
    typed === ''
      ? '口座番号を入力してください。'
      : '口座番号は半角数字7桁で入力してください。7桁に満たない場合は、先頭に0を付けて7桁にしてください。';
  return { error: { field: 'account_number', message } };
}

/** Converts the name to the one form that is signed and shown; an error is shown at its field. */
function payeeOf(typed: string): Part<string> {
  const part = { code: '0000', name: '見本' };
  const rest = {
    type: 'transfer',
    bank: part,
    branch: part,
    accountType: 'ordinary',
    accountNumber: '0000000',
    amount: 1,
  } as const;
  const checked = checkTransaction({ ...rest, payee: typed });
  return checked.kind === 'refused'
    ? { error: nameError(checked.field, checked.reason) }
    : { value: checked.transaction.payee };
}

const NAMES: Record<
  NameField<'transfer'>,
  { readonly field: string; readonly label: string; readonly most: number }
> = {
  payee: { field: 'payee', label: 'お振込先人名', most: 48 },
  'bank.name': { field: 'bank', label: '金融機関名', most: 30 },
  'branch.name': { field: 'branch', label: '支店名', most: 30 },
};

/** The error to show at the name's field. */
export function nameError(field: NameField<'transfer'>, reason: TextProblem): FieldError {
  const { field: at, label, most } = NAMES[field];
  const messages: Record<TextProblem, string> = {
    empty: `${label}を入力してください。`,
    'too-long': `${label}は${most}文字以内で入力してください。`,
    invisible: `${label}に、画面に表示されない文字が含まれています。入力し直してください。`,
    character: `${label}に使用できない文字が含まれています。カナ、漢字、英数字と記号「ー・（）．，－／」で入力してください。`,
  };
  return { field: at, message: messages[reason] };
}
