import type { Details } from '../../../../core/transaction/details.ts';
import type { Transfer } from '../../../../core/transaction/types.ts';

/** A transfer of 150,000 yen. */
export const TRANSFER: Transfer = {
  type: 'transfer',
  bank: { code: '9901', name: '見本信用金庫' },
  branch: { code: '001', name: '本店' },
  accountType: 'ordinary',
  accountNumber: '1234567',
  payee: 'ミホン タロウ',
  amount: 150_000,
};

/** What a customer is asked about {@link TRANSFER}, at nine o'clock UTC. */
export const detailsFor = (token: string): Details => ({
  transaction: TRANSFER,
  confirmation: 'AAAAAAAAAAAAAAAAAAAAAA',
  institution: 'senpoku',
  token,
  number: '47',
  requestedAt: '2026-11-21T09:00:00.000Z',
  expiresAt: '2026-11-21T09:05:00.000Z',
});
