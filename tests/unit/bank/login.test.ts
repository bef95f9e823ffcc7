import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BANK } from './browser.ts';
import { activate, createTestBank, EMAIL, logIn, type TestBank } from './test-bank.ts';

const NOT_ACCEPTED =
  'ワンタイムパスワードが正しくないか、すでに使用されています。トークンに新しいパスワードが表示されてから、もう一度入力してください。';

const OVER = 'ログインは、別の画面での操作などにより終了しています。';

let bank: TestBank;

beforeAll(async () => {
  bank = await createTestBank();
}, 60_000);

beforeEach(() => bank.reset());

afterAll(() => bank.close());

describe('ログイン', () => {
  test('leads to the top page with the balance and the last logins', async () => {
    const top = await logIn(bank.browser());
    expect(top).toMatchObject({ path: '/top', status: 200, heading: 'トップページ', screenId: 'BPT001' });
    expect(top.text).toContain('見本 太郎 様');
    expect(top.html).toContain('3,000,000');
    expect(top.text).toContain('今回');
  });

  test('A15: an unknown ID and a wrong password get the same body', async () => {
    const browser = bank.browser();
    const bodies = new Set<string>();
    for (const login_id of ['taro0001', 'nobody99', 'ｔａｒｏ', "'; --", 'a\u0000b']) {
      await browser.open('/');
      const refused = await browser.send('/login', { login_id, password: 'wrong1234' });
      expect(refused.status).toBe(422);
      bodies.add(refused.html);
    }
    expect(bodies.size).toBe(1);
  });

  test('empty fields are named, with a summary that leads to them', async () => {
    const browser = bank.browser();
    await browser.open('/');
    const { html, status } = await browser.send('/login', {});
    expect(status).toBe(422);
    expect(html).toContain('<a href="#login_id">ログインIDを入力してください。</a>');
    expect(html).toMatch(/id="password"[^>]*aria-invalid="true"/);
  });

  test('a ログインID in full width is the same', async () => {
    expect((await logIn(bank.browser(), ' ｔａｒｏ０００１　')).path).toBe('/top');
  });

  test('a password in full width costs no try: the page says what it takes', async () => {
    const browser = bank.browser();
    await browser.open('/');
    for (let attempt = 1; attempt <= 10; attempt++) {
      await browser.send('/login', { login_id: 'taro0001', password: 'ｌｏｇｉｎ１２３４' });
      expect(browser.seen.status).toBe(422);
      expect(browser.seen.text).toContain('ログインパスワードは半角英数字で入力してください');
    }
    expect((await logIn(bank.browser())).path).toBe('/top');
  });

  test('10 wrong passwords stop the password for 30 minutes; the message is the same as for one', async () => {
    const browser = bank.browser();
    await browser.open('/');
    const wrong = () => browser.send('/login', { login_id: 'taro0001', password: 'wrong1234' });
    const first = await wrong();
    for (let attempt = 2; attempt <= 10; attempt++) await wrong();
    const right = () => browser.send('/login', { login_id: 'taro0001', password: 'login1234' });
    expect((await right()).html).toBe(first.html);
    bank.service.clock.move(29 * 60_000);
    expect((await right()).path).toBe('/login');
    bank.service.clock.move(31 * 60_000);
    expect((await right()).path).toBe('/top');
  });

  test('guesses made at the same moment are all counted', async () => {
    const browser = bank.browser();
    await browser.open('/');
    const guess = () => browser.copy().send('/login', { login_id: 'taro0001', password: 'wrong1234' });
    await Promise.all(Array.from({ length: 12 }, guess));
    expect((await logIn(bank.browser())).path).toBe('/login');
  });

  test('the session id changes at login, and the old id is no longer valid', async () => {
    const browser = bank.browser();
    await browser.open('/');
    const before = browser.copy();
    await browser.send('/login', { login_id: 'taro0001', password: 'login1234' });
    expect(browser.cookie).not.toBe(before.cookie);
    expect((await before.open('/top')).screenId).toBe('BLI001');
  });

  test('while the service is down it answers 503 in Japanese and logs nobody in', async () => {
    await activate(bank, await loggedIn(), EMAIL);
    bank.way.connection = 'down';
    const browser = bank.browser();
    const refused = await logIn(browser);
    expect(refused).toMatchObject({ status: 503, screenId: 'BLI001' });
    expect(refused.text).toContain('ただいまお手続きができません');
    expect((await browser.open('/top')).screenId).toBe('BLI001');
  });
});

