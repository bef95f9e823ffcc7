import type { ChangeRow } from '../../../bank/store/changes.ts';
import type { Browser, Seen } from './browser.ts';
import type { TestBank } from './test-bank.ts';

export const NEW_EMAIL = 'taro.mihon@example.com';

/** For each kind of change, how to enter it and how to see whether it was made. */
export const CHANGES = {
  limit: {
    path: '/services/limit',
    fields: { limit: '1,000,000' },
    other: { limit: '9,000,000' },
    screens: { input: 'BSL001', complete: 'BSL002', waiting: 'BSL003', stopped: 'BSL004', running: 'BSL005' },
    undone: '限度額は変更されていません',
    mail: '振込・振替限度額の変更',
  },
  email: {
    path: '/services/email',
    fields: { email: NEW_EMAIL, email_again: NEW_EMAIL },
    other: { email: 'else@example.com', email_again: 'else@example.com' },
    screens: { input: 'BSM001', complete: 'BSM002', waiting: 'BSM003', stopped: 'BSM004', running: 'BSM005' },
    undone: 'メールアドレスは変更されていません',
    mail: 'メールアドレスの変更',
  },
} as const;

export async function enterChange(
  browser: Browser,
  { path, fields }: { readonly path: string; readonly fields: Readonly<Record<string, string>> },
): Promise<Seen> {
  await browser.open(path);
  return browser.send(path, { ...fields });
}

export function changes(bank: TestBank): Promise<ChangeRow[]> {
  return bank.db.selectFrom('changes').selectAll().orderBy('created_at').execute();
}

/** The bank's data about the customer. */
export async function held(bank: TestBank) {
  const { email, next_limit } = await bank.db
    .selectFrom('customers')
    .select(['email', 'next_limit'])
    .where('id', '=', 'senpoku-taro0001')
    .executeTakeFirstOrThrow();
  return { email, limit: next_limit === null ? null : Number(next_limit) };
}
