import { describe, expect, test } from 'vitest';
import { EHIME } from './ehime.ts';
import { act, clerkAt } from './staff-desk.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import { begin, type Desk, logIn, openDesk, register, TARO } from './test-shinkin.ts';

/** ehime's login, its pages open to everyone, and its words. */

let bank: TestBank;
let desk: Desk;

useTestBank(async (stage) => {
  ({ bank } = stage);
  desk = await openDesk(bank);
});

describe('ログイン', () => {
  test('needs only the password without a token, and with the choice 認証しない', async () => {
    expect((await logIn(desk.browser())).heading).toBe('トップページ');
    await register(bank, desk.browser(), await desk.newToken());
    expect((await logIn(desk.browser())).heading).toBe('トップページ');
  });

  test('needs a code with the choice 認証する, and accepts a code once', async () => {
    const token = await desk.newToken();
    await register(bank, desk.browser(), token, { loginOtp: 'yes' });
    const browser = desk.browser();
    expect((await logIn(browser)).heading).toBe('ワンタイムパスワード認証');
    expect((await browser.open('/top')).path).toBe('/login/otp');
    const code = await token.code();
    expect((await browser.send('/login/otp', { otp: code })).heading).toBe('トップページ');
    const again = desk.browser();
    await logIn(again);
    expect((await again.send('/login/otp', { otp: code })).status).toBe(422);
  });

  test('of a token released meanwhile leads to the login page, which says so', async () => {
    const token = await desk.newToken();
    await register(bank, desk.browser(), token, { loginOtp: 'yes' });
    const browser = desk.browser();
    await logIn(browser);
    await bank.service.db
      .updateTable('tokens')
      .set({ status: 'released', released_at: new Date(bank.service.clock.now()) })
      .execute();
    const seen = await browser.send('/login/otp', { otp: await token.code() });
    expect(seen).toMatchObject({ status: 200, heading: 'ログイン' });
    expect(seen.text).toContain('登録状況が変わりました');
    expect((await logIn(browser)).path).toBe('/top');
  });

  test('accepts the 契約者ID in full width and with spaces', async () => {
    const browser = desk.browser();
    await browser.open('/');
    const typed = { login_id: '１２３４ ５６７８９０', password: 'login1234' };
    expect((await browser.send('/login', typed)).path).toBe('/top');
  });

  test.each([
    ['an unknown ID', '9999999999', 'login1234'],
    ['a wrong password', '1234567890', 'wrong1234'],
    ['letters', 'taro0001', 'login1234'],
  ])('%s gets the same message', async (_, login_id, password) => {
    const browser = desk.browser();
    await browser.open('/');
    const seen = await browser.send('/login', { login_id, password });
    expect(seen.status).toBe(422);
    expect(seen.text).toContain('契約者ID（利用者番号）またはログインパスワードが正しくありません');
  });

  test('a suspended token stops every login, whatever the choice', async () => {
    const token = await desk.newToken();
    await register(bank, desk.browser(), token);
    await act(await clerkAt(bank, 'ehime'), 'suspend', { customer: `ehime-${TARO.loginId}` });
    const seen = await logIn(desk.browser());
    expect(seen).toMatchObject({ status: 403, heading: 'トークンの利用停止' });
  });
});

describe('its own words', () => {
  test('no page speaks of 当組合, of a ログインID or a ユーザID, or shows a 画面ID', async () => {
    const browser = desk.browser();
    const open = [
      '/',
      '/help',
      '/otp-guide',
      '/forms/cancellation',
      '/otp-service/register',
      '/otp-service/exchange',
      '/otp-service/stop',
      '/logged-out',
    ];
    await logIn(browser);
    const pages = [
      ...open.map((path) => [desk.browser(), path] as const),
      ...['/top', '/accounts', '/transfer', '/otp'].map((path) => [browser, path] as const),
    ];
    for (const [by, path] of pages) {
      const { text, status, screenId } = await by.open(path);
      expect([path, status]).toEqual([path, 200]);
      expect([path, /当組合|ログインID|ユーザID|サービスID|確認用パスワード/.exec(text)]).toEqual([
        path,
        null,
      ]);
      expect(screenId).toBe('');
    }
  });

  test('お困りのとき says whom to call, and what to do about each trouble', async () => {
    const { text, html } = await desk.browser().open('/help');
    expect(html).toContain(`href="tel:${EHIME.contact.phone}"`);
    expect(text).toContain(`お電話の受付時間 ${EHIME.contact.hours}`);
    const troubles = [...html.matchAll(/<div id="([a-z-]+)" class="help-trouble">/g)].map(([, id]) => id);
    expect(troubles).toEqual([
      'lost',
      'broken',
      'battery',
      'new-device',
      'refused',
      'positions',
      'locked',
      'suspended',
      'ending',
      'unknown',
    ]);
    for (const path of ['/forms/cancellation', '/otp-service/register', '/otp-service/exchange']) {
      expect(html).toContain(`href="${path}"`);
    }
  });

  test('解約届 is one page to print, with the guide’s title', async () => {
    const { text, html } = await desk.browser().open('/forms/cancellation');
    expect(text).toContain('ワンタイムパスワードサービス ソフトウェアトークン解約届');
    expect(text).toContain('契約者ID');
    expect(html).toContain('data-print');
  });

  test('ワンタイムパスワード shows the state of the token', async () => {
    const token = await desk.newToken();
    const browser = desk.browser();
    await logIn(browser);
    expect((await browser.open('/otp')).text).toContain('（未登録）');
    await register(bank, desk.browser(), token);
    const { text } = await browser.open('/otp');
    expect(text).toContain(`シリアル番号 ${token.serial}`);
    expect(text).toContain('ソフトウェアトークン');
  });
});

test('利用者認証 of a procedure, right or wrong, is written down as a login is, and told apart from one', async () => {
  const browser = desk.browser();
  await begin(browser, 'register');
  await browser.open('/otp-service/stop');
  await browser.send('/otp-service/stop', { login_id: TARO.loginId, password: 'wrong' });
  const lines = bank.log
    .map((line) => JSON.parse(line))
    .filter(({ event, institution }) => event === 'login' && institution === EHIME.key);
  expect(lines).toMatchObject([
    { institution: 'ehime', for: 'register', customer: `ehime-${TARO.loginId}` },
    { institution: 'ehime', for: 'stop', msg: 'wrong contract ID or password' },
  ]);
  await logIn(browser);
  const { text } = await browser.open('/top');
  expect(text).toMatch(/今回 \S+ \S+ ログインパスワード 利用者認証 \S+ \S+ ワンタイムパスワード利用開始/);
});
