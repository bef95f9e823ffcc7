import { describe, expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { clerkAt } from './staff-desk.ts';
import { EMAIL, logIn, type TestBank, useTestBank } from './test-bank.ts';
import { CHANGES, changes, enterChange, held, NEW_EMAIL } from './test-change.ts';
import { enter, PASSWORD, press, withToken } from './test-transfer.ts';

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

const limitOf = (limit: string) => ({ ...CHANGES.limit, fields: { limit } });

/** Confirms on the token and presses 確定する in a window. */
async function confirmAndExecute(token: Awaited<ReturnType<typeof withToken>>, window: Browser) {
  const number = /確認番号 (\d{2})/.exec(window.seen.text)?.[1] ?? '';
  await token.decide('confirmed', number);
  await window.open(window.seen.path);
  return press(window, 'execute', PASSWORD);
}

describe('振込・振替限度額の変更', () => {
  test('takes effect on the third day in Japan', async () => {
    bank.toHour(22);
    // A new browser: close to that hour the session of the first login would still be valid.
    browser = bank.browser();
    await logIn(browser);
    const token = await withToken(bank, browser);
    await enterChange(browser, limitOf('1,000,000'));
    const done = await confirmAndExecute(token, browser);
    expect(done.text).toContain('から有効になります');
    expect((await browser.open('/services/limit')).text).toContain('から 1,000,000円');
    expect((await enter(browser, { amount: '200001' })).text).toContain('限度額（200,000円）を超えています');
    const loginAgain = async () => {
      await logIn(browser);
      await browser.send('/login/otp', { otp: await token.codes.code() });
    };
    bank.toHour(24 * 2 + 23);
    await loginAgain();
    expect((await enter(browser, { amount: '200001' })).status).toBe(422);
    bank.toHour(24);
    await loginAgain();
    expect((await enter(browser, { amount: '1000000' })).screenId).toBe('BFT003');
    expect((await enter(browser, { amount: '1000001' })).status).toBe(422);
  });

  test('of a customer who has released the token again shows the limit that counts', async () => {
    const token = await withToken(bank, browser);
    await enterChange(browser, limitOf('1,000,000'));
    await confirmAndExecute(token, browser);
    bank.toHour(24 * 3);
    await logIn(browser);
    await browser.send('/login/otp', { otp: await token.codes.code() });
    expect((await browser.open('/services/limit')).text).toContain('一日あたりの限度額 1,000,000円');
    bank.advance(60_000);
    await browser.open('/otp/release');
    await browser.send('/otp/release', { ...PASSWORD, otp: await token.codes.code() });
    expect((await browser.open('/services/limit')).text).toContain('一日あたりの限度額 200,000円');
    const { text } = await (await clerkAt(bank)).open('/customers/senpoku-taro0001');
    expect(text).toContain('1,000,000円（ワンタイムパスワードの利用開始までは200,000円）');
  });

  test('that waits when the token is released is not promised before the OTP is in use again', async () => {
    const token = await withToken(bank, browser);
    await enterChange(browser, limitOf('1,000,000'));
    await confirmAndExecute(token, browser);
    await browser.open('/services/limit');
    expect(browser.seen.text).toContain('から 1,000,000円');
    expect(browser.seen.text).not.toContain('利用開始後');
    bank.advance(60_000);
    await browser.open('/otp/release');
    await browser.send('/otp/release', { ...PASSWORD, otp: await token.codes.code() });
    expect((await browser.open('/services/limit')).text).toContain(
      'から 1,000,000円（ワンタイムパスワードの利用開始後）',
    );
    const { text } = await (await clerkAt(bank)).open('/customers/senpoku-taro0001');
    expect(text).toMatch(/200,000円（ワンタイムパスワードの利用開始後、\d{4}年\d\d月\d\d日から1,000,000円）/);
  });

  test('page and token show the day it takes effect, and midnight does not move it', async () => {
    bank.toHour(23.97);
    browser = bank.browser();
    await logIn(browser);
    const token = await withToken(bank, browser);
    const { text } = await enterChange(browser, limitOf('1000000'));
    const [row] = await changes(bank);
    const { from } = JSON.parse(row?.details ?? '');
    const [year, month, day] = from.split('-');
    expect(text).toContain(`適用日 ${year}年${month}月${day}日`);
    bank.advance(3 * 60_000);
    expect((await confirmAndExecute(token, browser)).text).toContain(`適用日 ${year}年${month}月${day}日`);
    const { next_limit_from } = await bank.db
      .selectFrom('customers')
      .select('next_limit_from')
      .where('id', '=', 'senpoku-taro0001')
      .executeTakeFirstOrThrow();
    expect(next_limit_from).toEqual(new Date(`${from}T00:00:00+09:00`));
  });

  test('a lower limit takes effect at once, even 0', async () => {
    const token = await withToken(bank, browser);
    await enterChange(browser, limitOf('0'));
    expect((await confirmAndExecute(token, browser)).text).toContain(
      '変更後の限度額は、ただちに適用されました。',
    );
    expect((await enter(browser, { amount: '1' })).text).toContain('限度額（0円）を超えています');
  });

  test('is at most the limit of the application', async () => {
    await withToken(bank, browser);
    const seen = await enterChange(browser, limitOf('10000001'));
    expect(seen.text).toContain('10,000,000円以下で入力してください');
    expect(await changes(bank)).toEqual([]);
  });

  test('a second change within three days replaces the first, and the form says so', async () => {
    const token = await withToken(bank, browser);
    await enterChange(browser, limitOf('1000000'));
    await confirmAndExecute(token, browser);
    expect((await browser.open('/services/limit')).text).toContain('今回の内容に置き換わります');
    await enterChange(browser, limitOf('2000000'));
    expect((await confirmAndExecute(token, browser)).screenId).toBe('BSL002');
    expect((await held(bank)).limit).toBe(2_000_000);
  });

  test('a change from a limit that was changed in another window is not made', async () => {
    const token = await withToken(bank, browser);
    const other = browser.copy();
    await enterChange(browser, limitOf('1000000'));
    await enterChange(other, limitOf('50000'));
    expect((await confirmAndExecute(token, other)).screenId).toBe('BSL002');
    const stale = await confirmAndExecute(token, browser);
    expect(stale.screenId).toBe('BSL004');
    expect(stale.text).toContain('別のお手続きで登録内容が変わった');
    expect((await held(bank)).limit).toBe(50_000);
  });

  test('a raise is not made where another one was applied for since it was entered', async () => {
    const token = await withToken(bank, browser);
    const other = browser.copy();
    await enterChange(browser, limitOf('1000000'));
    await enterChange(other, limitOf('5000000'));
    bank.advance(1_000);
    expect((await confirmAndExecute(token, browser)).screenId).toBe('BSL002');
    expect((await confirmAndExecute(token, other)).screenId).toBe('BSL004');
    expect(other.seen.text).toContain('別のお手続きで登録内容が変わった');
    expect((await held(bank)).limit).toBe(1_000_000);
    bank.advance(1_000);
    await enterChange(other, limitOf('5000000'));
    expect((await confirmAndExecute(token, other)).screenId).toBe('BSL002');
    expect((await held(bank)).limit).toBe(5_000_000);
  });

  test('a form that was done already says so; sent again it makes another change', async () => {
    const token = await withToken(bank, browser);
    await browser.open('/services/limit');
    const hidden = browser.hidden('/services/limit');
    await browser.send('/services/limit', { limit: '1000000' });
    await confirmAndExecute(token, browser);
    const again = await browser.post('/services/limit', { ...hidden, limit: '1000000' });
    expect(again.status).toBe(409);
    expect(again.text).toContain('すでに受け付けられています');
    expect((await browser.send('/services/limit', { limit: '1000000' })).screenId).toBe('BSL003');
  });
});

describe('メールアドレスの変更', () => {
  const fields = CHANGES.email.fields;
  const subject = 'メールアドレス変更のお知らせ';
  const told = async (to: string) =>
    (await bank.mails(to)).filter((mail) => mail.subject === subject).map(({ text }) => text);

  test('sends one mail to the old address and one to the new', async () => {
    const token = await withToken(bank, browser);
    await enterChange(browser, CHANGES.email);
    expect(browser.seen.text).toContain(`現在のメールアドレス ${EMAIL}`);
    expect(browser.seen.text).toContain(`新しいメールアドレス ${NEW_EMAIL}`);
    expect(browser.seen.text).toContain('受付後ただちに');
    await confirmAndExecute(token, browser);
    for (const address of [EMAIL, NEW_EMAIL]) {
      const mails = await told(address);
      expect(mails).toHaveLength(1);
      expect(mails[0]).toContain(`新しいメールアドレス：${NEW_EMAIL}`);
    }
  });

  test.each([
    [{ email: 'taro', email_again: 'taro' }, '「taro@example.jp」のように入力してください'],
    [
      { email: 'a@example.jp,b@example.jp', email_again: 'a@example.jp,b@example.jp' },
      'のように入力してください',
    ],
    [{ email: '', email_again: '' }, '新しいメールアドレスを入力してください'],
    [{ email: NEW_EMAIL, email_again: 'else@example.com' }, '（確認用）に同じ内容を入力してください'],
    [{ email: EMAIL, email_again: EMAIL }, '現在と同じメールアドレスです'],
  ])('%j is refused without asking the token', async (typed, said) => {
    await withToken(bank, browser);
    await browser.open('/services/email');
    const seen = await browser.send('/services/email', typed);
    expect(seen.status).toBe(422);
    expect(seen.text).toContain(said);
    expect(await changes(bank)).toEqual([]);
  });

  test('a change from an address that was changed in another window is not made', async () => {
    const token = await withToken(bank, browser);
    const other = browser.copy();
    await enterChange(browser, CHANGES.email);
    await enterChange(other, { path: '/services/email', fields: CHANGES.email.other });
    await confirmAndExecute(token, other);
    const stale = await confirmAndExecute(token, browser);
    expect(stale.screenId).toBe('BSM004');
    expect((await held(bank)).email).toBe('else@example.com');
    expect(await told(NEW_EMAIL)).toEqual([]);
  });

  test('without the OTP in use the 確認用パスワード is enough', async () => {
    await browser.open('/services/email');
    expect(browser.seen.text).toContain('（未登録）');
    const wrong = { confirmation_password: 'wrong1234' };
    expect((await browser.send('/services/email', { ...fields, ...wrong })).status).toBe(422);
    expect((await browser.send('/services/email', { ...fields })).text).toContain(
      '確認用パスワードを入力してください',
    );
    expect((await held(bank)).email).toBeNull();
    const done = await browser.send('/services/email', { ...fields, ...PASSWORD });
    expect(done.screenId).toBe('BSM002');
    expect(done.path).toBe('/services/email/complete');
    expect((await held(bank)).email).toBe(NEW_EMAIL);
    expect(await told(NEW_EMAIL)).toHaveLength(1);
    expect(await changes(bank)).toEqual([]);
    const other = { email: 'else@example.com', email_again: 'else@example.com' };
    await browser.open('/services/email');
    await browser.send('/services/email', { ...other, ...PASSWORD });
    expect(await told(NEW_EMAIL)).toHaveLength(2);
    expect(await told('else@example.com')).toHaveLength(1);
  });

  test('a form from before the OTP was in use needs the token', async () => {
    await browser.open('/services/email');
    const window = browser.copy();
    await withToken(bank, browser);
    const seen = await window.send('/services/email', { ...fields, ...PASSWORD });
    expect(seen.screenId).toBe('BSM003');
    expect((await held(bank)).email).toBe(EMAIL);
  });
});
