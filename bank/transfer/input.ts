import type { Institution } from '../../core/institution/directory.ts';
import { normaliseDigits } from '../../core/otp/code.ts';
import {
  ACCOUNT_TYPES,
  type AccountType,
  checkTransfer,
  MOST_YEN,
  type Transfer,
  type TransferField,
} from '../../core/transaction/details.ts';
import type { TextProblem } from '../../core/transaction/text.ts';
import type { FieldError } from '../pages/form.ts';
import type { Account, Payee } from '../store/accounts.ts';
import { BANKS, type Bank, type Branch, search } from './banks.ts';

export const ACCOUNT_TYPE_NAMES: Record<AccountType, string> = {
  ordinary: '普通',
  current: '当座',
  savings: '貯蓄',
};

/** How the payee is named. */
export const WAYS = ['registered', 'new', 'own'] as const;
export type Way = (typeof WAYS)[number];

/** 振込先・金額の入力 as typed. */
export interface TransferInput {
  readonly from: string;
  readonly way: Way;
  readonly registered: string;
  readonly own: string;
  /** Code or name, and the code chosen among what was found for it. */
  readonly bank: string;
  readonly bankCode: string;
  readonly branch: string;
  readonly branchCode: string;
  readonly accountType: AccountType;
  readonly accountNumber: string;
  readonly payee: string;
  readonly amount: string;
}

export const EMPTY_INPUT: TransferInput = {
  from: '',
  way: 'registered',
  registered: '',
  own: '',
  bank: '',
  bankCode: '',
  branch: '',
  branchCode: '',
  accountType: 'ordinary',
  accountNumber: '',
  payee: '',
  amount: '',
};

export function readTransferInput(form: ReadonlyMap<string, string>): TransferInput {
  const text = (name: string) => form.get(name) ?? '';
  return {
    from: text('from_account'),
    way: WAYS.find((way) => way === form.get('way')) ?? 'registered',
    registered: text('registered'),
    own: text('own'),
    bank: text('bank').trim(),
    bankCode: text('bank_code'),
    branch: text('branch').trim(),
    branchCode: text('branch_code'),
    accountType: ACCOUNT_TYPES.find((type) => type === form.get('account_type')) ?? 'ordinary',
    accountNumber: normaliseDigits(text('account_number')),
    payee: text('payee'),
    amount: text('amount').trim(),
  };
}

/** What a customer can choose from. */
export interface Choices {
  readonly institution: Institution;
  readonly holder: string;
  readonly accounts: readonly Account[];
  readonly payees: readonly Payee[];
}

/** What was found for a code or name typed. */
export type Found<Entry> =
  | { readonly kind: 'one'; readonly entry: Entry }
  | { readonly kind: 'many'; readonly entries: readonly Entry[] }
  | { readonly kind: 'none' };

export function findBank({ bank, bankCode }: TransferInput): Found<Bank> {
  return found(search(BANKS, bank), bankCode);
}

/** @returns none as long as the bank is not known */
export function findBranch(input: TransferInput): Found<Branch> {
  const bank = findBank(input);
  if (bank.kind !== 'one') return { kind: 'none' };
  return found(search(bank.entry.branches, input.branch), input.branchCode);
}

function found<Entry extends { readonly code: string }>(
  entries: readonly Entry[],
  chosen: string,
): Found<Entry> {
  const entry = entries.length === 1 ? entries[0] : entries.find(({ code }) => code === chosen);
  if (entry !== undefined) return { kind: 'one', entry };
  return entries.length === 0 ? { kind: 'none' } : { kind: 'many', entries };
}

export type CheckedInput =
  | {
      readonly kind: 'entered';
      readonly transferKind: 'transfer' | 'own';
      readonly from: Account;
      readonly transfer: Transfer;
    }
  | { readonly kind: 'wrong'; readonly errors: readonly FieldError[] };

type Part<Value> = { readonly value: Value } | { readonly error: FieldError };
type Payment = Omit<Transfer, 'amount'>;

