import { beforeEach, describe, expect, test } from 'vitest';
import { defaultInstitutions } from '../../service/test-service.ts';
import type { Browser } from './browser.ts';
import { FakeChallenges } from './fake-challenges.ts';
import { type Codes, EMAIL, enrol, issue, logIn, type TestBank, useTestBank } from './test-bank.ts';
import { PASSWORD } from './test-transfer.ts';

/** 利用開始, 利用解除 and login at an institution that takes no typed codes for them. */
const institutions = defaultInstitutions('approve').map((one) =>
  one.key === 'senpoku' ? { ...one, login: ['signed' as const] } : one,
);

let bank: TestBank;
let browser: Browser;
let codes: Codes;
let challenges: FakeChallenges;

useTestBank(
  async (stage) => {
    ({ bank, browser } = stage);
    challenges = new FakeChallenges(bank);
    codes = await enrol(bank, await issue(bank, browser, EMAIL));
    await browser.open('/otp/activate');
  },
  { institutions },
);

const subjects = async () => (await bank.mails(EMAIL)).map(({ subject }) => subject);

describe('ワンタイムパスワード利用開始 by signature', () => {
  test('shows the number, and puts the token to use once it has signed', async () => {
    expect(browser.seen).toMatchObject({
      heading: 'ワンタイムパスワード利用開始（ソフトウェアトークン確認）',
      status: 200,
    });
    expect(browser.seen.text).toContain('この画面の利用開始を確認しています。');
    expect(browser.seen.text).toContain(`確認番号 ${challenges.last.number}`);
    expect(challenges.last.use).toBe('activate');
    challenges.set('signed');
    expect((await browser.open('/otp/activate')).html).toContain('data-go-on');
    const done = await browser.send('/otp/activate');
    expect(done).toMatchObject({ path: '/otp/activate/complete', status: 200 });
    expect(await subjects()).toContain('ワンタイムパスワード利用開始のお知らせ');
  });

  test('a double click does it once', async () => {
    challenges.set('signed');
    const tabs = [browser.copy(), browser.copy()];
    const seen = await Promise.all(tabs.map((tab) => tab.send('/otp/activate')));
    expect(seen.map(({ path }) => path)).toEqual(['/otp/activate/complete', '/otp/activate/complete']);
    expect(challenges.calls.filter((call) => call === 'POST use')).toHaveLength(1);
  });

  test('going back to the form afterwards says that it is done', async () => {
    challenges.set('signed');
    await browser.send('/otp/activate');
    const back = await browser.open('/otp/activate');
    expect(back).toMatchObject({ screenId: 'BOP001', status: 409 });
    expect(back.text).toContain('利用開始はすでに完了しています');
  });

  test('申込を中止する leaves no challenge waiting', async () => {
    expect((await browser.send('/otp/cancel')).screenId).toBe('BOP001');
    await expect.poll(() => challenges.last.status, { timeout: 20_000 }).toBe('cancelled');
  });

  test('nor does ログアウト', async () => {
    expect((await browser.send('/logout')).path).toBe('/logged-out');
    await expect.poll(() => challenges.last.status, { timeout: 20_000 }).toBe('cancelled');
  });

  test('and ログアウト does not wait for a token service that is silent', async () => {
    bank.replaceService({ request: () => new Promise(() => {}) });
    expect((await browser.send('/logout')).path).toBe('/logged-out');
  });

  test('心当たりがない ends the session', async () => {
    challenges.set('not-me');
    expect(await browser.open('/otp/activate')).toMatchObject({ status: 403, heading: '利用開始の中止' });
    expect((await browser.open('/otp')).screenId).toBe('BLI001');
  });
});

