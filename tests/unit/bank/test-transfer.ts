import type { TransferRow } from '../../../bank/store/transfers.ts';
import type { Transfer } from '../../../core/transaction/types.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import type { Browser, Seen } from './browser.ts';
import { activate, type Codes, EMAIL, type TestBank } from './test-bank.ts';

export const PASSWORD = { confirmation_password: 'kakunin1234' };

/** The input for a new payee. */
export const NEW_PAYEE = {
  from_account: 'senpoku-taro0001-0',
  way: 'new',
  bank: '9911',
  branch: '001',
  account_type: 'ordinary',
  account_number: '1234567',
  payee: 'ミホン サブロウ',
  amount: '150,000',
};

export const PAYMENT: Transfer = {
  type: 'transfer',
  bank: { code: '9911', name: '見本銀行' },
  branch: { code: '001', name: '本店' },
  accountType: 'ordinary',
  accountNumber: '1234567',
  payee: 'ミホン サブロウ',
  amount: 150_000,
};

/** The balance of the account that {@link PAYMENT} is paid from, before and after it. */
export const BEFORE = 3_000_000;
export const AFTER = BEFORE - PAYMENT.amount;

export const balance = async (bank: TestBank) => (await balances(bank))['taro0001-0'];

/** Sends 振込先・金額の入力 with 確認画面; leads to 取引認証 if the OTP is in use. */
export async function enter(browser: Browser, fields: Record<string, string> = {}): Promise<Seen> {
  await browser.open('/transfer/new');
  return browser.send('/transfer/new', { ...NEW_PAYEE, ...fields });
}

/** Presses a button on the shown page of a transfer or a change. */
export function press(browser: Browser, step: string, fields: Record<string, string> = {}): Promise<Seen> {
  const [path] =
    /^\/(?:transfer|services\/(?:limit|email)|otp\/replace\/requests)\/[\w-]{43}/.exec(browser.seen.path) ??
    [];
  return browser.send(`${path}/${step}`, fields);
}

/** A customer who uses the OTP, and what their token can do. */
export const withToken = async (bank: TestBank, browser: Browser) =>
  tokenOf(bank, await activate(bank, browser, EMAIL));

/** What the token in use can do. */
export function tokenOf(bank: TestBank, codes: Codes) {
  const token = confirmations(bank.service);
  return {
    codes,
    decide: async (decision: 'confirmed' | 'rejected' | 'not-me', number?: string) => {
      const waiting = await token.shown(codes.customer);
      const [one] = waiting.filter(
        ({ details }) => number === undefined || JSON.parse(details).number === number,
      );
      const { confirmation } = JSON.parse(one?.details ?? '{}') as { confirmation: string };
      await token.decide(codes.customer, { id: confirmation }, decision);
    },
    /** The code that the token shows for the last confirmation. */
    confirmationCode: async () => {
      const shown = await token.shown(codes.customer);
      return token.codeFor(codes.customer, shown.at(-1)?.details ?? '');
    },
  };
}

/** Asks for a transfer and confirms it on the token; 確定する is next. */
export async function confirmed(bank: TestBank, browser: Browser, fields: Record<string, string> = {}) {
  const token = await withToken(bank, browser);
  await enter(browser, fields);
  await token.decide('confirmed');
  await browser.open(browser.seen.path);
  return token;
}

export async function balances(bank: TestBank): Promise<Record<string, number>> {
  const rows = await bank.db.selectFrom('accounts').select(['id', 'balance']).execute();
  return Object.fromEntries(rows.map(({ id, balance }) => [id.replace('senpoku-', ''), Number(balance)]));
}

export function transfers(bank: TestBank): Promise<TransferRow[]> {
  return bank.db.selectFrom('transfers').selectAll().orderBy('created_at').execute();
}
