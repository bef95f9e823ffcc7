import type { PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import { canonicalText, type Details } from '../../../../core/transaction/details.ts';
import type { Transfer } from '../../../../core/transaction/types.ts';

export const START = Date.UTC(2026, 10, 21, 0, 0, 0);

export const TRANSFER: Transfer = {
  type: 'transfer',
  bank: { code: '0001', name: '例示銀行' },
  branch: { code: '123', name: '中央支店' },
  accountType: 'ordinary',
  accountNumber: '1234567',
  payee: 'レイジ タロウ',
  amount: 150_000,
};

export function someDetails(changes: Partial<Details> = {}): Details {
  return {
    transaction: TRANSFER,
    confirmation: 'AAAAAAAAAAAAAAAAAAAAAA',
    institution: 'senpoku',
    token: 'one',
    number: '42',
    requestedAt: new Date(START).toISOString(),
    expiresAt: new Date(START + 300_000).toISOString(),
    ...changes,
  };
}

/** A transfer of 150,000 yen that waits. */
export function aConfirmation(
  changes: Partial<PendingConfirmation> = {},
  details: Partial<Details> = {},
): PendingConfirmation {
  const all = someDetails(details);
  return {
    tokenId: 'one',
    details: all,
    canonical: canonicalText(all),
    mode: 'approve',
    status: 'waiting',
    useBy: undefined,
    onPage: undefined,
    ...changes,
  };
}

/** The same payee and amount, asked for once more. */
export function aTwin(): PendingConfirmation {
  return aConfirmation(
    {},
    {
      confirmation: 'BBBBBBBBBBBBBBBBBBBBBB',
      number: '77',
      requestedAt: new Date(START + 9000).toISOString(),
    },
  );
}
