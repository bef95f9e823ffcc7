import { describe, expect, test } from 'vitest';
import { createBank } from '../../../bank/app.ts';
import { continueRequests } from '../../../bank/request/chores.ts';
import { readShown } from '../../../core/transaction/shown.ts';
import { leftOn } from '../host/left-on.ts';
import type { Browser } from './browser.ts';
import { EMAIL, logIn, type TestBank, useTestBank } from './test-bank.ts';
import {
  AFTER,
  BEFORE,
  balance,
  confirmed,
  enter,
  PASSWORD,
  press,
  transfers,
  withToken,
} from './test-transfer.ts';

const MINUTE = 60_000;

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

describe('取引認証, approve', () => {
  test('from input to 受付番号: details, number, decision, password, entries', async () => {
    const token = await withToken(bank, browser);
    const waiting = await enter(browser);
    expect(waiting).toMatchObject({ screenId: 'BFT003', heading: '振込（取引認証）', status: 200 });
    expect(waiting.text).toContain('トークンアプリでの確認をお待ちしています');
    expect(waiting.text).toMatch(
      /お振込先 見本銀行 \(9911\) 本店 \(001\) 普通 1234567 .*お振込先人名 ミホン サブロウ .*お振込金額 150,000円/,
    );
    const [row] = await transfers(bank);
    const lines = waiting.html.replace(/<\/(dt|dd|p|h\d|a|li)>/g, '\n').replace(/<[^>]+>/g, '');
    expect(readShown(lines)).toMatchObject({
      values: { transfer: { amount: ['150,000円'], payee: ['ミホン サブロウ'] } },
      number: row?.number,
    });
    expect(waiting.html).not.toContain('name="confirmation_password"');

    await token.decide('confirmed');
    const after = await browser.open(waiting.path);
    expect(after).toMatchObject({ screenId: 'BFT003', heading: '振込（取引認証）' });
    expect(after.text).toContain('お取引はまだ完了していません');
    expect(after.html).not.toContain('name="confirmation_code"');
    expect(await balance(bank)).toBe(BEFORE);

    const done = await press(browser, 'execute', PASSWORD);
    expect(done).toMatchObject({ screenId: 'BFT004', heading: '振込（完了）', path: waiting.path });
    expect(done.text).toMatch(/受付番号 \d{8}-\d{8}/);
    expect(await balance(bank)).toBe(AFTER);
    const accounts = await browser.open('/accounts');
    expect(accounts.text).toContain('振込 ミホン サブロウ 150,000円 2,850,000円');
    expect((await browser.open('/transfer')).text).toMatch(/完了 ミホン サブロウ/);
  });

  test.each([
    ['rejected', '「拒否」が選択されたため', 'お振込の取引認証が拒否されたお知らせ'],
    ['not-me', '利用停止にしました', 'お心当たりのないお振込の中止とトークンの利用停止のお知らせ'],
  ] as const)('%s: a clear outcome, one mail, no money moves', async (decision, told, subject) => {
    const token = await withToken(bank, browser);
    const { path } = await enter(browser);
    await token.decide(decision);
    expect(await bank.deliverEvents()).toBe(1);
    const seen = await browser.open(path);
    expect(seen).toMatchObject({ screenId: 'BFT005', status: 200 });
    expect(seen.text).toContain(told);
    expect(seen.text).toContain('お振込は行われていません');
    expect(seen.text).toContain('0120-000-004');
    expect(seen.html).not.toContain('確定する');
    const mails = (await bank.mails(EMAIL)).filter((mail) => mail.subject === subject);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('ミホン サブロウ');
    expect(mails[0]?.text).toContain('0120-000-004');
    expect(await balance(bank)).toBe(BEFORE);
  });

  test('"not me" stops the token: no login, no transfer, no new token', async () => {
    const token = await withToken(bank, browser);
    await enter(browser);
    await token.decide('not-me');
    await bank.deliverEvents();
    expect((await browser.open('/transfer/new')).text).toContain(
      'トークンが利用停止になっているため、お振込・お振替ができません',
    );
    expect((await browser.open('/otp')).text).toContain('利用停止中');
    expect((await browser.open('/otp/issue')).text).toContain('利用停止になっているため');
    const other = bank.browser();
    const stopped = await logIn(other);
    expect(stopped).toMatchObject({ path: '/login/suspended', heading: 'トークンの利用停止', status: 403 });
  });

  test('nobody decides: it expires, and the page says so', async () => {
    await withToken(bank, browser);
    const { path } = await enter(browser);
    bank.advance(4 * MINUTE);
    await browser.open(path);
    bank.advance(2 * MINUTE);
    const seen = await browser.open(path);
    expect(seen.text).toContain('有効期限（5分）を過ぎたため');
    expect(seen.screenId).toBe('BFT005');
  });

  test('申込を中止する cancels it on the token too', async () => {
    const token = await withToken(bank, browser);
    await enter(browser);
    const seen = await press(browser, 'cancel');
    expect(seen.text).toContain('お申込みを中止しました');
    await expect(token.decide('confirmed')).rejects.toThrow();
    const [row] = await transfers(bank);
    expect(row).toMatchObject({ state: 'cancelled', cancel_due: false });
  });

  test('cancelled while the service is unreachable: the service is told later', async () => {
    await withToken(bank, browser);
    await enter(browser);
    bank.way.connection = 'down';
    await press(browser, 'cancel');
    expect(await transfers(bank)).toMatchObject([{ state: 'cancelled', cancel_due: true }]);
    bank.way.connection = 'up';
    await continueRequests(bank.chores);
    expect(await transfers(bank)).toMatchObject([{ cancel_due: false }]);
    const { status } = await bank.service.db
      .selectFrom('confirmations')
      .select('status')
      .executeTakeFirstOrThrow();
    expect(status).toBe('cancelled');
  });

  test('C2: two that wait at once have different numbers, and each its own decision', async () => {
    const token = await withToken(bank, browser);
    const first = (await enter(browser, { amount: '1000' })).path;
    const second = (await enter(browser, { amount: '1000' })).path;
    const numbers = (await transfers(bank)).map(({ number }) => number ?? '');
    expect(new Set(numbers).size).toBe(2);
    await token.decide('confirmed', numbers[1]);
    expect((await browser.open(first)).text).toContain('お待ちしています');
    expect((await browser.open(second)).text).toContain('確認されました');
  });
});

