import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { continueRequests } from '../../../bank/request/chores.ts';
import { DEFAULT_POLICY, type Policy } from '../../../core/institution/policy.ts';
import { createTestBank, EMAIL, fillIn, logIn, mailPasswordFor, type TestBank } from './test-bank.ts';
import { enter, withToken } from './test-transfer.ts';

const BANK = join(import.meta.dirname, '../../../bank');
const MINUTE = 60_000;

/** Numbers in prose that no policy sets. */
const NO_POLICY = ['確認のため2回入力', '1回のお申込みに限り'];

/** Source without its comments. */
const code = (file: string) =>
  readFileSync(join(BANK, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');

/** Durations and counts in a text: `10分間`, `3回`. */
const numbersIn = (text: string) =>
  [
    ...text.matchAll(/[0-9０-９一二三四五六七八九十]+(?:秒|分(?!の)|時間|日間|日以|日後|週間|か月|年間|回)/g),
  ].map(([found]) => found);

describe('prose contains no number of a policy', () => {
  const files = readdirSync(BANK, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );

  test('pages and mails are read', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(numbersIn('送信から10分間有効です。連続して十回、５分以上')).toHaveLength(3);
  });

  test.each(files)('bank/%s', (file) => {
    const prose = NO_POLICY.reduce((text, phrase) => text.replaceAll(phrase, ''), code(file));
    expect(numbersIn(prose)).toEqual([]);
  });

  test('every exception is still needed', () => {
    const all = files.map(code).join('\n');
    for (const phrase of NO_POLICY) expect(all).toContain(phrase);
  });
});

describe('the bank follows its institution’s policy, and its texts say the same', () => {
  const POLICY: Policy = {
    ...DEFAULT_POLICY,
    idleMinutes: 2,
    sessionHours: 1,
    wrongPasswordsToStop: 4,
    passwordStopMinutes: 45,
    mailPasswordMinutes: 1,
    wrongMailPasswords: 1,
    mailPasswordMails: 2,
    mailPasswordMailsMinutes: 20,
    decideWithinMinutes: 3,
  };
  let bank: TestBank;

  beforeAll(async () => {
    bank = await createTestBank({ policy: POLICY });
  }, 60_000);
  beforeEach(() => bank.reset());
  afterAll(() => bank.close());

  test('a session ends after two minutes without use', async () => {
    const browser = bank.browser();
    await logIn(browser);
    bank.service.clock.move(1.9 * MINUTE);
    expect((await browser.open('/otp')).status).toBe(200);
    bank.service.clock.move(4 * MINUTE);
    const ended = await browser.open('/otp');
    expect(ended.path).toBe('/timeout');
    expect(ended.text).toContain('2分以上操作がなかったか、ご利用の開始から1時間が経過したため');
  });

  test('a session ends after an hour, even in use', async () => {
    const browser = bank.browser();
    await logIn(browser);
    for (let minutes = 0; minutes < 60; minutes += 1.5) {
      bank.service.clock.move(minutes * MINUTE);
      expect((await browser.open('/top')).path).toBe('/top');
    }
    bank.service.clock.move(60.1 * MINUTE);
    const ended = await browser.open('/top');
    expect(ended.path).toBe('/timeout');
    expect(ended.text).toContain('2分以上操作がなかったか、ご利用の開始から1時間が経過したため');
  });

  test('four wrong passwords stop the login for 45 minutes', async () => {
    const browser = bank.browser();
    await browser.open('/');
    const send = (password: string) => browser.send('/login', { login_id: 'taro0001', password });
    for (let attempt = 0; attempt < 4; attempt += 1) await send('wrong1234');
    const refused = await send('login1234');
    expect(refused.text).toContain('連続して4回間違えると、45分間ログインできなくなります');
    bank.service.clock.move(44 * MINUTE);
    expect((await send('login1234')).path).toBe('/login');
    bank.service.clock.move(46 * MINUTE);
    expect((await send('login1234')).path).toBe('/top');
  });

  test('a メール通知パスワード is valid for a minute and one try; at most two are mailed in twenty minutes', async () => {
    const browser = bank.browser();
    await logIn(browser);
    expect((await fillIn(browser, EMAIL)).text).toContain('送信から1分間有効です');
    const [mail] = await bank.mails(EMAIL);
    expect(mail?.text).toContain('このパスワードは送信から1分間、');
    const mail_password = await mailPasswordFor(bank, EMAIL);
    const confirm = (typed: string) =>
      browser.send('/otp/issue/confirm', { mail_password: typed, confirmation_password: 'kakunin1234' });
    expect((await confirm('00000000')).text).toContain('無効になりました');
    expect((await confirm(mail_password)).text).toContain('無効になりました');
    await fillIn(browser, EMAIL);
    const second = await mailPasswordFor(bank, EMAIL);
    bank.service.clock.move(1.1 * MINUTE);
    expect((await confirm(second)).text).toContain('有効期限（送信から1分間）が過ぎています');
    expect((await fillIn(browser, EMAIL)).text).toContain('20分ほど経ってから');
  });

  test.each([
    ['not decided', 3],
    ['not used', 5],
  ])(
    'a transfer that was %s in time, as the bank learns only later, ended after %i minutes',
    async (_, minutes) => {
      const browser = bank.browser();
      await logIn(browser);
      const { codes, decide } = await withToken(bank, browser);
      const { path } = await enter(browser);
      if (minutes === POLICY.useWithinMinutes) await decide('confirmed');
      bank.advance(6 * MINUTE);
      await continueRequests(bank.chores);
      await logIn(browser);
      await browser.send('/login/otp', { otp: await codes.code() });
      expect((await browser.open(path)).text).toContain(`有効期限（${minutes}分）を過ぎたため`);
    },
  );

  test('four wrong 確認用パスワード stop that password for 45 minutes', async () => {
    const browser = bank.browser();
    await logIn(browser);
    await fillIn(browser, EMAIL);
    const mail_password = await mailPasswordFor(bank, EMAIL);
    const confirm = () =>
      browser.send('/otp/issue/confirm', { mail_password, confirmation_password: 'wrong1234' });
    for (let attempt = 1; attempt < 4; attempt += 1) await confirm();
    expect((await confirm()).text).toContain('45分間お手続きができません');
  });
});
