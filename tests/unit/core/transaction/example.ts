import type { Details } from '../../../../core/transaction/details.ts';
import type {
  EmailChange,
  LimitChange,
  NewDevice,
  Transaction,
  TransactionOf,
  TransactionType,
  Transfer,
} from '../../../../core/transaction/types.ts';

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

export const LIMIT_CHANGE: LimitChange = {
  type: 'limit-change',
  oldLimit: 200_000,
  newLimit: 1_000_000,
  from: '2026-11-24',
};

export const EMAIL_CHANGE: EmailChange = {
  type: 'email-change',
  oldAddress: 'taro@example.jp',
  newAddress: 'taro.mihon@example.com',
  from: 'on-acceptance',
};

export const NEW_DEVICE: NewDevice = {
  type: 'new-device',
  device: 'Chrome (Android)',
  form: 'companion',
  serial: '604817395',
  setUpAt: '2026-11-21T08:55:00.000Z',
};

/** One of each type. */
export const ONE_OF_EACH: { readonly [T in TransactionType]: TransactionOf<T> } = {
  transfer: TRANSFER,
  'limit-change': LIMIT_CHANGE,
  'email-change': EMAIL_CHANGE,
  'new-device': NEW_DEVICE,
};

/** Each of {@link ONE_OF_EACH} with each of the others. */
export const PAIRS: readonly (readonly [Transaction, Transaction])[] = Object.values(ONE_OF_EACH).flatMap(
  (one) =>
    Object.values(ONE_OF_EACH)
      .filter((other) => other !== one)
      .map((other) => [one, other] as const),
);

/** What a customer is asked about a transaction, at nine o'clock UTC. */
export const detailsFor = (token: string, transaction: Transaction = TRANSFER): Details => ({
  transaction,
  confirmation: 'AAAAAAAAAAAAAAAAAAAAAA',
  institution: 'senpoku',
  token,
  number: '47',
  requestedAt: '2026-11-21T09:00:00.000Z',
  expiresAt: '2026-11-21T09:05:00.000Z',
});
