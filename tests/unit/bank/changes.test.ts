import { describe, expect, test } from 'vitest';
import { continueRequests, forgetRequests } from '../../../bank/request/chores.ts';
import type { Browser } from './browser.ts';
import { EMAIL, logIn, type TestBank, useTestBankInUse } from './test-bank.ts';
import { CHANGES, changes, enterChange, held, NEW_EMAIL } from './test-change.ts';
import { PASSWORD, press, tokenOf } from './test-transfer.ts';

let bank: TestBank;
let browser: Browser;
let token: ReturnType<typeof tokenOf>;

useTestBankInUse((stage) => {
  ({ bank, browser } = stage);
  token = tokenOf(bank, stage.codes);
});

const BEFORE = { email: EMAIL, limit: null };
const asked = () => bank.calls.filter(({ path }) => path.endsWith('/confirmations'));
const subjects = async (to: string) => (await bank.mails(to)).map(({ subject }) => subject);

describe.each(Object.entries(CHANGES))('with the OTP in use, %s', (name, change) => {
  const { screens, path } = change;
  const after = name === 'limit' ? { email: EMAIL, limit: 1_000_000 } : { email: NEW_EMAIL, limit: null };

  test('is confirmed on the token first, and made with 確定する', async () => {
    const input = await browser.open(path);
    expect(input.screenId).toBe(screens.input);
    expect(input.html).not.toMatch(/name="(?:otp|confirmation_password)"/);
    const waiting = await browser.send(path, { ...change.fields });
    expect(waiting.screenId).toBe(screens.waiting);
    expect(waiting.text).toContain('トークンアプリでの確認をお待ちしています');
    const [row] = await changes(bank);
    expect(waiting.text).toContain(`確認番号 ${row?.number}`);
    const follow = /data-follow="([^"]+)"/.exec(waiting.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const followed = browser.copy().open(follow);
    await token.decide('confirmed');
    const confirmed = await followed;
    expect(confirmed.text).toContain('変更はまだ完了していません');
    expect(confirmed.text).not.toContain('取引認証コード');
    expect(await held(bank)).toEqual(BEFORE);
    await browser.open(waiting.path);
    const done = await press(browser, 'execute', PASSWORD);
    expect(done.screenId).toBe(screens.complete);
    expect(await held(bank)).toEqual(after);
    expect((await changes(bank)).map(({ state }) => state)).toEqual(['done']);
  });

  test('asks one question with one idempotency key, however often the form is sent', async () => {
    await browser.open(path);
    const windows = [browser.copy(), browser.copy(), browser.copy()];
    const seen = await Promise.all(windows.map((window) => window.send(path, { ...change.fields })));
    expect(new Set(seen.map(({ path: at }) => at)).size).toBe(1);
    expect(new Set(asked().map(({ key }) => key)).size).toBe(1);
    expect(await changes(bank)).toHaveLength(1);
  });

  test('asks only once after a lost answer', async () => {
    await browser.open(path);
    bank.way.connection = 'lost';
    expect((await browser.send(path, { ...change.fields })).status).toBe(503);
    bank.way.connection = 'up';
    expect((await browser.send(path, { ...change.fields })).screenId).toBe(screens.waiting);
    expect(new Set(asked().map(({ key }) => key)).size).toBe(1);
  });

  test.each([
    ['rejected', '「拒否」が選択された', `${change.mail}の取引認証が拒否されたお知らせ`],
    [
      'not-me',
      '「心当たりがない」が選択された',
      `お心当たりのない${change.mail}の中止とトークンの利用停止のお知らせ`,
    ],
  ] as const)(
    '%s: nothing changes, the page says so, and one mail reports it',
    async (decision, said, subject) => {
      await enterChange(browser, change);
      await token.decide(decision);
      await bank.deliverEvents();
      await bank.deliverEvents();
      const seen = await browser.open(browser.seen.path);
      expect(seen.screenId).toBe(screens.stopped);
      expect(seen.text).toContain(said);
      expect(seen.text).toContain(change.undone);
      expect(await held(bank)).toEqual(BEFORE);
      expect((await subjects(EMAIL)).filter((one) => one === subject)).toHaveLength(1);
    },
  );

  test('確定する before the confirmation changes nothing', async () => {
    const waiting = await enterChange(browser, change);
    const hidden = browser.hidden(`${waiting.path}/cancel`);
    const forged = await browser.post(`${waiting.path}/execute`, { ...PASSWORD, ...hidden });
    expect(forged.status).toBe(403);
    await token.decide('confirmed');
    await browser.open(waiting.path);
    const confirmed = browser.hidden(`${waiting.path}/execute`);
    await bank.db.updateTable('changes').set({ decision: 'waiting' }).execute();
    await bank.service.db.updateTable('confirmations').set({ status: 'waiting' }).execute();
    const seen = await browser.post(`${waiting.path}/execute`, { ...PASSWORD, ...confirmed });
    expect(seen.status).toBe(409);
    expect(seen.text).toContain('トークンアプリでの確認がまだ行われていません');
    expect(await held(bank)).toEqual(BEFORE);
  });

  test('expires undecided, or confirmed and not used', async () => {
    /** Moves in steps shorter than the idle time of a session. */
    const sixMinutes = async (at: string) => {
      bank.advance(4 * 60_000);
      await browser.open(at);
      bank.advance(2 * 60_000);
      return browser.open(at);
    };
    const undecided = await sixMinutes((await enterChange(browser, change)).path);
    expect(undecided.text).toContain('有効期限（5分）を過ぎたため');
    expect(undecided.text).toContain(change.undone);
    const { path: at } = await enterChange(browser, change);
    await token.decide('confirmed', (await changes(bank)).at(-1)?.number ?? '');
    const unused = await sixMinutes(at);
    expect(unused.screenId).toBe(screens.stopped);
    expect(unused.text).toContain('有効期限（5分）を過ぎたため');
    expect(await held(bank)).toEqual(BEFORE);
  });

  test('a confirmation that staff voided, or whose token was suspended since, changes nothing', async () => {
    await enterChange(browser, change);
    await token.decide('confirmed');
    await browser.open(browser.seen.path);
    await bank.service.db.updateTable('confirmations').set({ status: 'cancelled' }).execute();
    const seen = await press(browser, 'execute', PASSWORD);
    expect(seen.screenId).toBe(screens.stopped);
    expect(seen.text).toContain('取引認証が取り消された');
    expect(await held(bank)).toEqual(BEFORE);
  });

  test('details other than the confirmed ones change nothing', async () => {
    await enterChange(browser, change);
    await token.decide('confirmed');
    await browser.open(browser.seen.path);
    const [row] = await changes(bank);
    const value = name === 'limit' ? { newLimit: 9_000_000 } : { newAddress: 'else@example.com' };
    const details = JSON.stringify({ ...JSON.parse(row?.details ?? ''), ...value });
    await bank.db.updateTable('changes').set({ details }).execute();
    const seen = await press(browser, 'execute', PASSWORD);
    expect(seen.screenId).toBe(screens.stopped);
    expect(seen.text).toContain('取引認証を確認できなかった');
    expect(await held(bank)).toEqual(BEFORE);
  });

  test('a wrong 確認用パスワード changes nothing and does not spend the confirmation', async () => {
    await enterChange(browser, change);
    await token.decide('confirmed');
    await browser.open(browser.seen.path);
    const wrong = await press(browser, 'execute', { confirmation_password: 'wrong1234' });
    expect(wrong.text).toContain('確認用パスワードが正しくありません');
    expect(await held(bank)).toEqual(BEFORE);
    expect((await press(browser, 'execute', PASSWORD)).screenId).toBe(screens.complete);
  });

  test('a page that follows it by itself does not keep the session alive', async () => {
    await enterChange(browser, change);
    const { path: at } = browser.seen;
    bank.advance(4 * 60_000);
    await browser.copy().open(`${at}/status?unless=nothing`);
    bank.advance(2 * 60_000);
    expect((await browser.open(at)).path).toBe('/timeout');
  });

  test('確定する in two windows at once makes it once', async () => {
    await enterChange(browser, change);
    await token.decide('confirmed');
    await browser.open(browser.seen.path);
    const windows = [browser.copy(), browser.copy(), browser.copy()];
    const seen = await Promise.all(windows.map((window) => press(window, 'execute', PASSWORD)));
    expect(seen.map(({ screenId }) => screenId)).toEqual(Array(3).fill(screens.complete));
    // Windows that find it under way ask for the result, with the same key.
    const verified = bank.calls.filter(({ path: at }) => at.endsWith('/verify'));
    expect(new Set(verified.map(({ key }) => key)).size).toBe(1);
    expect((await changes(bank)).map(({ state }) => state)).toEqual(['done']);
    expect(await held(bank)).toEqual(after);
  });

  test('申込を中止する changes nothing, and the bank tells the service until it answers', async () => {
    await enterChange(browser, change);
    const { path: at } = browser.seen;
    bank.way.connection = 'down';
    await press(browser, 'cancel');
    bank.way.connection = 'up';
    await continueRequests(bank.chores);
    const { status } = await bank.service.db
      .selectFrom('confirmations')
      .select('status')
      .executeTakeFirstOrThrow();
    expect(status).toBe('cancelled');
    const seen = await browser.open(at);
    expect(seen.screenId).toBe(screens.stopped);
    expect(seen.text).toContain(`お申込みを中止しました。${change.undone}`);
  });

  test('after an answer lost at 確定する the bank finishes by itself', async () => {
    await enterChange(browser, change);
    await token.decide('confirmed');
    await browser.open(browser.seen.path);
    bank.way.connection = 'lost';
    expect((await press(browser, 'execute', PASSWORD)).screenId).toBe(screens.running);
    expect(await held(bank)).toEqual(BEFORE);
    bank.way.connection = 'up';
    bank.advance(11_000);
    await continueRequests(bank.chores);
    expect(await held(bank)).toEqual(after);
    expect((await browser.open(browser.seen.path)).screenId).toBe(screens.complete);
  });

  test('is entered again by the same form where the token service did not answer', async () => {
    await browser.open(path);
    bank.way.connection = 'down';
    const away = await browser.send(path, { ...change.fields });
    expect(away).toMatchObject({ status: 503, screenId: screens.input });
    for (const value of Object.values(change.fields)) expect(away.html).toContain(`value="${value}"`);
    bank.way.connection = 'up';
    expect((await browser.send(path, { ...change.fields })).screenId).toBe(screens.waiting);
  });

  test('cannot be seen or used by another customer', async () => {
    const { path: at } = await enterChange(browser, change);
    const hanako = bank.browser();
    await logIn(hanako, 'hanako01');
    expect((await hanako.open(at)).status).toBe(404);
    expect((await hanako.open(`${at}/status?unless=confirmed`)).status).toBe(404);
    const other = name === 'limit' ? CHANGES.email : CHANGES.limit;
    expect((await browser.open(at.replace(path, other.path))).status).toBe(404);
  });

  test('has a link on ご利用サービスの変更 while it is open', async () => {
    const { path: at } = await enterChange(browser, change);
    expect((await browser.open('/services')).html).toContain(`href="${at}"`);
    await token.decide('rejected');
    await bank.deliverEvents();
    expect((await browser.open('/services')).html).not.toContain(`href="${at}"`);
  });
});