describe('確定する', () => {
  test('two confirmed transfers beyond the day’s limit together: one is executed, the other cancelled', async () => {
    const token = await withToken(bank, browser);
    const windows: Browser[] = [];
    for (let count = 1; count <= 2; count++) {
      const window = browser.copy();
      await enter(window);
      await token.decide('confirmed', (await transfers(bank)).at(-1)?.number ?? '');
      await window.open(window.seen.path);
      windows.push(window);
    }
    const seen = await Promise.all(windows.map((window) => press(window, 'execute', PASSWORD)));
    expect(seen.map(({ screenId }) => screenId).sort()).toEqual(['BFT004', 'BFT005']);
    expect(await balance(bank)).toBe(AFTER);
    await continueRequests(bank.chores);
    const statuses = await bank.service.db.selectFrom('confirmations').select('status').execute();
    expect(statuses.map(({ status }) => status).sort()).toEqual(['cancelled', 'spent']);
  });

  test('a wrong password, none, then the right one', async () => {
    await confirmed(bank, browser);
    expect((await press(browser, 'execute')).text).toContain('確認用パスワードを入力してください');
    const wrong = await press(browser, 'execute', { confirmation_password: 'wrong1234' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('確認用パスワードが正しくありません');
    expect(await balance(bank)).toBe(BEFORE);
    expect((await press(browser, 'execute', PASSWORD)).screenId).toBe('BFT004');
  });

  test('A8: what is executed is the stored transfer, whatever the form says', async () => {
    await confirmed(bank, browser);
    await press(browser, 'execute', { ...PASSWORD, amount: '999999', account_number: '0000000', payee: 'x' });
    expect(await balance(bank)).toBe(AFTER);
    expect(await transfers(bank)).toMatchObject([{ state: 'done', payee: 'ミホン サブロウ' }]);
  });

  test('D2: a stored transfer changed after the confirmation is not executed', async () => {
    await confirmed(bank, browser);
    await bank.db.updateTable('transfers').set({ account_number: '7654321' }).execute();
    const seen = await press(browser, 'execute', PASSWORD);
    expect(seen.text).toContain('取引認証を確認できなかったため');
    expect(await balance(bank)).toBe(BEFORE);
  });

  test('20 at once from one window: money moves once, all see the completion', async () => {
    await confirmed(bank, browser);
    const windows = Array.from({ length: 20 }, () => browser.copy());
    const seen = await Promise.all(windows.map((window) => press(window, 'execute', PASSWORD)));
    expect(seen.map(({ screenId }) => screenId)).toEqual(seen.map(() => 'BFT004'));
    expect(new Set(seen.map(({ text }) => /受付番号 ([\d-]+)/.exec(text)?.[1])).size).toBe(1);
    expect(await balance(bank)).toBe(AFTER);
    expect(await bank.db.selectFrom('entries').selectAll().execute()).toHaveLength(1);
  });

  test('10 at once from separate windows: the same', async () => {
    await confirmed(bank, browser);
    const { path } = browser.seen;
    const windows = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const window = browser.copy();
        await window.open(path);
        return window;
      }),
    );
    const seen = await Promise.all(windows.map((window) => press(window, 'execute', PASSWORD)));
    expect(seen.map(({ screenId }) => screenId)).toEqual(seen.map(() => 'BFT004'));
    expect(await balance(bank)).toBe(AFTER);
    expect(await bank.db.selectFrom('entries').selectAll().execute()).toHaveLength(1);
    // A window that comes late asks for the result with a repeat of the same write.
    const verified = bank.calls.filter(
      ({ path }) => path.endsWith('/verify') && path.includes('/confirmations/'),
    );
    expect(new Set(verified.map(({ key }) => key)).size).toBe(1);
  });

  test('a lost answer: the customer asks again, and the money has moved once', async () => {
    await confirmed(bank, browser);
    bank.way.connection = 'lost';
    const seen = await press(browser, 'execute', PASSWORD);
    expect(seen).toMatchObject({ screenId: 'BFT006', heading: '振込（処理中）' });
    expect(seen.text).toContain('二重にお手続きされることはありません');
    expect(await balance(bank)).toBe(BEFORE);
    bank.way.connection = 'up';
    expect((await press(browser, 'execute')).screenId).toBe('BFT004');
    expect(await balance(bank)).toBe(AFTER);
    const keys = bank.calls.filter(({ path }) => path.includes('/confirmations/')).map(({ key }) => key);
    expect(new Set(keys.filter((key) => key !== null)).size).toBe(1);
  });

  test('a lost answer and no customer: the bank finishes by itself', async () => {
    await confirmed(bank, browser);
    bank.way.connection = 'lost';
    await press(browser, 'execute', PASSWORD);
    bank.way.connection = 'up';
    await continueRequests(bank.chores);
    expect(await balance(bank)).toBe(BEFORE);
    bank.advance(11_000);
    await Promise.all([continueRequests(bank.chores), continueRequests(bank.chores)]);
    expect(await balance(bank)).toBe(AFTER);
    await continueRequests(bank.chores);
    expect(await balance(bank)).toBe(AFTER);
  });

  test('bank and service restarted between OK on the token and 確定する', async () => {
    await confirmed(bank, browser);
    browser = bank.restart(browser);
    await browser.open(browser.seen.path);
    expect((await press(browser, 'execute', PASSWORD)).screenId).toBe('BFT004');
    expect(await balance(bank)).toBe(AFTER);
  });

  test('an unreachable service: nothing is claimed, and the same form succeeds later', async () => {
    await confirmed(bank, browser);
    bank.way.connection = 'down';
    const seen = await press(browser, 'execute', PASSWORD);
    expect(seen.status).toBe(503);
    expect(await transfers(bank)).toMatchObject([{ state: 'waiting' }]);
    bank.way.connection = 'up';
    expect((await press(browser, 'execute', PASSWORD)).screenId).toBe('BFT004');
  });

  test('A6: a token suspended after it has confirmed moves nothing', async () => {
    await confirmed(bank, browser);
    await bank.service.db
      .updateTable('tokens')
      .set({ status: 'suspended', suspended_from: 'active' })
      .execute();
    const seen = await press(browser, 'execute', PASSWORD);
    expect(seen.screenId).toBe('BFT005');
    expect(seen.text).toContain('トークンがご利用いただけない状態のため');
    expect(seen.text).toContain('お振込は行われていません');
    expect(await balance(bank)).toBe(BEFORE);
  });

  test('the back button afterwards shows the completion; an old form moves nothing again', async () => {
    await confirmed(bank, browser);
    const [kept, other] = [browser.copy(), browser.copy()];
    const { path } = browser.seen;
    await press(browser, 'execute', PASSWORD);
    expect((await press(kept, 'execute', PASSWORD)).screenId).toBe('BFT004');
    expect((await browser.open(path)).screenId).toBe('BFT004');
    expect((await press(other, 'cancel')).screenId).toBe('BFT004');
    expect(await balance(bank)).toBe(AFTER);
  });

  test('used too late: the page says so, no money moves', async () => {
    await confirmed(bank, browser);
    const kept = browser.copy();
    bank.advance(4 * MINUTE);
    await browser.open(browser.seen.path);
    bank.advance(2 * MINUTE);
    expect((await press(kept, 'execute', PASSWORD)).text).toContain('有効期限（5分）を過ぎたため');
    expect(await balance(bank)).toBe(BEFORE);
  });
});