/** Checks what was typed; errors come in the order of the fields. */
export function checkTransferInput(input: TransferInput, choices: Choices): CheckedInput {
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
  const checked = checkTransfer({ ...payment.value, amount: amount.value });
  if (checked.kind === 'refused')
    return { kind: 'wrong', errors: [nameError(checked.field, checked.reason)] };
  if (isAccount(from, choices.institution, checked.transfer)) {
    return {
      kind: 'wrong',
      errors: [
        {
          field: FIELDS[input.way],
          message: '出金口座と同じ口座が指定されています。別の口座を指定してください。',
        },
      ],
    };
  }
  const transferKind = input.way === 'own' ? 'own' : 'transfer';
  return { kind: 'entered', transferKind, from, transfer: checked.transfer };
}

/** The field that stands for each way, where something is wrong with the payee as a whole. */
const FIELDS: Record<Way, string> = { registered: 'registered', own: 'own', new: 'account_number' };

function isAccount(account: Account, { bankCode }: Institution, transfer: Transfer): boolean {
  return (
    transfer.bank.code === bankCode &&
    transfer.branch.code === account.branch_code &&
    transfer.accountType === account.type &&
    transfer.accountNumber === account.number
  );
}

function paymentOf(
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
  if (input.bank === '') return wrong('金融機関の名称または金融機関コードを入力してください。');
  const bank = findBank(input);
  if (bank.kind === 'one') return { value: bank.entry };
  return bank.kind === 'many'
    ? wrong('該当する金融機関が複数あります。一覧から選択してください。')
    : wrong('該当する金融機関が見つかりません。名称の一部または4桁の金融機関コードを入力してください。');
}

/** @returns undefined where nothing can be said before the bank is known */
function branchOf(input: TransferInput, bankKnown: boolean): Part<Branch> | undefined {
  const wrong = (message: string) => ({ error: { field: 'branch', message } });
  if (input.branch === '') return wrong('支店の名称または支店コードを入力してください。');
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

/** The name in the one form that is signed and shown, so that an error stands at its field with the others. */
function payeeOf(typed: string): Part<string> {
  const part = { code: '0000', name: '見本' };
  const rest = {
    bank: part,
    branch: part,
    accountType: 'ordinary',
    accountNumber: '0000000',
    amount: 1,
  } as const;
  const checked = checkTransfer({ ...rest, payee: typed });
  return checked.kind === 'refused'
    ? { error: nameError(checked.field, checked.reason) }
    : { value: checked.transfer.payee };
}

/** Yen as people type them: full-width digits, commas, 円 and ¥ are no mistake. */
export function yenOf(typed: string): number | undefined {
  const digits = typed.normalize('NFKC').replace(/[\s,、¥\\]|円$/g, '');
  return /^[0-9]{1,15}$/.test(digits) ? Number(digits) : undefined;
}

function amountOf(typed: string): Part<number> {
  const wrong = (message: string) => ({ error: { field: 'amount', message } });
  if (typed === '') return wrong('お振込金額を入力してください。');
  const amount = yenOf(typed);
  if (amount === undefined) return wrong('お振込金額は半角数字で入力してください。');
  if (amount < 1) return wrong('お振込金額は1円以上で入力してください。');
  if (amount > MOST_YEN) return wrong('お振込金額は10桁以内で入力してください。');
  return { value: amount };
}

const NAMES: Record<
  TransferField,
  { readonly field: string; readonly label: string; readonly most: number }
> = {
  payee: { field: 'payee', label: 'お振込先人名', most: 48 },
  'bank.name': { field: 'bank', label: '金融機関名', most: 30 },
  'branch.name': { field: 'branch', label: '支店名', most: 30 },
};

/** What is wrong with a name, said at its field. */
export function nameError(field: TransferField, reason: TextProblem): FieldError {
  const { field: at, label, most } = NAMES[field];
  const messages: Record<TextProblem, string> = {
    empty: `${label}を入力してください。`,
    'too-long': `${label}は${most}文字以内で入力してください。`,
    invisible: `${label}に、画面に表示されない文字が含まれています。入力し直してください。`,
    character: `${label}に使用できない文字が含まれています。カナ、漢字、英数字と記号「ー・（）．，－／」で入力してください。`,
  };
  return { field: at, message: messages[reason] };
}
