import { describe, expect, test, vi } from 'vitest';
import { tokensOf } from '../../../bank/store/customer-tokens.ts';
import { findCustomer } from '../../../bank/store/customers.ts';
import { tellOfEnds } from '../../../bank/token/ends.ts';
import { takeOver } from '../../../bank/token/take-over.ts';
import type { Device, Token } from '../../../core/api/bank.ts';
import { ProblemError, problemDocument } from '../../../server/problem.ts';
import { SENPOKU } from '../../institutions.ts';
import { type Customer, customerOf } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';
import type { Browser } from './browser.ts';
import { ACTIVATION_PASSWORD, EMAIL, logIn, type TestBank, useTestBankInUse } from './test-bank.ts';
import { enter, PASSWORD, press, tokenOf } from './test-transfer.ts';

/** 新しい端末でのトークン利用 at the bank, with the real token service behind it. */

let bank: TestBank;
let browser: Browser;
let token: ReturnType<typeof tokenOf>;

useTestBankInUse((stage) => {
  ({ bank, browser } = stage);
  token = tokenOf(bank, stage.codes);
});

const DAY = 24 * 60 * 60_000;
const PHONE: Device = { form: 'companion', name: 'Chrome (Android)' };
const INPUT = {
  activation_password: ACTIVATION_PASSWORD,
  activation_password_again: ACTIVATION_PASSWORD,
  ...PASSWORD,
};

const oldUserId = () => token.codes.customer.userId;
const taro = () => findCustomer(bank.db, 'senpoku-taro0001');
const present = async () => (await taro()).user_id;
const shownToken = async (userId: string): Promise<Token> =>
  (await bank.service.bank('GET', `/v1/tokens/${userId}`)).json() as Promise<Token>;
const statusOf = async (userId: string) =>
  (
    await bank.service.db
      .selectFrom('tokens')
      .select('status')
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
  ).status;
const subjects = async () => (await bank.mails(EMAIL)).map(({ subject }) => subject);
const REPLACED = '新しい端末でのトークン利用開始のお知らせ';

/** The first step. @returns ユーザID of the new token */
async function begin(at = browser): Promise<string> {
  await at.open('/otp/replace');
  await at.send('/otp/replace', INPUT);
  return /ユーザID\D*(\d{12})/.exec(at.seen.text)?.[1] ?? '';
}

/** 初期設定 on the new device. */
async function setUp(userId: string): Promise<Customer> {
  const fresh = await createTestToken();
  const values = { userId, activationPassword: ACTIVATION_PASSWORD, device: PHONE };
  const { enrolment } = (await (await bank.service.enrolRequest(fresh, values)).json()) as {
    enrolment: string;
  };
  return customerOf(fresh, userId, enrolment, bank.service.clock.now);
}

/** Continues up to 取引認証 on the old token. */
async function askOld(at = browser): Promise<void> {
  await at.open('/otp/replace');
  await at.send('/otp/replace/ask');
}

/** Continues up to the new token's first code. */
async function confirmed(): Promise<Customer> {
  const fresh = await setUp(await begin());
  await askOld();
  await token.decide('confirmed');
  await browser.open(browser.seen.path);
  await press(browser, 'execute', PASSWORD);
  await browser.open('/otp/replace');
  return fresh;
}