describe('following a transfer', () => {
  test('the page that waits is answered when the token has decided', async () => {
    const token = await withToken(bank, browser);
    const { path } = await enter(browser);
    const answer = browser.copy().open(`${path}/status?unless=waiting`);
    await token.decide('confirmed');
    const seen = await answer;
    expect(seen.status).toBe(200);
    expect(seen.text).toContain('確認されました');
    expect(seen.html).toContain(`data-follow="${path}/status?unless=confirmed"`);
    expect(seen.html).toContain(`name="return" value="${path}"`);
    await browser.open(path);
    expect((await browser.copy().send('/text-size', { size: 'large' })).path).toBe(path);
    const done = browser.copy().open(`${path}/status?unless=confirmed`);
    await browser.open(path);
    await press(browser, 'execute', PASSWORD);
    expect((await done).screenId).toBe('BFT004');
  });

  test('an answered wait leaves no listener behind', async () => {
    const token = await withToken(bank, browser);
    const { path } = await enter(browser);
    const before = leftOn(bank.stopping);
    const answer = browser.copy().open(`${path}/status?unless=waiting`);
    await token.decide('confirmed');
    expect((await answer).status).toBe(200);
    expect(leftOn(bank.stopping)).toBe(before);
  });

  test('an event wakes it when the service cannot be asked', async () => {
    const token = await withToken(bank, browser);
    const { path } = await enter(browser);
    bank.way.connection = 'down';
    const asked = Promise.withResolvers<void>();
    const wait = () => {
      asked.resolve();
      return new Promise<void>(() => {});
    };
    const node = createBank({ ...bank.dependencies, wait });
    const answer = browser.copy(node).open(`${path}/status?unless=waiting`);
    await asked.promise;
    await token.decide('rejected');
    await bank.deliverEvents();
    expect((await answer).screenId).toBe('BFT005');
  });

  test('D5: it does not keep the session alive', async () => {
    await withToken(bank, browser);
    const { path } = await enter(browser);
    bank.advance(4 * MINUTE);
    await browser.copy().open(`${path}/status?unless=nothing`);
    bank.advance(2 * MINUTE);
    expect((await browser.open(path)).path).toBe('/timeout');
  });

  test('D5: the answer that shows 確定する does, so that the page can be finished', async () => {
    const token = await withToken(bank, browser);
    const { path } = await enter(browser);
    bank.advance(4 * MINUTE + 40_000);
    await token.decide('confirmed');
    await browser.open(`${path}/status?unless=waiting`);
    const kept = browser.copy();
    bank.advance(40_000);
    expect((await press(browser, 'execute', PASSWORD)).screenId).toBe('BFT004');
    bank.advance(4 * MINUTE);
    await kept.copy().open(`${path}/status?unless=confirmed`);
    bank.advance(2 * MINUTE);
    const ended = await kept.open(path);
    expect(ended.path).toBe('/timeout');
    expect(ended.text).toContain('取引認証の途中だったお申込みは、有効期限内であれば「振込・振替」');
  });

  test("nobody can follow or change somebody else's", async () => {
    await withToken(bank, browser);
    const { path } = await enter(browser);
    const hidden = browser.hidden(`${path}/cancel`);
    const stranger = bank.browser();
    await logIn(stranger, 'hanako01');
    expect((await stranger.open(path)).status).toBe(404);
    expect((await stranger.open(`${path}/status?unless=x`)).status).toBe(404);
    expect((await stranger.open(`${path}/edit`)).status).toBe(404);
    await stranger.open('/top');
    const { form_token = '' } = stranger.hidden('/logout');
    for (const step of ['execute', 'cancel']) {
      expect((await stranger.post(`${path}/${step}`, { ...hidden, form_token })).status).toBe(404);
    }
    expect(await transfers(bank)).toMatchObject([{ state: 'waiting' }]);
  });
});
