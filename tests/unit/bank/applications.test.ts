import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { minuteInJapan } from '../../../bank/format.ts';
import type { Browser } from './browser.ts';
import {
  activate,
  createTestBank,
  EMAIL,
  enrol,
  fillIn,
  issue,
  logIn,
  mailPasswordFor,
  type TestBank,
} from './test-bank.ts';

const MINUTE = 60_000;

let bank: TestBank;
let browser: Browser;

beforeAll(async () => {
  bank = await createTestBank();
}, 60_000);

beforeEach(async () => {
  await bank.reset();
  browser = bank.browser();
  await logIn(browser);
});

afterAll(() => bank.close());

const subjects = async () => (await bank.mails(EMAIL)).map(({ subject }) => subject);

describe('トークン発行', () => {
  test('goes from （未登録） to サービス利用中, with a mail at each step', async () => {
    expect((await browser.open('/otp')).text).toContain('（未登録）');
    const codes = await activate(bank, browser, EMAIL);
    expect(browser.seen).toMatchObject({ path: '/otp/activate/complete' });
    const menu = await browser.open('/otp');
    expect(menu).toMatchObject({ screenId: 'BOP001', heading: 'ワンタイムパスワード申請内容選択' });
    expect(menu.text).toContain('サービス利用中');
    expect(menu.text).toContain('10112235');
    await browser.open('/otp/release');
    expect(browser.seen.screenId).toBe('BOS001');
    await browser.send('/otp/release', {
      confirmation_password: 'kakunin1234',
      otp: await codes.code(),
    });
    expect(browser.seen.path).toBe('/otp/release/complete');
    expect((await logIn(bank.browser())).path).toBe('/top');
    expect(await subjects()).toEqual([
      'ワンタイムパスワード利用解除のお知らせ',
      'ワンタイムパスワード利用開始のお知らせ',
      'トークン発行のご案内',
      'メール通知パスワードのお知らせ',
    ]);
  });

  test('BOT001 names the domain that mails come from, before an address is given', async () => {
    const { screenId, text } = await browser.open('/otp/issue');
    expect(screenId).toBe('BOT001');
    expect(text).toContain('「@senpoku.example」のドメインを受信可能にしてください');
    expect(text).toContain('「otp@senpoku.example」');
  });

  test('the confirmation shows when and where the メール通知パスワード was sent', async () => {
    const confirm = await fillIn(browser, EMAIL);
    expect(confirm).toMatchObject({
      path: '/otp/issue/confirm',
      heading: 'トークン発行（ソフトウェアトークン発行情報入力内容確認）',
    });
    const [mail] = await bank.mails(EMAIL);
    const [sentAt = ''] = /\d{4}年\d\d月\d\d日 \d\d時\d\d分\d\d秒/.exec(mail?.text ?? '') ?? [];
    expect(confirm.text).toContain(sentAt);
    expect(confirm.text).toContain(EMAIL);
    expect(mail?.from).toContain('otp@senpoku.example');
    await browser.open('/otp/issue/confirm');
    expect(await subjects()).toHaveLength(1);
  });

  test('the completion and the mail give サービスID and ユーザID', async () => {
    const userId = await issue(bank, browser, EMAIL);
    expect(browser.seen).toMatchObject({ path: '/otp/issue/complete', screenId: 'BOT002' });
    expect(userId).toMatch(/^\d{12}$/);
    const [mail] = await bank.mails(EMAIL);
    expect(mail?.text).toContain('サービスID：10112235');
    expect(mail?.text).toContain(`ユーザID：${userId}`);
    expect(mail?.text).toContain('http://token.localhost:4600');
    expect((await browser.open('/otp')).text).toContain('トークン発行済');
  });

  test('a wrong password loses nothing, and no password is shown again', async () => {
    await fillIn(browser, EMAIL);
    const wrong = await browser.send('/otp/issue/confirm', {
      mail_password: '00000000',
      confirmation_password: 'wrong1234',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('確認用パスワードが正しくありません');
    expect(wrong.text).toContain('メール通知パスワードが正しくありません');
    expect(wrong.html).not.toContain('wrong1234');
    expect(wrong.html).not.toContain('2468');
    const right = { confirmation_password: 'kakunin1234', mail_password: await mailPasswordFor(bank, EMAIL) };
    expect((await browser.send('/otp/issue/confirm', right)).path).toBe('/otp/issue/complete');
  });

  test('the メール通知パスワード allows 5 tries, and the fifth that is wrong is answered as the end of it', async () => {
    await fillIn(browser, EMAIL);
    const right = await mailPasswordFor(bank, EMAIL);
    const wrong = { mail_password: right === '00000000' ? '11111111' : '00000000' };
    for (let attempt = 1; attempt <= 5; attempt++) {
      await browser.send('/otp/issue/confirm', { ...wrong, confirmation_password: 'kakunin1234' });
      expect(browser.seen.text).toContain(attempt < 5 ? 'もう一度入力してください' : '無効になりました');
    }
    await browser.send('/otp/issue/confirm', { mail_password: right, confirmation_password: 'kakunin1234' });
    expect(browser.seen.text).toContain('無効になりました');
    expect(await issue(bank, browser, EMAIL)).toMatch(/^\d{12}$/);
  });

  test('what cannot be a メール通知パスワード costs no try, and full-width digits are digits', async () => {
    await fillIn(browser, EMAIL);
    const confirmation_password = 'kakunin1234';
    for (const mail_password of ['1234', '123456789', 'abcdefgh', '1234567a', '12345', '1']) {
      await browser.send('/otp/issue/confirm', { mail_password, confirmation_password });
      expect(browser.seen.status).toBe(422);
      expect(browser.seen.text).toContain('メール通知パスワードは半角数字8桁で入力してください。');
    }
    const mail_password = (await mailPasswordFor(bank, EMAIL)).replace(/\d/g, (digit) =>
      String.fromCharCode(0xff10 + Number(digit)),
    );
    await browser.send('/otp/issue/confirm', { mail_password, confirmation_password });
    expect(browser.seen.path).toBe('/otp/issue/complete');
  });

  test('the メール通知パスワード is valid for 10 minutes', async () => {
    await fillIn(browser, EMAIL);
    const mail_password = await mailPasswordFor(bank, EMAIL);
    for (const minutes of [4, 8, 10.1]) {
      bank.service.clock.move(minutes * MINUTE);
      await browser.open('/otp/issue/confirm');
    }
    await browser.send('/otp/issue/confirm', { mail_password, confirmation_password: 'kakunin1234' });
    expect(browser.seen.text).toContain('有効期限（送信から10分間）が過ぎています');
  });

  test('a sixth mail within 15 minutes is not sent', async () => {
    for (let mail = 1; mail <= 5; mail++) {
      await fillIn(browser, EMAIL);
      bank.advance(mail * 10_000);
    }
    expect((await fillIn(browser, EMAIL)).text).toContain('送信回数が上限に達しました');
    expect(await subjects()).toHaveLength(5);
  });

  test('a double click issues once and shows the same completion', async () => {
    await fillIn(browser, EMAIL);
    const fields = {
      mail_password: await mailPasswordFor(bank, EMAIL),
      confirmation_password: 'kakunin1234',
    };
    const again = browser.copy();
    const third = browser.copy();
    const seen = await Promise.all([
      browser.send('/otp/issue/confirm', fields),
      again.send('/otp/issue/confirm', fields),
    ]);
    const later = await third.send('/otp/issue/confirm', fields);
    expect(seen.map(({ path }) => path)).toEqual(['/otp/issue/complete', '/otp/issue/complete']);
    expect(later.path).toBe('/otp/issue/complete');
    expect(bank.calls.filter(({ path }) => path === '/v1/tokens')).toHaveLength(1);
    expect((await subjects()).filter((subject) => subject === 'トークン発行のご案内')).toHaveLength(1);
  });

  test('the back button after completion says that it is done', async () => {
    await issue(bank, browser, EMAIL);
    const back = await browser.open('/otp/issue/confirm');
    expect(back.status).toBe(409);
    expect(back.text).toContain('すでに完了しているか、中止されたか、別の画面で入力し直されています');
  });

  test('申込を中止する deletes what was typed', async () => {
    await fillIn(browser, EMAIL);
    expect((await browser.send('/otp/issue/cancel')).path).toBe('/otp');
    expect((await browser.open('/otp/issue')).html).not.toContain(EMAIL);
  });

  test('issuing again before 利用開始 voids the earlier token', async () => {
    const first = await issue(bank, browser, EMAIL);
    const second = await issue(bank, browser, EMAIL);
    expect(second).not.toBe(first);
    const earlier = await bank.service.bank('GET', `/v1/tokens/${first}`);
    expect(await earlier.json()).toMatchObject({ status: 'void' });
  });

  test('a token issued with another address is told to the one that was registered', async () => {
    const former = 'former@example.jp';
    await issue(bank, browser, former);
    await issue(bank, browser, EMAIL);
    const told = await bank.mails(former);
    expect(told.filter(({ subject }) => subject === 'メールアドレス変更のお知らせ')).toHaveLength(1);
    expect(told[0]?.text).toContain(`新しいメールアドレス：${EMAIL}`);
    await issue(bank, browser, EMAIL);
    expect(await bank.mails(former)).toHaveLength(told.length);
    expect(await subjects()).not.toContain('メールアドレス変更のお知らせ');
  });

  test('after a lost answer (503) the same form gets the one token that was made', async () => {
    await fillIn(browser, EMAIL);
    const fields = {
      mail_password: await mailPasswordFor(bank, EMAIL),
      confirmation_password: 'kakunin1234',
    };
    bank.way.connection = 'lost';
    const lost = await browser.send('/otp/issue/confirm', fields);
    expect(lost.status).toBe(503);
    expect(lost.text).toContain('ただいまお手続きができません');
    bank.way.connection = 'up';
    expect((await browser.send('/otp/issue/confirm', fields)).path).toBe('/otp/issue/complete');
    const { count } = await bank.service.db
      .selectFrom('tokens')
      .select((of) => of.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(1);
  });

  test.each([
    ['email', { email: 'taro', email_again: 'taro' }],
    ['email', { email: 'a@example.jp\nBcc: x@example.jp' }],
    ['email', { email: 'ｔａｒｏ@example.jp' }],
    ['email', { email: '"><script>alert(1)</script>@example.jp' }],
    ['email_again', { email_again: 'other@example.jp' }],
    ['activation_password', { activation_password: '123', activation_password_again: '123' }],
    ['activation_password', { activation_password: '123456789', activation_password_again: '123456789' }],
    ['activation_password_again', { activation_password_again: '1357' }],
  ])('refuses a wrong %s: %j', async (field, fields) => {
    await browser.open('/otp/issue');
    const refused = await browser.send('/otp/issue', {
      email: EMAIL,
      email_again: EMAIL,
      activation_password: '2468',
      activation_password_again: '2468',
      ...fields,
    });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain(`<a href="#${field}">`);
    expect(refused.html).not.toContain('<script>alert');
    expect(refused.html).not.toContain('value="2468"');
  });
});

describe('ワンタイムパスワード利用開始', () => {
  test('is refused with a reason before トークン発行 and before 初期設定', async () => {
    expect((await browser.open('/otp/activate')).text).toContain('トークンが発行されていません');
    await issue(bank, browser, EMAIL);
    expect((await browser.open('/otp/activate')).text).toContain('初期設定がまだ完了していません');
    expect((await browser.open('/otp/release')).text).toContain('ワンタイムパスワードは利用されていません');
  });

  test('leaving between トークン発行 and 利用開始 loses nothing', async () => {
    const userId = await issue(bank, browser, EMAIL);
    await browser.send('/logout');
    const codes = await enrol(bank, userId);
    await logIn(browser);
    await browser.open('/otp/activate');
    await browser.send('/otp/activate', { otp: await codes.code() });
    expect(browser.seen.path).toBe('/otp/activate/complete');
  });

  test('a wrong code, then the right one', async () => {
    const codes = await enrol(bank, await issue(bank, browser, EMAIL));
    await browser.open('/otp/activate');
    await browser.send('/otp/activate', { otp: await codes.wrong() });
    expect(browser.seen.text).toContain('ワンタイムパスワードが正しくないか');
    await browser.send('/otp/activate', { otp: await codes.code() });
    expect(browser.seen.path).toBe('/otp/activate/complete');
  });

  test('a form from before says that it is done already', async () => {
    const codes = await enrol(bank, await issue(bank, browser, EMAIL));
    await browser.open('/otp/activate');
    const other = browser.copy();
    await other.open('/otp/activate');
    await browser.send('/otp/activate', { otp: await codes.code() });
    bank.advance(60_000);
    const late = await other.send('/otp/activate', { otp: await codes.code() });
    expect(late.status).toBe(409);
    expect(late.text).toContain('利用開始はすでに完了しています');
  });

  test('of two forms sent at once with one code the second says that it is done already', async () => {
    const codes = await enrol(bank, await issue(bank, browser, EMAIL));
    const tabs = [browser.copy(), browser.copy()];
    await Promise.all(tabs.map((tab) => tab.open('/otp/activate')));
    const otp = await codes.code();
    await Promise.all(tabs.map((tab) => tab.send('/otp/activate', { otp })));
    const [done, late] = tabs.map(({ seen }) => seen).toSorted((a, b) => a.status - b.status);
    expect(done).toMatchObject({ path: '/otp/activate/complete', status: 200 });
    expect(late).toMatchObject({ screenId: 'BOP001', status: 409 });
    expect(late?.text).toContain('利用開始はすでに完了しています');
  });
});

describe('ワンタイムパスワード利用解除', () => {
  test('needs both the password and the code; a wrong password spends no code', async () => {
    const codes = await activate(bank, browser, EMAIL);
    await browser.open('/otp/release');
    const otp = await codes.code();
    await browser.send('/otp/release', { confirmation_password: 'wrong1234', otp });
    expect(browser.seen.text).toContain('確認用パスワードが正しくありません');
    await browser.send('/otp/release', { confirmation_password: 'kakunin1234', otp: await codes.wrong() });
    expect(browser.seen.text).toContain('ワンタイムパスワードが正しくないか');
    await browser.send('/otp/release', { confirmation_password: 'kakunin1234', otp });
    expect(browser.seen.path).toBe('/otp/release/complete');
  });

  test('10 wrong 確認用パスワード stop it, but not the login password', async () => {
    const codes = await activate(bank, browser, EMAIL);
    await browser.open('/otp/release');
    const otp = await codes.code();
    for (let attempt = 1; attempt <= 10; attempt++) {
      await browser.send('/otp/release', { confirmation_password: 'wrong1234', otp });
    }
    await browser.send('/otp/release', { confirmation_password: 'kakunin1234', otp });
    expect(browser.seen.text).toContain('30分間お手続きができません');
    expect((await logIn(bank.browser())).path).toBe('/login/otp');
  });

  test('a new token can be issued from the next day in Japan', async () => {
    const codes = await activate(bank, browser, EMAIL);
    await browser.open('/otp/release');
    await browser.send('/otp/release', { confirmation_password: 'kakunin1234', otp: await codes.code() });
    const refused = await browser.open('/otp/issue');
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('以降に発行できます。');
    // What is refused is not offered as the next step.
    expect(refused.html).toContain('button-secondary">トークン発行');
    bank.advance(24 * 60 * MINUTE);
    await logIn(browser);
    expect((await browser.open('/otp')).html).toContain('button-primary">トークン発行');
    expect((await browser.open('/otp/issue')).screenId).toBe('BOT001');
    expect(await issue(bank, browser, EMAIL)).toMatch(/^\d{12}$/);
  });
});

describe('the menu', () => {
  test('says to the minute until when 初期設定 can be done', async () => {
    const userId = await issue(bank, browser, EMAIL);
    const shown = await bank.service.bank('GET', `/v1/tokens/${userId}`);
    const { enrolBy } = (await shown.json()) as { enrolBy: string };
    const by = minuteInJapan(Date.parse(enrolBy));
    expect((await browser.open('/otp')).text).toContain(`トークンアプリの初期設定を${by}までに行い`);
  });

  test('says what to do when the time for 初期設定 is over', async () => {
    await issue(bank, browser, EMAIL);
    bank.service.clock.move(8 * 24 * 60 * MINUTE);
    await logIn(browser);
    const menu = await browser.open('/otp');
    expect(menu.text).toContain('（未登録）');
    expect(menu.text).toContain('もう一度「トークン発行」を行ってください');
  });

  test('can be read in another text size where it answers a form, as can an error', async () => {
    await browser.open('/otp/replace');
    const form_token = /name="form_token" value="([^"]+)"/.exec(browser.seen.html)?.[1] ?? '';
    const returnsTo = () => /name="return" value="([^"]+)"/.exec(browser.seen.html)?.[1] ?? '';
    expect((await browser.post('/otp/replace/cancel', { form_token })).heading).toBe(
      'ワンタイムパスワード申請内容選択',
    );
    expect((await browser.open(returnsTo())).status).toBe(200);
    expect((await browser.post('/otp/cancel', { form_token: 'another' })).status).toBe(403);
    expect((await browser.open(returnsTo())).status).toBe(200);
  });

  test('answers 503 in Japanese while the service is down', async () => {
    await issue(bank, browser, EMAIL);
    bank.way.connection = 'down';
    for (const path of ['/otp', '/otp/issue', '/otp/activate', '/otp/release']) {
      const page = await browser.open(path);
      expect(page.status).toBe(503);
      expect(page.text).toContain('ただいまご利用いただけません');
    }
    expect((await browser.open('/top')).status).toBe(200);
  });
});