describe('with the old token', () => {
  test('each step leads to the next, and the new one takes over with its first code', async () => {
    const menu = await browser.open('/otp');
    expect(menu.html).toContain('action="/otp/replace"');
    expect(menu.text).toContain('新しい端末でのトークン利用');
    expect((await browser.open('/otp/replace')).screenId).toBe('BOR001');
    const userId = await begin();
    expect(browser.seen.screenId).toBe('BOR002');
    expect(browser.seen.text).toMatch(/サービスID\D*\d{8}/);
    expect(userId).not.toBe(oldUserId());
    expect((await browser.open('/otp')).text).toContain('新しい端末でのトークン利用のお手続き中です');
    const fresh = await setUp(userId);
    const ask = await browser.open('/otp/replace');
    expect(ask.text).toContain('ブラウザーで使うトークン Chrome (Android)');
    const serial = /シリアルNo\D*(\d{9})/.exec(ask.text)?.[1];
    expect(serial).toMatch(/^\d{9}$/);
    const waiting = await browser.send('/otp/replace/ask');
    expect(waiting.screenId).toBe('BOR003');
    expect(waiting.text).toContain(`新しい端末のシリアルNo ${serial}`);
    await token.decide('confirmed');
    expect((await browser.open(waiting.path)).text).toContain('お手続きはまだ完了していません');
    const agreed = await press(browser, 'execute', PASSWORD);
    expect(agreed.text).toContain('これまでの端末で確認されました');
    expect(await present()).toBe(oldUserId());
    const start = await browser.open('/otp/replace');
    expect(start.screenId).toBe('BOR004');
    const done = await browser.send('/otp/replace/start', { otp: await fresh.code() });
    expect(done.screenId).toBe('BOR005');
    expect(await present()).toBe(userId);
    expect(await statusOf(oldUserId())).toBe('released');
    expect((await browser.open('/otp')).text).toContain('サービス利用中');
    const [now, earlier, ...more] = await tokensOf(bank.db, 'senpoku-taro0001', 10);
    expect([now?.user_id, earlier?.user_id, more]).toEqual([userId, oldUserId(), []]);
    expect([now?.held_until, earlier?.held_until]).toEqual([null, now?.held_from]);
  });

  test('the next login asks for the new token’s code, and accepts no other', async () => {
    const fresh = await confirmed();
    await browser.send('/otp/replace/start', { otp: await fresh.code() });
    bank.advance(120_000);
    const next = bank.browser();
    expect((await logIn(next)).screenId).toBe('BLI023');
    expect((await next.send('/login/otp', { otp: await token.codes.code() })).status).toBe(422);
    expect((await next.send('/login/otp', { otp: await fresh.code() })).screenId).toBe('BPT001');
  });

  test('one mail reports the beginning, and one the end with device and time', async () => {
    const fresh = await confirmed();
    expect(await subjects()).toContain('新しい端末でのトークン利用のご案内');
    expect(await subjects()).not.toContain(REPLACED);
    await browser.send('/otp/replace/start', { otp: await fresh.code() });
    await browser.open('/otp');
    const mails = (await bank.mails(EMAIL)).filter(({ subject }) => subject === REPLACED);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toMatch(/受付日時：\d{4}年/);
    expect(mails[0]?.text).toContain('新しい端末：ブラウザーで使うトークン Chrome (Android)');
    expect(mails[0]?.text).toContain('お心当たりのない場合は');
  });

  test('a wrong code of the new token changes nothing, and the right one is accepted after it', async () => {
    const fresh = await confirmed();
    expect((await browser.send('/otp/replace/start', { otp: '00000000' })).status).toBe(422);
    expect(await present()).toBe(oldUserId());
    await browser.send('/otp/replace/start', { otp: await fresh.code() });
    expect(browser.seen.screenId).toBe('BOR005');
  });

  test('an answer lost at the end is found out at once, with one mail', async () => {
    const fresh = await confirmed();
    bank.way.connection = 'lost';
    await browser.send('/otp/replace/start', { otp: await fresh.code() });
    expect(browser.seen.screenId).toBe('BOR005');
    expect(await present()).toBe(fresh.userId);
    expect((await subjects()).filter((subject) => subject === REPLACED)).toHaveLength(1);
  });

  test('an unreachable service at the end changes nothing, and the same form succeeds later', async () => {
    const fresh = await confirmed();
    const start = browser.copy();
    bank.way.connection = 'down';
    expect((await browser.send('/otp/replace/start', { otp: await fresh.code() })).status).toBe(503);
    expect(await present()).toBe(oldUserId());
    bank.way.connection = 'up';
    await start.send('/otp/replace/start', { otp: await fresh.code() });
    expect(start.seen.screenId).toBe('BOR005');
  });

  test('after the bank died at the end the next login uses the new token, and never goes without a code', async () => {
    const fresh = await confirmed();
    const code = await fresh.code();
    await bank.service.bank('POST', `/v1/tokens/${fresh.userId}/activate`, { code });
    expect(await present()).toBe(oldUserId());
    const restarted = bank.restart(bank.browser());
    expect((await logIn(restarted)).screenId).toBe('BLI023');
    expect(await present()).toBe(fresh.userId);
    expect((await subjects()).filter((subject) => subject === REPLACED)).toHaveLength(1);
  });

  test('no page and no mail warns of the old token’s end any more', async () => {
    const { expiresAt = '' } = await shownToken(oldUserId());
    bank.advance(Date.parse(expiresAt) - bank.service.clock.now() - 20 * DAY);
    browser = bank.browser();
    await logIn(browser);
    await browser.send('/login/otp', { otp: await token.codes.code() });
    expect(browser.seen.text).toContain('お使いのトークンの有効期限は');
    const fresh = await confirmed();
    await browser.send('/otp/replace/start', { otp: await fresh.code() });
    expect((await browser.open('/top')).text).not.toContain('お使いのトークンの有効期限は');
    await tellOfEnds(bank.chores);
    expect(await subjects()).not.toContain('トークンの有効期限が近づいているお知らせ');
    const { expiresAt: newEnd = '' } = await shownToken(fresh.userId);
    expect((await taro()).token_ends_at).toEqual(new Date(newEnd));
  });

  test('two callers that find out at once record it once and send one mail', async () => {
    const fresh = await confirmed();
    await bank.service.bank('POST', `/v1/tokens/${fresh.userId}/activate`, { code: await fresh.code() });
    const before = await taro();
    const wakeOutbox = vi.fn();
    const dependencies = { ...bank.chores, wakeOutbox };
    const now = await shownToken(fresh.userId);
    await takeOver(dependencies, SENPOKU, before, now);
    await takeOver(dependencies, SENPOKU, before, now);
    expect(wakeOutbox).toHaveBeenCalledOnce();
    expect(bank.log.filter((line) => line.includes('now uses a token on a new device'))).toHaveLength(1);
  });

  test('a transfer meanwhile is confirmed on the old token, as before', async () => {
    await setUp(await begin());
    await enter(browser);
    expect(browser.seen.screenId).toBe('BFT003');
    await token.decide('confirmed');
    await browser.open(browser.seen.path);
    expect((await press(browser, 'execute', PASSWORD)).screenId).toBe('BFT004');
  });
});