describe('ログイン（ワンタイムパスワード認証）', () => {
  test('asks for the code when the token is in use, and accepts it once', async () => {
    const codes = await activate(bank, await loggedIn(), EMAIL);
    const browser = bank.browser();
    const asked = await logIn(browser);
    expect(asked).toMatchObject({
      path: '/login/otp',
      screenId: 'BLI023',
      heading: 'ログイン（ワンタイムパスワード認証）',
    });
    const code = await codes.code();
    expect((await browser.send('/login/otp', { otp: code })).path).toBe('/top');
    const second = bank.browser();
    await logIn(second);
    const replayed = await second.send('/login/otp', { otp: code });
    expect(replayed.status).toBe(422);
    expect(replayed.text).toContain(NOT_ACCEPTED);
  });

  test('accepts full-width digits and spaces', async () => {
    const codes = await activate(bank, await loggedIn(), EMAIL);
    const browser = bank.browser();
    const [, longest] = /name="otp"[^>]* maxlength="([0-9]+)"/.exec((await logIn(browser)).html) ?? [];
    const code = await codes.code();
    const wide = [...code].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
    const otp = ` ${wide.slice(0, 4)}　${wide.slice(4)} `;
    expect(otp.length).toBeLessThanOrEqual(Number(longest));
    expect((await browser.send('/login/otp', { otp })).path).toBe('/top');
  });

  test.each(['', '1234567', '123456789', 'abcdefgh', '1234 567a', '<b>1</b>'])(
    'refuses %j without asking the service',
    async (otp) => {
      await activate(bank, await loggedIn(), EMAIL);
      const browser = bank.browser();
      await logIn(browser);
      const before = bank.calls.length;
      const { status, text } = await browser.send('/login/otp', { otp });
      expect(status).toBe(422);
      expect(text).toContain('トークンに表示されている数字を、すべて半角数字で入力してください');
      expect(bank.calls.length).toBe(before);
    },
  );

  test('six digits for a token of eight do not count as a wrong code, however often they are sent', async () => {
    const codes = await activate(bank, await loggedIn(), EMAIL);
    const browser = bank.browser();
    await logIn(browser);
    for (let attempt = 1; attempt <= 11; attempt++) {
      const refused = await browser.send('/login/otp', { otp: '123456' });
      expect(refused).toMatchObject({ status: 422, screenId: 'BLI023' });
      expect(refused.text).toContain('桁数が正しくありません');
    }
    bank.advance(60_000);
    expect((await browser.send('/login/otp', { otp: await codes.code() })).path).toBe('/top');
  });

  test('N5, D5: the 10th wrong code looks like the others; then the login itself is refused', async () => {
    const codes = await activate(bank, await loggedIn(), EMAIL);
    const browser = bank.browser();
    await logIn(browser);
    for (let attempt = 1; attempt <= 11; attempt++) {
      const refused = await browser.send('/login/otp', { otp: await codes.wrong() });
      expect(refused).toMatchObject({ status: 422, screenId: 'BLI023' });
      expect(refused.text).toContain(NOT_ACCEPTED);
    }
    bank.advance(60_000);
    expect((await browser.send('/login/otp', { otp: await codes.code() })).text).toContain(NOT_ACCEPTED);
    const stopped = await logIn(bank.browser());
    expect(stopped).toMatchObject({
      path: '/login/stopped',
      status: 403,
      heading: expect.stringContaining('停止'),
    });
    expect(stopped.text).toContain('0120-000-004');
    const wrongPassword = bank.browser();
    await wrongPassword.open('/');
    const refused = await wrongPassword.send('/login', { login_id: 'taro0001', password: 'wrong1234' });
    expect(refused.path).toBe('/login');
    const notices = (await bank.mails(EMAIL)).filter(({ subject }) => subject.includes('認証停止'));
    expect(notices).toHaveLength(1);
  });

  test('A23: a session that waits for the code can do nothing else', async () => {
    await activate(bank, await loggedIn(), EMAIL);
    const browser = bank.browser();
    await logIn(browser);
    for (const path of [
      '/top',
      '/otp',
      '/otp/issue',
      '/otp/release',
      '/accounts',
      '/transfer',
      '/services',
    ]) {
      expect((await browser.open(path)).path).toBe('/login/otp');
    }
    const { form_token = '' } = browser.hidden('/login/otp');
    const posted = await browser.post('/otp/release', { form_token, confirmation_password: 'x', otp: '1' });
    expect(posted.path).toBe('/login/otp');
    await browser.send('/login/cancel');
    expect((await browser.open('/login/otp')).screenId).toBe('BLI001');
  });

  test('a double click logs in once, with one code', async () => {
    const codes = await activate(bank, await loggedIn(), EMAIL);
    const browser = bank.browser();
    await logIn(browser);
    const again = browser.copy();
    const otp = await codes.code();
    const before = bank.calls.length;
    const seen = await Promise.all([
      browser.send('/login/otp', { otp }),
      again.copy().send('/login/otp', { otp }),
    ]);
    expect(seen.map(({ path }) => path)).toEqual(['/top', '/top']);
    expect((await again.send('/login/otp', { otp })).path).toBe('/top');
    expect(bank.calls.length).toBe(before + 1);
  });

  test('a code sent after another window has broken off: the login page says so', async () => {
    const codes = await activate(bank, await loggedIn(), EMAIL);
    const browser = bank.browser();
    await logIn(browser);
    const other = browser.copy();
    await browser.send('/login/cancel');
    expect(browser.seen.text).not.toContain(OVER);
    expect(await other.send('/login/otp', { otp: await codes.code() })).toMatchObject({ screenId: 'BLI001' });
    expect(other.seen.text).toContain(OVER);
  });

  test('a token released in another browser meanwhile: the login page says so, and the password is enough', async () => {
    const codes = await activate(bank, await loggedIn(), EMAIL);
    const browser = bank.browser();
    await logIn(browser);
    const again = browser.copy();
    const otp = await codes.code();
    await bank.service.db
      .updateTable('tokens')
      .set({ status: 'released', released_at: new Date(bank.service.clock.now()) })
      .execute();
    for (const window of [browser, again]) {
      const seen = await window.send('/login/otp', { otp });
      expect(seen).toMatchObject({ status: 200, screenId: 'BLI001' });
      expect(seen.text).toContain('登録状況が変わりました');
    }
    const login = { login_id: 'taro0001', password: 'login1234' };
    expect((await browser.send('/login', login)).path).toBe('/top');
  });

  test('answers 503 while the service is down; the same form succeeds when it is back', async () => {
    const codes = await activate(bank, await loggedIn(), EMAIL);
    const browser = bank.browser();
    await logIn(browser);
    bank.way.connection = 'lost';
    const otp = await codes.code();
    const refused = await browser.send('/login/otp', { otp });
    expect(refused).toMatchObject({ status: 503, screenId: 'BLI023' });
    bank.way.connection = 'up';
    expect((await browser.send('/login/otp', { otp })).path).toBe('/top');
    const keys = bank.calls.filter(({ path }) => path.endsWith('/verify')).map(({ key }) => key);
    expect(new Set(keys).size).toBe(1);
  });
});

