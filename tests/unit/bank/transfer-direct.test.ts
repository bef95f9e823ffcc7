import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Browser } from './browser.ts';
import { logIn, type TestBank, useTestBank } from './test-bank.ts';
import { balances, enter, NEW_PAYEE, PASSWORD, press, transfers, withToken } from './test-transfer.ts';

const DAY = 24 * 60 * 60_000;

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

/** Makes a transfer without 取引認証, to its end. */
async function transfer(who: Browser, fields: Record<string, string> = {}) {
  await enter(who, fields);
  return press(who, 'execute', PASSWORD);
}

async function transferAgain(amount: string) {
  browser = bank.browser();
  await logIn(browser);
  return transfer(browser, { amount });
}

describe('without the OTP', () => {
  test('確認用パスワード and 確定する on 確認画面', async () => {
    const confirm = await enter(browser);
    expect(confirm.html).not.toContain('取引認証');
    const done = await press(browser, 'execute', PASSWORD);
    expect(done.screenId).toBe('BFT004');
    expect(bank.calls.some(({ path }) => path.includes('/confirmations'))).toBe(false);
  });

  test('to a customer of the same institution: both accounts change together', async () => {
    await transfer(browser, { bank: '9904', branch: '001', account_number: '1000002', amount: '1234' });
    expect(await balances(bank)).toMatchObject({ 'taro0001-0': 2_998_766, 'hanako01-0': 3_001_234 });
    const hanako = bank.browser();
    await logIn(hanako, 'hanako01');
    expect((await hanako.open('/accounts')).text).toContain('振込 見本 太郎 1,234円 3,001,234円');
  });

  describe('to an account that this institution does not have', () => {
    const UNKNOWN = { bank: '9904', branch: '001', account_number: '7777777' };

    test.each([
      ['number', UNKNOWN],
      ['branch', { ...UNKNOWN, branch: '002', account_number: '1000002' }],
      ['type', { ...UNKNOWN, account_type: 'current', account_number: '1000002' }],
    ])('by its %s: an error at the field', async (_, fields) => {
      const seen = await enter(browser, fields);
      expect(seen.status).toBe(422);
      expect(seen.html).toContain('<a href="#account_number">');
      expect(seen.text).toContain('該当する口座が見つかりません');
      expect(await transfers(bank)).toEqual([]);
    });

    test('any more: the money stays, and the page says why', async () => {
      await enter(browser, { ...UNKNOWN, account_number: '1000002' });
      await bank.db.updateTable('transfers').set({ account_number: UNKNOWN.account_number }).execute();
      const seen = await press(browser, 'execute', PASSWORD);
      expect(seen.screenId).toBe('BFT005');
      expect(seen.text).toContain('お振込先の口座が見つからないため');
      expect(seen.text).toContain('お振込は行われていません');
      expect((await balances(bank))['taro0001-0']).toBe(3_000_000);
    });
  });

  test('受付番号 goes on beyond eight digits', async () => {
    const goOnAfter = (last: number) => sql`select setval('transfer_receipts', ${last})`.execute(bank.db);
    await goOnAfter(99_999_998);
    onTestFinished(async () => void (await goOnAfter(1)));
    for (const amount of ['1', '2', '3']) await transfer(browser, { amount });
    const numbers = (await transfers(bank)).map(({ receipt }) => receipt?.split('-')[1]);
    expect(numbers).toEqual(['99999999', '100000000', '100000001']);
  });

  test('200,000 yen a day, by the calendar of Japan', async () => {
    bank.toHour(9);
    expect((await transferAgain('150000')).screenId).toBe('BFT004');
    const over = await enter(browser, { amount: '50001' });
    expect(over.status).toBe(422);
    expect(over.text).toContain('限度額（200,000円）を超えています。本日あと50,000円まで');
    bank.toHour(23.99);
    expect((await transferAgain('50000')).screenId).toBe('BFT004');
    bank.toHour(24);
    expect((await transferAgain('200000')).screenId).toBe('BFT004');
    expect((await balances(bank))['taro0001-0']).toBe(2_600_000);
  });

  test('the limit holds for transfers executed at once', async () => {
    const windows = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const window = browser.copy();
        await enter(window, { amount: '90000' });
        return window;
      }),
    );
    const seen = await Promise.all(windows.map((window) => press(window, 'execute', PASSWORD)));
    expect(seen.filter(({ screenId }) => screenId === 'BFT004')).toHaveLength(2);
    const refused = seen.filter(({ screenId }) => screenId === 'BFT005');
    expect(refused).toHaveLength(3);
    expect(refused[0]?.text).toContain('本日の振込・振替限度額を超えるため');
    expect((await balances(bank))['taro0001-0']).toBe(2_820_000);
  });

  test('the balance holds for transfers executed at once', async () => {
    await bank.db
      .updateTable('accounts')
      .set({ balance: 50_000 })
      .where('id', '=', 'senpoku-taro0001-0')
      .execute();
    const windows = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const window = browser.copy();
        await enter(window, { amount: '30000' });
        return window;
      }),
    );
    const seen = await Promise.all(windows.map((window) => press(window, 'execute', PASSWORD)));
    expect(seen.filter(({ screenId }) => screenId === 'BFT004')).toHaveLength(1);
    expect(seen.filter(({ text }) => text.includes('残高が不足しているため'))).toHaveLength(3);
    expect((await balances(bank))['taro0001-0']).toBe(20_000);
  });

  test('more than the balance is an error at the field', async () => {
    await bank.db
      .updateTable('accounts')
      .set({ balance: 100 })
      .where('id', '=', 'senpoku-taro0001-0')
      .execute();
    const seen = await enter(browser, { amount: '101' });
    expect(seen.html).toContain('<a href="#amount">');
    expect(seen.text).toContain('残高が不足しています');
  });

  test('W4: entered without the OTP and executed with it: 取引認証 is still asked for', async () => {
    await enter(browser, { amount: '1000' });
    const kept = browser.copy();
    await withToken(bank, browser);
    const seen = await press(kept, 'execute', PASSWORD);
    expect(seen).toMatchObject({ screenId: 'BFT001', status: 200 });
    expect(seen.text).toContain('お振込に取引認証が必要です。お手続きは行われていません');
    expect(seen.html).toContain('value="ミホン サブロウ"');
    expect(await transfers(bank)).toMatchObject([{ state: 'entered' }]);
    const typed = { ...NEW_PAYEE, amount: '1000' };
    expect((await kept.send('/transfer/new', typed)).screenId).toBe('BFT003');
  });
});