describe('without the old token', () => {
  test('W2: whoever logged in with a code cannot go on without the old token', async () => {
    const fresh = await setUp(await begin());
    await askOld();
    const early = await browser.post('/otp/replace/start', { otp: await fresh.code() });
    expect(early.status).toBe(403);
    expect(await present()).toBe(oldUserId());
    expect(await statusOf(oldUserId())).toBe('active');
  });

  test.each([
    ['rejected', '「拒否」が選択された', '新しい端末でのトークン利用の取引認証が拒否されたお知らせ'],
    [
      'not-me',
      '「心当たりがない」が選択された',
      'お心当たりのない新しい端末でのトークン利用の中止とトークンの利用停止のお知らせ',
    ],
  ] as const)(
    '%s: the page says so, one mail reports it, and the new token is void',
    async (decision, said, subject) => {
      const userId = await begin();
      const fresh = await setUp(userId);
      await askOld();
      const { path } = browser.seen;
      await token.decide(decision);
      await bank.deliverEvents();
      const stopped = await browser.open(path);
      expect(stopped.screenId).toBe('BOR006');
      expect(stopped.text).toContain(said);
      expect(stopped.text).toContain('トークンはこれまでの端末のままです');
      expect((await subjects()).filter((one) => one === subject)).toHaveLength(1);
      const answer = await bank.service.bank('POST', `/v1/tokens/${userId}/activate`, {
        code: await fresh.code(),
      });
      expect(answer.status).toBe(409);
      expect(await present()).toBe(oldUserId());
    },
  );

  test('a wrong 確認用パスワード begins nothing', async () => {
    await browser.open('/otp/replace');
    const wrong = await browser.send('/otp/replace', { ...INPUT, confirmation_password: 'falsch1234' });
    expect(wrong.status).toBe(422);
    expect(bank.calls.filter(({ path }) => path.endsWith('/replacement'))).toEqual([]);
  });

  test.each([
    ['', '', '4～8桁'],
    ['123', '123', '4～8桁'],
    ['123456789', '123456789', '4～8桁'],
    ['2468', '2469', '同じ内容'],
    ["24'8", "24'8", '4～8桁'],
  ])('利用開始パスワード %j and %j: %s', async (activation_password, activation_password_again, said) => {
    await browser.open('/otp/replace');
    const fields = { ...INPUT, activation_password, activation_password_again };
    const seen = await browser.send('/otp/replace', fields);
    expect(seen.status).toBe(422);
    expect(seen.text).toContain(said);
  });
});