test('what was entered and never asked on the token is deleted after a day', async () => {
  await browser.open('/services/limit');
  bank.way.connection = 'down';
  await browser.send('/services/limit', { limit: '300000' });
  expect(await changes(bank)).toHaveLength(0);
  bank.way.connection = 'lost';
  await browser.open('/services/limit');
  await browser.send('/services/limit', { limit: '300000' });
  bank.way.connection = 'up';
  expect((await changes(bank)).map(({ state }) => state)).toEqual(['entered']);
  bank.advance(25 * 60 * 60_000);
  await forgetRequests(bank.chores);
  expect(await changes(bank)).toEqual([]);
});

test('nothing is asked while the token is stopped, and no form is shown that could only fail', async () => {
  const shown = new Map<string, Browser>();
  for (const { path } of Object.values(CHANGES)) {
    await browser.open(path);
    shown.set(path, browser.copy());
  }
  await enterChange(browser, CHANGES.limit);
  await token.decide('not-me');
  for (const { path, fields } of Object.values(CHANGES)) {
    for (const [seen, status] of [
      [await browser.open(path), 200],
      [await shown.get(path)?.send(path, { ...fields }), 409],
    ] as const) {
      expect(seen?.status).toBe(status);
      expect(seen?.text).toContain('トークンが利用停止になっているため、お手続きができません。');
      expect(seen?.html).not.toContain(`action="${path}"`);
      expect(seen?.html).toContain('action="/services"');
    }
  }
  expect(asked()).toHaveLength(1);
});

test('what the service cancelled with another that was not the customer’s says whom to call, and of no code', async () => {
  const { path } = await enterChange(browser, CHANGES.email);
  await enterChange(browser, CHANGES.limit);
  const last = (await changes(bank)).find(({ type }) => type === 'limit-change');
  await token.decide('not-me', last?.number ?? '');
  await bank.deliverEvents();
  const seen = await browser.open(path);
  expect(seen.screenId).toBe(CHANGES.email.screens.stopped);
  expect(seen.text).toContain('取引認証が取り消された');
  expect(seen.text).not.toContain('取引認証コード');
  expect(seen.text).toContain('トークンが利用停止になっている場合は、下記までご連絡ください。');
  expect(seen.html).toContain('0120-000-004');
});
