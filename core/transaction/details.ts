import canonicalize from 'canonicalize';
import { checkText, type TextProblem } from './text.ts';

export const ACCOUNT_TYPES = ['ordinary', 'current', 'savings'] as const;

/** 預金種目: 普通, 当座, 貯蓄. */
export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** Where money is to go, and how much. */
export interface Transfer {
  /** 金融機関コード (4 digits) and name. */
  readonly bank: { readonly code: string; readonly name: string };
  /** 支店コード (3 digits) and name. */
  readonly branch: { readonly code: string; readonly name: string };
  readonly accountType: AccountType;
  /** 7 digits. */
  readonly accountNumber: string;
  /** お振込先人名. */
  readonly payee: string;
  /** Yen. */
  readonly amount: number;
}

/** Everything a customer confirms. */
export interface TransferDetails extends Transfer {
  /** The confirmation's id: 128 random bits, base64url. */
  readonly confirmation: string;
  /** Key of the institution in the directory. */
  readonly institution: string;
  /** The token's id. */
  readonly token: string;
  /** Two digits that tell confirmations waiting at the same time apart. */
  readonly number: string;
  /** お振込申請日時, by the service: ISO 8601 in UTC with milliseconds. */
  readonly requestedAt: string;
  /** Until when it can be confirmed. */
  readonly expiresAt: string;
}

/** The most one transfer can carry: ten digits of yen, as in the zengin format. */
export const MOST_YEN = 9_999_999_999;

/** Longest names, in characters after normalisation; the zengin format has 48 for a payee and 15 for the others. */
const MOST_PAYEE = 48;
const MOST_NAME = 30;

export type TransferField = 'bank.name' | 'branch.name' | 'payee';

export type CheckedTransfer =
  | { readonly kind: 'transfer'; readonly transfer: Transfer }
  | { readonly kind: 'refused'; readonly field: TransferField; readonly reason: TextProblem };

/** Brings the names of a transfer, well-formed otherwise, to the form that is signed and shown. */
export function checkTransfer(given: Transfer): CheckedTransfer {
  const bank = checkText(given.bank.name, MOST_NAME);
  if (bank.kind === 'refused') return { ...bank, field: 'bank.name' };
  const branch = checkText(given.branch.name, MOST_NAME);
  if (branch.kind === 'refused') return { ...branch, field: 'branch.name' };
  const payee = checkText(given.payee, MOST_PAYEE);
  if (payee.kind === 'refused') return { ...payee, field: 'payee' };
  const transfer = {
    ...given,
    bank: { code: given.bank.code, name: bank.text },
    branch: { code: given.branch.code, name: branch.text },
    payee: payee.text,
  };
  return { kind: 'transfer', transfer };
}

/** The one text of some details (RFC 8785): what is signed, shown, hashed and made a code of. */
export function canonicalText(details: TransferDetails): string {
  const text = canonicalize(details);
  if (text === undefined) throw new TypeError('details are an object');
  return text;
}

/** The transfer alone, in one text: two transfers are the same if their texts are. */
export function canonicalTransfer({
  bank,
  branch,
  accountType,
  accountNumber,
  payee,
  amount,
}: Transfer): string {
  const text = canonicalize({ bank, branch, accountType, accountNumber, payee, amount });
  if (text === undefined) throw new TypeError('a transfer is an object');
  return text;
}

/** SHA-256 of a canonical text's UTF-8 bytes. */
export async function digestOf(canonical: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical)));
}