describe('BOS001 by signature', () => {
  beforeEach(async () => {
    challenges.set('signed');
    await browser.send('/otp/activate');
    await browser.open('/otp/release');
  });

  test('asks for the password beside it, and does not go on by itself', async () => {
    expect(browser.seen).toMatchObject({ screenId: 'BOS001', status: 200 });
    expect(browser.seen.text).toContain(`確認番号 ${challenges.last.number}`);
    expect(browser.seen.html).toContain('name="confirmation_password"');
    challenges.set('signed');
    const told = await browser.open(`/otp/release/status?challenge=${challenges.last.id}`);
    expect(told.text).toContain('確認用パスワードを入力し、「解除する」ボタンを押して下さい');
    expect(told.html).not.toContain('data-go-on');
    expect((await browser.send('/otp/release', PASSWORD)).path).toBe('/otp/release/complete');
    expect(challenges.all.map(({ use }) => use)).toEqual(['activate', 'release']);
  });

  test('a wrong or missing password spends nothing, and the next one is taken', async () => {
    challenges.set('signed');
    expect((await browser.send('/otp/release')).status).toBe(422);
    expect((await browser.send('/otp/release', { confirmation_password: 'wrong1234' })).status).toBe(422);
    expect(challenges.last.status).toBe('signed');
    expect((await browser.send('/otp/release', PASSWORD)).path).toBe('/otp/release/complete');
  });

  test('before the token has signed it is not done', async () => {
    const early = await browser.send('/otp/release', PASSWORD);
    expect(early).toMatchObject({ status: 409, screenId: 'BOS001' });
    expect(early.text).toContain('トークンアプリでの確認がまだ行われていません');
  });

  test('a lost answer: it is done all the same', async () => {
    challenges.set('signed');
    challenges.loses = /\/use$/;
    expect((await browser.send('/otp/release', PASSWORD)).path).toBe('/otp/release/complete');
  });
});

describe('an institution that takes signatures only', () => {
  const code = async () => ({ otp: await codes.code() });

  test('offers no other way', async () => {
    expect(browser.seen.html).not.toContain('/otp/activate/way');
    expect(browser.seen.text).not.toContain('ワンタイムパスワードを入力する');
  });

  test('refuses a code sent by hand, whichever screen it is for', async () => {
    const { challenge: _, ...form } = browser.hidden('/otp/activate');
    const activating = await browser.copy().post('/otp/activate', { ...form, ...(await code()) });
    expect(activating).toMatchObject({ status: 422 });
    expect(activating.text).toContain('ワンタイムパスワードの入力によるお手続きを承っておりません');
    challenges.set('signed');
    await browser.send('/otp/activate');

    await browser.open('/otp/release');
    const { challenge: __, ...release } = browser.hidden('/otp/release');
    const releasing = await browser.post('/otp/release', { ...release, ...PASSWORD, ...(await code()) });
    expect(releasing).toMatchObject({ status: 422, screenId: 'BOS001' });

    const another = bank.browser();
    await logIn(another);
    const { challenge: ___, ...login } = another.hidden('/login/otp');
    const refused = await another.post('/login/otp', { ...login, ...(await code()) });
    expect(refused).toMatchObject({ status: 422, screenId: 'BLI023' });
    expect(refused.text).toContain(`確認番号 ${challenges.last.number}`);
    expect(bank.calls.filter(({ path }) => /\/(verify|activate|release)$/.test(path))).toEqual([]);
  });

  test('is not talked into codes', async () => {
    const { form_token = '' } = browser.hidden('/otp/activate');
    expect((await browser.post('/otp/activate/way', { form_token, way: 'code' })).status).toBe(403);
    expect((await browser.open('/otp/activate')).html).not.toContain('name="otp"');
  });

  test('says whom to call where a token cannot sign', async () => {
    challenges.set('cancelled');
    challenges.refusal = 'state_conflict';
    const refused = await browser.open('/otp/activate');
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('お使いのトークンでは、この画面の確認ができません');
  });

  test('a challenge for one screen is of no use at another', async () => {
    const { challenge = '' } = browser.hidden('/otp/activate');
    challenges.set('signed');
    await browser.send('/otp/activate');
    await browser.open('/otp/release');
    const refused = await browser.send('/otp/release', { ...PASSWORD, challenge });
    expect(refused).toMatchObject({ status: 409, screenId: 'BOS001' });
  });
});
