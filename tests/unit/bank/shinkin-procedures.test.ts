import { describe, expect, test } from 'vitest';
import { findCustomerByReceipt } from '../../../bank/store/customer-search.ts';
import { wrongCode } from '../../service/test-service.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import {
  begin,
  type Desk,
  fill,
  HANAKO,
  logIn,
  openDesk,
  positions,
  register,
  type SerialToken,
  TARO,
} from './test-shinkin.ts';

/** 利用開始, 交換 and 利用中止 of the guide, at ehime's login page. */

let bank: TestBank;
let desk: Desk;

useTestBank(async (stage) => {
  ({ bank } = stage);
  desk = await openDesk(bank);
});

const rows = () => bank.db.selectFrom('otp_procedures').selectAll().orderBy('created_at').execute();

describe('利用開始', () => {
  test('of the guide: login page, 利用者認証, ワンタイムパスワード登録, 処理結果, a mail, the choice 認証しない', async () => {
    const browser = desk.browser();
    const token = await desk.newToken();
    const { text, html, screenId } = await browser.open('/');
    expect(text).toContain('契約者ID（利用者番号）');
    for (const name of ['利用開始', '交換', '利用中止']) expect(html).toContain(`>${name}</button>`);
    expect(screenId).toBe('');
    await browser.open('/otp-service/register');
    expect(browser.seen.heading).toBe('ワンタイムパスワード利用開始（利用者認証）');
    expect(browser.seen.html).toContain(
      'トークンの詳細は、<a href="/otp-guide">「トークンの種類と入手方法」</a>をご覧ください。',
    );
    expect((await browser.copy().open('/otp-guide')).html).toContain('<h2>トークンの種類と入手方法</h2>');
    await begin(browser, 'register');
    expect(browser.seen.heading).toBe('ワンタイムパスワード登録');
    expect(browser.seen.html).toMatch(
      /トークンをご用意いただいていない場合は、<a href="\/otp-guide" target="_blank" rel="noopener">こちらの画面（新しいタブで開きます）<\/a>より入手してください。/,
    );
    await browser.copy().open('/otp-guide');
    expect(browser.seen.html).toMatch(/value="no" checked/);
    const asked = Object.keys(positions(browser.seen));
    expect(asked).toHaveLength(2);
    const done = await register(bank, browser, token);
    expect(done.heading).toBe('ワンタイムパスワード利用開始（処理結果）');
    expect(done.text).toMatch(/受付番号 \d{8}-\d{8} 受付時刻 \d{4}年/);
    expect(done.text).toContain(`シリアル番号 ${token.serial}`);
    expect(done.text).toContain('ログイン時のワンタイムパスワード認証要否 認証しない');
    expect(await desk.customer()).toMatchObject({ user_id: token.userId, login_otp: false });
    const [row] = await rows();
    const found = await findCustomerByReceipt(bank.db, 'ehime', row?.receipt ?? '');
    expect(found?.login_id).toBe(TARO.loginId);
    const [mail] = await desk.mails(TARO);
    expect(mail?.subject).toContain('ワンタイムパスワード利用登録完了のお知らせ');
    expect(mail?.text).toContain(token.serial);
  });

  test('the result is read and nothing else: the session may do no other thing', async () => {
    const browser = desk.browser();
    await register(bank, browser, await desk.newToken());
    for (const path of ['/top', '/transfer', '/accounts', '/otp']) {
      expect((await browser.open(path)).path).toBe('/');
    }
    expect((await browser.open('/otp-service/done')).text).toContain('受付番号');
    expect((await browser.open('/otp-service/stop/input')).path).toBe('/otp-service/done');
    await browser.another().open('/otp-service/done');
  });

  test('利用者認証 for one procedure is none for another, and none for the bank', async () => {
    const browser = desk.browser();
    await begin(browser, 'register');
    expect((await browser.open('/otp-service/stop/input')).path).toBe('/otp-service/stop');
    expect((await browser.open('/top')).path).toBe('/');
  });

  test.each([
    ['small letters, hyphens and spaces', (serial: string) => ` ${serial.slice(0, 4)}-${serial.slice(4)} `],
    [
      'full width',
      (serial: string) => [...serial].map((one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)).join(''),
    ],
  ])('a serial in %s is the same', async (_, typed) => {
    const browser = desk.browser();
    const token = await desk.newToken();
    await register(bank, browser, { ...token, serial: typed(token.serial) });
    expect(browser.seen.heading).toBe('ワンタイムパスワード利用開始（処理結果）');
  });

  test('an unknown serial, another contract’s, a wrong code: the same answer, and nothing changes', async () => {
    const taken = await desk.newToken();
    await register(bank, desk.browser(), taken, { contract: HANAKO });
    const token = await desk.newToken();
    const answers: string[] = [];
    const browser = desk.browser();
    await begin(browser, 'register');
    for (const [serial, code] of [
      ['2222222222', token.code],
      [taken.serial, taken.code],
      [token.serial, () => wrongCode(token)],
    ] as const) {
      const seen = await fill(browser, 'register', { serial, otp: await code(), login_otp: 'no' });
      expect(seen.status).toBe(422);
      answers.push(/<div class="summary"[\s\S]*?<\/div>/.exec(seen.html)?.[0] ?? '');
      bank.advance(30_000);
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('シリアル番号またはワンタイムパスワードが正しくないか');
    expect(await desk.customer()).toMatchObject({ user_id: null });
  });

  test('a device is registered by two codes in a row, not by one', async () => {
    const device = await desk.newDevice();
    const browser = desk.browser();
    await register(bank, browser, device);
    expect(browser.seen.status).toBe(422);
    await register(bank, browser, device, { pair: await device.pair() });
    expect(browser.seen.heading).toBe('ワンタイムパスワード利用開始（処理結果）');
  });

  test('a serial with a slip is found by its check character, and asks the token service nothing', async () => {
    const token = await desk.newToken();
    const browser = desk.browser();
    await begin(browser, 'register');
    bank.calls.length = 0;
    const last = token.serial.endsWith('A') ? 'B' : 'A';
    const serial = `${token.serial.slice(0, -1)}${last}`;
    const seen = await fill(browser, 'register', { serial, otp: await token.code(), login_otp: 'no' });
    expect([seen.status, seen.text]).toEqual([422, expect.stringContaining('シリアル番号に誤りがあります')]);
    expect(bank.calls.filter(({ path }) => path.includes('/bind'))).toEqual([]);
  });

  test('what is missing or malformed is said at its field, and asks the token service nothing', async () => {
    const browser = desk.browser();
    await begin(browser, 'register');
    bank.calls.length = 0;
    const seen = await browser.send('/otp-service/register/input', { serial: '', otp: '', otp_next: 'x' });
    expect(seen.status).toBe(422);
    for (const field of ['serial', 'otp', 'otp_next']) expect(seen.html).toContain(`href="#${field}"`);
    expect(seen.html).toMatch(/href="#position_\d+"/);
    expect(bank.calls.filter(({ path }) => path.includes('/bind'))).toEqual([]);
  });

  test('what was typed stays, but for codes and positions', async () => {
    const browser = desk.browser();
    await begin(browser, 'register');
    const { html } = await fill(browser, 'register', { serial: 'ABCD"<2345', otp: '12', login_otp: 'yes' });
    expect(html).toContain('value="ABCD&quot;&lt;2345"');
    expect(html).toMatch(/value="yes" checked/);
    expect(html).not.toContain('value="12"');
  });

  test('a wrong positional password costs no code, and asks for the same positions again', async () => {
    const browser = desk.browser();
    const token = await desk.newToken();
    await begin(browser, 'register');
    const asked = positions(browser.seen);
    const wrong = Object.fromEntries(
      Object.entries(asked).map(([name, digit]) => [name, digit === '1' ? '2' : '1']),
    );
    const code = await token.code();
    const typed = { serial: token.serial, otp: code, login_otp: 'no' };
    const seen = await fill(browser, 'register', { ...typed, ...wrong });
    expect(seen.text).toContain('資金移動用パスワードが正しくありません');
    expect(positions(seen)).toEqual(asked);
    expect((await fill(browser, 'register', typed)).heading).toBe('ワンタイムパスワード利用開始（処理結果）');
  });

  test('a second one is refused: one OTP id for each contract', async () => {
    await register(bank, desk.browser(), await desk.newToken());
    const browser = desk.browser();
    await begin(browser, 'register');
    expect(browser.seen.status).toBe(409);
    expect(browser.seen.text).toContain('契約者IDに登録できるワンタイムパスワードは一つだけです');
  });

  test('two at once of one contract with two tokens: one is registered, and the contract has that one', async () => {
    const tokens = [await desk.newToken(), await desk.newToken()];
    const browsers = await Promise.all(
      tokens.map(async () => {
        const browser = desk.browser();
        await begin(browser, 'register');
        return browser;
      }),
    );
    await Promise.all(
      browsers.map(async (browser, index) => {
        const token = tokens[index] as SerialToken;
        await fill(browser, 'register', { serial: token.serial, otp: await token.code(), login_otp: 'no' });
      }),
    );
    const done = (await rows()).filter(({ state }) => state === 'done');
    expect(done).toHaveLength(1);
    const { user_id } = await desk.customer();
    expect(tokens.find(({ userId }) => userId === user_id)?.serial).toBe(done[0]?.serial);
    const active = await bank.service.db
      .selectFrom('tokens')
      .select('user_id')
      .where('institution', '=', 'ehime')
      .where('status', '=', 'active')
      .execute();
    expect(active).toEqual([{ user_id }]);
  });

  test('one form sent twice at once registers once, with one mail', async () => {
    const browser = desk.browser();
    const token = await desk.newToken();
    await begin(browser, 'register');
    const again = browser.copy();
    const typed = { serial: token.serial, otp: await token.code(), login_otp: 'yes' };
    await Promise.all([fill(browser, 'register', typed), fill(again, 'register', typed)]);
    expect(await rows()).toHaveLength(1);
    expect(await desk.mails(TARO)).toHaveLength(1);
  });

  test('a form sent again after its answer came, or after the page of it was left by back, shows the same result', async () => {
    const browser = desk.browser();
    const token = await desk.newToken();
    await begin(browser, 'register');
    const [clicked, back] = [browser.copy(), browser.copy()];
    const typed = { serial: token.serial, otp: await token.code(), login_otp: 'yes' };
    const first = await fill(browser, 'register', typed);
    const [, receipt = ''] = /受付番号 (\d{8}-\d{8} 受付時刻 \S+)/.exec(first.text) ?? [];
    expect(receipt).not.toBe('');
    expect((await fill(clicked, 'register', typed)).text).toContain(receipt);
    const sent = { ...back.hidden('/otp-service/register/input'), ...positions(back.seen), ...typed };
    expect((await browser.post('/otp-service/register/input', sent)).text).toContain(receipt);
    expect(await desk.mails(TARO)).toHaveLength(1);
  });
});

describe('交換', () => {
  const exchange = async (old: SerialToken, fresh: SerialToken, fields: Record<string, string> = {}) => {
    const browser = desk.browser();
    await begin(browser, 'exchange');
    return fill(browser, 'exchange', {
      otp_old: await old.code(),
      serial: fresh.serial,
      otp: await fresh.code(),
      ...fields,
    });
  };

  test('the old token’s code, the new one’s serial and code: the contract goes on with the new one', async () => {
    const old = await desk.newToken();
    const fresh = await desk.newToken();
    await register(bank, desk.browser(), old, { loginOtp: 'yes' });
    const seen = await exchange(old, fresh);
    expect(seen.heading).toBe('ワンタイムパスワード交換（処理結果）');
    expect(seen.text).toContain(`シリアル番号 ${fresh.serial}`);
    expect(await desk.customer()).toMatchObject({ user_id: fresh.userId, login_otp: true });
    expect((await desk.mails(TARO))[0]?.subject).toContain('ワンタイムパスワード交換完了のお知らせ');
  });

  test('a wrong code of either leaves the old one in use', async () => {
    const old = await desk.newToken();
    const fresh = await desk.newToken();
    await register(bank, desk.browser(), old);
    expect((await exchange(old, fresh, { otp_old: await wrongCode(old) })).status).toBe(422);
    expect((await exchange(old, fresh, { otp: await wrongCode(fresh) })).status).toBe(422);
    expect(await desk.customer()).toMatchObject({ user_id: old.userId });
  });

  test('is not offered where there is nothing to exchange', async () => {
    const browser = desk.browser();
    expect((await begin(browser, 'exchange')).status).toBe(409);
    expect(browser.seen.text).toContain('ワンタイムパスワードは登録されていません');
  });
});

describe('利用中止', () => {
  test('code and positions: the token is released, and another can be registered at once', async () => {
    const token = await desk.newToken();
    await register(bank, desk.browser(), token, { loginOtp: 'yes' });
    const browser = desk.browser();
    await begin(browser, 'stop');
    const seen = await fill(browser, 'stop', { otp: await token.code() });
    expect(seen.heading).toBe('ワンタイムパスワード利用中止（処理結果）');
    expect(await desk.customer()).toMatchObject({ login_otp: false });
    expect((await desk.mails(TARO))[0]?.subject).toContain('ワンタイムパスワード利用中止のお知らせ');
    const next = await desk.newToken();
    expect((await register(bank, desk.browser(), next)).heading).toBe(
      'ワンタイムパスワード利用開始（処理結果）',
    );
    expect((await logIn(desk.browser())).path).toBe('/top');
  });

  test('is said to be for good before it is done: the same device is registered no more', async () => {
    const device = await desk.newDevice();
    const pair = await device.pair();
    await register(bank, desk.browser(), device, { pair });
    const browser = desk.browser();
    const asked = await begin(browser, 'stop');
    expect(asked.text).toContain(
      '中止すると、これまでのトークンは使えなくなり、もう一度登録することはできません。お振込のご利用を再開するには、新しいトークンでの利用開始が必要です。',
    );
    const done = await fill(browser, 'stop', { otp: await device.code() });
    expect(done.text).toContain('これまでのトークンは使えなくなりました。');
    bank.advance(60_000);
    const again = await register(bank, desk.browser(), device, { pair: await device.pair() });
    expect(again.status).toBe(422);
  });

  test('wrong codes lock the token as anywhere, and the customer is told once', async () => {
    const token = await desk.newToken();
    await register(bank, desk.browser(), token);
    const browser = desk.browser();
    await begin(browser, 'stop');
    for (let time = 0; time < 10; time++) {
      if (browser.seen.status === 409) break;
      await fill(browser, 'stop', { otp: await wrongCode(token) });
    }
    expect(browser.seen.text).toContain('ワンタイムパスワード認証が停止しているため');
    const locked = (await desk.mails(TARO)).filter(({ subject }) => subject.includes('認証停止'));
    expect(locked).toHaveLength(1);
    expect(locked[0]?.text).toContain('以降は、ワンタイムパスワードの必要なログインとお振込ができません。');
  });
});