test('W4: 確認画面 from before the OTP cannot execute a transfer that waits for the token', async () => {
  await browser.open('/transfer/new');
  const input = browser.copy();
  const direct = browser.copy();
  await direct.send('/transfer/new', NEW_PAYEE);
  await withToken(bank, browser);
  const waiting = await input.send('/transfer/new', NEW_PAYEE);
  expect(waiting).toMatchObject({ screenId: 'BFT003', path: direct.seen.path });
  const forced = await press(direct, 'execute', PASSWORD);
  expect(forced).toMatchObject({ status: 409, screenId: 'BFT003' });
  expect(forced.text).toContain('確認がまだ行われていません');
  expect((await balances(bank))['taro0001-0']).toBe(3_000_000);
});

describe('振替', () => {
  const OWN = { way: 'own', own: 'senpoku-taro0001-1', amount: '5000' };

  test('between own accounts, with the OTP in use, needs no 取引認証', async () => {
    await withToken(bank, browser);
    const confirm = await enter(browser, OWN);
    expect(confirm).toMatchObject({ screenId: 'BFT012', heading: '振替（確認画面）' });
    expect((await press(browser, 'execute', PASSWORD)).heading).toBe('振替（完了）');
    expect(await balances(bank)).toMatchObject({ 'taro0001-0': 2_995_000, 'taro0001-1': 505_000 });
  });

  test('that was broken off says that no 振替 was made', async () => {
    await enter(browser, OWN);
    const { path } = browser.seen;
    await press(browser, 'cancel');
    const stopped = await browser.open(path);
    expect(stopped.text).toContain('お振替は行われていません');
    expect(stopped.text).not.toContain('お振込');
  });

  test.each([
    ['the account the money comes from', 'senpoku-taro0001-0'],
    ["another customer's account", 'senpoku-hanako01-0'],
    ['nothing', ''],
  ])('to %s is refused', async (_, own) => {
    expect((await enter(browser, { ...OWN, own })).status).toBe(422);
  });

  test("from another customer's account is refused", async () => {
    const seen = await enter(browser, { from_account: 'senpoku-hanako01-0' });
    expect(seen.text).toContain('出金口座を選択してください');
  });
});

describe('振込・振替限度額の変更', () => {
  const change = async (fields: Record<string, string>) => {
    await browser.open('/services/limit');
    return browser.send('/services/limit', { ...PASSWORD, ...fields });
  };

  test('a lower limit takes effect at once', async () => {
    expect((await change({ limit: '50000' })).text).toContain('変更後の限度額は、ただちに適用されました。');
    expect((await enter(browser, { amount: '50001' })).text).toContain('限度額（50,000円）を超えています');
    bank.advance(DAY);
    await logIn(browser);
    expect((await enter(browser, { amount: '50000' })).screenId).toBe('BFT002');
  });

  test('is at most 200,000 yen without the OTP', async () => {
    expect((await change({ limit: '200001' })).text).toContain('200,000円以下で入力してください');
    expect((await change({ limit: '' })).text).toContain('変更後の限度額を入力してください');
    const wrong = await change({ limit: '50000', confirmation_password: 'wrong1234' });
    expect(wrong.text).toContain('確認用パスワードが正しくありません');
    expect((await browser.open('/services/limit')).text).toContain('一日あたりの限度額 200,000円');
  });

  test('needs the token if the OTP came into use meanwhile', async () => {
    await browser.open('/services/limit');
    const window = browser.copy();
    await withToken(bank, browser);
    const seen = await window.send('/services/limit', { ...PASSWORD, limit: '50000' });
    expect(seen.screenId).toBe('BSL003');
  });
});