describe('a session', () => {
  test('D5: ends after 5 minutes without use', async () => {
    const browser = await loggedIn();
    bank.service.clock.move(4 * 60_000);
    expect((await browser.open('/otp')).status).toBe(200);
    bank.service.clock.move(8 * 60_000);
    expect((await browser.open('/otp')).status).toBe(200);
    const { form_token = '' } = browser.hidden('/logout');
    bank.service.clock.move(13 * 60_000 + 1_000);
    const ended = await browser.copy().post('/otp/issue', { form_token, email: EMAIL });
    expect(ended).toMatchObject({ path: '/timeout', screenId: 'BER020' });
    expect((await browser.open('/top')).path).toBe('/timeout');
    bank.service.clock.move(0);
    expect((await browser.open('/top')).screenId).toBe('BLI001');
  });

  test('ends with ログアウト', async () => {
    const browser = await loggedIn();
    const before = browser.copy();
    expect((await browser.send('/logout')).text).toContain('ログアウトしました');
    expect((await before.open('/top')).screenId).toBe('BLI001');
  });

  test('keeps its cookie from scripts and other sites, and its id out of the database', async () => {
    const response = await bank.bank.request(`${BANK}/`);
    expect(response.headers.get('set-cookie')).toMatch(/^s=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const browser = await loggedIn();
    const rows = await bank.db.selectFrom('sessions').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(browser.cookie.slice(2));
  });
});

async function loggedIn() {
  const browser = bank.browser();
  await logIn(browser);
  return browser;
}
