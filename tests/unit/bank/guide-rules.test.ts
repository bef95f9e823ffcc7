import { expect, test } from 'vitest';
import { createTestToken } from '../../service/test-token.ts';
import type { Browser } from './browser.ts';
import { act, clerkAt } from './staff-desk.ts';
import {
  ACTIVATION_PASSWORD,
  activate,
  type Codes,
  EMAIL,
  enrol,
  issue,
  logIn,
  type TestBank,
  useTestBank,
} from './test-bank.ts';
import { CHANGES, enterChange, held } from './test-change.ts';
import { enter, PASSWORD, press, withToken } from './test-transfer.ts';

/** The rules that the guides have in common, one test each, in their words. The app's own tests check its clock correction. */

const DAY = 24 * 60 * 60_000;

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

const subjects = async () => (await bank.mails(EMAIL)).map(({ subject }) => subject);
const status = async () =>
  /登録状況 (（未登録）|トークン発行済|サービス利用中)/.exec((await browser.open('/otp')).text)?.[1];

/** Logs in with a browser that has no session. */
function logInAnew() {
  browser = bank.browser();
  return logIn(browser);
}

async function logInWith(code: string) {
  await logInAnew();
  return browser.send('/login/otp', { otp: code });
}

async function release(codes: Codes) {
  await browser.open('/otp/release');
  return browser.send('/otp/release', { ...PASSWORD, otp: await codes.code() });
}

test('codes are 8 digits and change every 60 seconds', async () => {
  const codes = await activate(bank, browser, EMAIL);
  bank.service.nextStep();
  const now = await codes.code();
  expect(now).toMatch(/^[0-9]{8}$/);
  expect(await codes.code(1)).not.toBe(now);
  bank.advance(60_000);
  expect(await codes.code(-1)).toBe(now);
});

test('a code works once, and each step needs a new one', async () => {
  const codes = await activate(bank, browser, EMAIL);
  const code = await codes.code();
  expect((await logInWith(code)).screenId).toBe('BPT001');
  expect((await logInWith(code)).text).toContain('すでに使用されています');
  bank.advance(60_000);
  expect((await logInWith(await codes.code())).screenId).toBe('BPT001');
});

test('利用開始パスワード is used once, for 初期設定 only', async () => {
  const userId = await issue(bank, browser, EMAIL);
  await enrol(bank, userId);
  const again = await bank.service.enrolRequest(await createTestToken(), {
    userId,
    activationPassword: ACTIVATION_PASSWORD,
  });
  expect(again.status).toBe(403);
});

test('トークン発行, 初期設定 and 利用開始 must all be done; after that every login asks for the code', async () => {
  const without = async () => (await logInAnew()).screenId;
  const userId = await issue(bank, browser, EMAIL);
  expect((await browser.open('/otp/activate')).status).toBe(409);
  expect(await without()).toBe('BPT001');
  const codes = await enrol(bank, userId);
  expect(await without()).toBe('BPT001');
  await browser.open('/otp/activate');
  await browser.send('/otp/activate', { otp: await codes.code() });
  expect(await without()).toBe('BLI023');
});

test('登録状況 goes （未登録）, トークン発行済, サービス利用中', async () => {
  expect(await status()).toBe('（未登録）');
  const codes = await enrol(bank, await issue(bank, browser, EMAIL));
  expect(await status()).toBe('トークン発行済');
  await browser.open('/otp/activate');
  await browser.send('/otp/activate', { otp: await codes.code() });
  expect(await status()).toBe('サービス利用中');
});

test('leaving between トークン発行 and 利用開始 loses nothing', async () => {
  const userId = await issue(bank, browser, EMAIL);
  await logInAnew();
  expect((await browser.open('/otp')).text).toContain(userId);
  const codes = await enrol(bank, userId);
  bank.advance(60 * 60_000);
  await logInAnew();
  await browser.open('/otp/activate');
  const done = await browser.send('/otp/activate', { otp: await codes.code() });
  expect(done.screenId).toBe('BOK002');
});

test('10 wrong codes in a row stop the OTP and the login; only staff can lift this', async () => {
  const codes = await activate(bank, browser, EMAIL);
  await logInAnew();
  for (let wrong = 1; wrong <= 10; wrong += 1) await browser.send('/login/otp', { otp: await codes.wrong() });
  expect((await logInAnew()).path).toBe('/login/stopped');
  expect(await subjects()).toContain('ワンタイムパスワード認証停止のお知らせ');
  bank.advance(DAY);
  expect((await logInAnew()).path).toBe('/login/stopped');
  await act(await clerkAt(bank), 'unlock');
  expect((await logInWith(await codes.code())).screenId).toBe('BPT001');
});

test('after 利用解除 the next login asks for no code, and トークン発行 is possible from the next day', async () => {
  await release(await activate(bank, browser, EMAIL));
  expect((await logInAnew()).screenId).toBe('BPT001');
  expect((await browser.open('/otp/issue')).status).toBe(409);
  bank.advance(DAY);
  await logInAnew();
  expect((await browser.open('/otp/issue')).screenId).toBe('BOT001');
});

test('at most 200,000 yen a day before the OTP is in use', async () => {
  expect((await enter(browser, { amount: '200001' })).status).toBe(422);
  expect((await enter(browser, { amount: '200000' })).screenId).toBe('BFT002');
});

test('振込・振替限度額の変更 goes up to the limit of the application, and takes effect 3 days later', async () => {
  bank.toHour(12);
  await logInAnew();
  const { codes, decide } = await withToken(bank, browser);
  const { path } = CHANGES.limit;
  expect((await enterChange(browser, { path, fields: { limit: '10,000,001' } })).status).toBe(422);
  await enterChange(browser, { path, fields: { limit: '10,000,000' } });
  await decide('confirmed');
  await browser.open(browser.seen.path);
  expect((await press(browser, 'execute', PASSWORD)).screenId).toBe('BSL002');
  expect((await held(bank)).limit).toBe(10_000_000);
  expect(await subjects()).toContain('振込・振替限度額変更のお知らせ');
  const most = async () => {
    bank.advance(60_000);
    await logInWith(await codes.code());
    return (await enter(browser, { amount: '2000000' })).status;
  };
  bank.advance(2 * DAY);
  expect(await most()).toBe(422);
  bank.advance(DAY);
  expect(await most()).toBe(200);
});

test('for a lost telephone staff suspend the token, and a mail tells the customer', async () => {
  await activate(bank, browser, EMAIL);
  await act(await clerkAt(bank), 'suspend');
  expect(await subjects()).toContainEqual(expect.stringContaining('利用停止'));
  expect((await logInAnew()).path).toBe('/login/suspended');
});

test('each contract has one token: a new issue replaces the one before', async () => {
  const first = await issue(bank, browser, EMAIL);
  const second = await issue(bank, browser, EMAIL);
  expect(second).not.toBe(first);
  const enrolment = await bank.service.enrolRequest(await createTestToken(), {
    userId: first,
    activationPassword: ACTIVATION_PASSWORD,
  });
  expect(enrolment.status).toBe(403);
  expect((await browser.open('/otp')).text).toContain(second);
});
