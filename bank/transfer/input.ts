import type { Institution } from '../../core/institution/directory.ts';
import { normaliseDigits } from '../../core/otp/code.ts';
import type { AccountType } from '../../core/transaction/types.ts';
import type { Account, Payee } from '../store/accounts.ts';
import { BANKS, type Bank, type Branch, search } from './banks.ts';

export const ACCOUNT_TYPE_NAMES: Record<AccountType, string> = {
  ordinary: '普通',
  current: '当座',
  savings: '貯蓄',
};

const isAccountType = (value: string): value is AccountType => Object.hasOwn(ACCOUNT_TYPE_NAMES, value);

/** Ways to name the payee. */
export const WAYS = ['registered', 'new', 'own'] as const;
export type Way = (typeof WAYS)[number];

/** 振込先・金額の入力 as typed. */
export interface TransferInput {
  readonly from: string;
  readonly way: Way;
  readonly registered: string;
  readonly own: string;
  /** Typed code or name, and the code chosen from the search results. */
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
  const accountType = text('account_type');
  return {
    from: text('from_account'),
    way: WAYS.find((way) => way === form.get('way')) ?? 'registered',
    registered: text('registered'),
    own: text('own'),
    bank: text('bank').trim(),
    bankCode: text('bank_code'),
    branch: text('branch').trim(),
    branchCode: text('branch_code'),
    accountType: isAccountType(accountType) ? accountType : 'ordinary',
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

/** The result of a search by code or name. */
export type Found<Entry> =
  | { readonly kind: 'one'; readonly entry: Entry }
  | { readonly kind: 'many'; readonly entries: readonly Entry[] }
  | { readonly kind: 'none' };

export function findBank({ bank, bankCode }: TransferInput): Found<Bank> {
  return found(search(BANKS, bank), bankCode);
}

/** @returns none until the bank is known */
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