describe('it is cancelled', () => {
  test('by the customer: the new token is void, and the question is cancelled', async () => {
    const userId = await begin();
    await setUp(userId);
    await askOld();
    const { path } = browser.seen;
    const other = browser.copy();
    await other.open('/otp/replace');
    expect(other.seen.path).toBe(path);
    await press(other, 'cancel');
    await other.open('/otp/replace');
    await other.send('/otp/replace/cancel');
    const isOver = { screenId: 'BOP001', text: expect.not.stringContaining('お手続き中です') };
    expect(other.seen).toMatchObject(isOver);
    expect(await statusOf(userId)).toBe('void');
    expect((await browser.open('/otp/replace')).screenId).toBe('BOR001');
    expect((await browser.open(path)).screenId).toBe('BOR006');
  });

  test('by the customer, in another window: the page that follows the question shows it at once', async () => {
    await setUp(await begin());
    const other = browser.copy();
    await other.open('/otp/replace');
    await askOld();
    const { path } = browser.seen;
    // This service does not wake those who wait for it.
    bank.replaceService({
      request: (url, init) =>
        url.includes('unless=') ? new Promise<Response>(() => {}) : bank.service.app.request(url, init),
    });
    const following = browser.copy().open(`${path}/status?unless=waiting`);
    await other.send('/otp/replace/cancel');
    expect(await following).toMatchObject({ status: 200, screenId: 'BOR006' });
  }, 15_000);

  test('by the customer, when the service no longer knows the token', async () => {
    await setUp(await begin());
    await askOld();
    const { path } = browser.seen;
    const other = browser.copy();
    await other.open(path);
    const unknown = problemDocument(new ProblemError('token_unknown'));
    const headers = { 'content-type': 'application/problem+json' };
    bank.replaceService({
      request: (url, init) =>
        url.endsWith('/void')
          ? Response.json(unknown, { status: 404, headers })
          : bank.service.app.request(url, init),
    });
    await other.post('/otp/replace/cancel', other.hidden(`${path}/cancel`));
    expect(other.seen.screenId).toBe('BOP001');
    expect((await browser.open(path)).screenId).toBe('BOR006');
  });

  test('by another replacement: two windows that begin at once leave one token', async () => {
    await browser.open('/otp/replace');
    const windows = [browser.copy(), browser.copy()];
    for (const window of windows) await window.open('/otp/replace');
    await Promise.all(windows.map((window) => window.send('/otp/replace', INPUT)));
    const issued = await bank.service.db
      .selectFrom('tokens')
      .select('user_id')
      .where('replaces', '=', oldUserId())
      .execute();
    const shown = await Promise.all(
      issued.map(async ({ user_id }) => (await bank.service.bank('GET', `/v1/tokens/${user_id}`)).json()),
    );
    expect(shown.map(({ status }: { status: string }) => status).toSorted()).toEqual(['issued', 'void']);
  });

  test('by its deadline', async () => {
    await setUp(await begin());
    bank.advance(25 * 60 * 60_000);
    const again = bank.browser();
    await logIn(again);
    await again.send('/login/otp', { otp: await token.codes.code() });
    expect(await again.open('/otp')).toMatchObject({ text: expect.not.stringContaining('お手続き中です') });
    expect((await again.open('/otp/replace')).screenId).toBe('BOR001');
  });

  test('by staff, who suspend the old token', async () => {
    const userId = await begin();
    const fresh = await setUp(userId);
    await bank.service.staff('POST', `/v1/staff/tokens/${oldUserId()}/suspend`, {
      actor: 'staff01',
      reason: '紛失のお届け',
    });
    const seen = await browser.open('/otp/replace');
    expect(seen.status).toBe(409);
    expect(seen.text).toContain('トークンが利用停止になっているため');
    const answer = await bank.service.bank('POST', `/v1/tokens/${userId}/activate`, {
      code: await fresh.code(),
    });
    expect(answer.status).toBe(409);
  });

  test('by wrong codes of the new token: the page says to begin again', async () => {
    await confirmed();
    for (let time = 0; time < 10; time += 1) {
      await browser.open('/otp/replace');
      await browser.send('/otp/replace/start', { otp: '00000000' });
    }
    const halted = await browser.open('/otp/replace');
    expect(halted.text).toContain('新しい端末のトークンが停止しているため');
    expect(await statusOf(oldUserId())).toBe('active');
  });
});

test('without a token in use, or by a form of another session, nothing begins', async () => {
  await browser.open('/otp/replace');
  const stolen = browser.hidden('/otp/replace');
  const hanako = bank.browser();
  await logIn(hanako, 'hanako01');
  const seen = await hanako.open('/otp/replace');
  expect(seen.status).toBe(409);
  expect(seen.text).toContain('サービス利用中の場合に行うことができます');
  await hanako.open('/otp');
  expect((await hanako.post('/otp/replace', { ...stolen, ...INPUT })).status).toBe(403);
});
