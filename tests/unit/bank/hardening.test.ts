import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BANK } from './browser.ts';
import { activate, createTestBank, fillIn, logIn, type TestBank } from './test-bank.ts';

const FORM = 'application/x-www-form-urlencoded';

let bank: TestBank;

beforeAll(async () => {
  bank = await createTestBank();
}, 60_000);

afterAll(() => bank.close());

describe('every answer', () => {
  test.each([
    ['/', 200],
    ['/nothing', 404],
    ['/login/stopped', 403],
    ['/assets/bank.css', 200],
  ])('A17: %s carries the protecting headers', async (path, status) => {
    const response = await bank.bank.request(`${BANK}${path}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
    if (!path.startsWith('/assets')) expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('no page carries script or style of its own', async () => {
    const browser = bank.browser();
    for (const path of ['/', '/top', '/otp', '/otp/issue']) {
      const { html } = await browser.open(path);
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
    }
  });

  test('an unknown host gets a page that says so', async () => {
    const response = await bank.bank.request('http://evil.example:4601/');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('サイトが見つかりません');
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});

describe('forms', () => {
  const post = (headers: Record<string, string>, body: string) =>
    bank.bank.request(`${BANK}/login`, { method: 'POST', headers, body });

  test('from another origin, or from nowhere, are refused', async () => {
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'http://akagi.localhost:4601', 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
      {},
    ]) {
      const response = await post({ ...headers, 'content-type': FORM }, 'login_id=taro0001');
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('操作を受け付けられませんでした');
    }
  });

  test('without the form token of this very session are refused', async () => {
    const browser = bank.browser();
    await browser.open('/');
    const stranger = bank.browser();
    await stranger.open('/');
    const fields = { login_id: 'taro0001', password: 'login1234' };
    expect((await browser.post('/login', fields)).status).toBe(403);
    const { form_token = '' } = stranger.hidden('/login');
    expect((await browser.post('/login', { ...fields, form_token })).status).toBe(403);
  });

  test('with a submission of another form or session are refused', async () => {
    const browser = bank.browser();
    await logIn(browser);
    const { form_token = '' } = browser.hidden('/logout');
    for (const submission of ['', 'a.b', 'AAAAAAAAAAAAAAAAAAAAAA.AAAA']) {
      const refused = await browser.post('/otp/activate', { form_token, submission, otp: '12345678' });
      expect(refused.status).toBe(403);
    }
  });

  test('of another type or method, too large, or with a repeated field are refused with a page', async () => {
    const origin = BANK;
    const json = await post({ origin, 'content-type': 'application/json' }, '{}');
    expect([json.status, (await json.text()).includes('画面ID : BER001')]).toEqual([415, true]);
    const none = await bank.bank.request(`${BANK}/login`, { method: 'POST', headers: { origin } });
    expect(none.status).toBe(415);
    const large = await post({ origin, 'content-type': FORM }, `login_id=${'a'.repeat(70_000)}`);
    expect([large.status, (await large.text()).includes('大きすぎます')]).toEqual([413, true]);
    const twice = await post({ origin, 'content-type': FORM }, 'login_id=a&login_id=b');
    expect(twice.status).toBe(400);
    const put = await bank.bank.request(`${BANK}/login`, { method: 'PUT', headers: { origin } });
    expect(put.status).toBe(405);
  });

  test('unknown fields change nothing', async () => {
    const browser = bank.browser();
    await browser.open('/');
    const seen = await browser.send('/login', {
      login_id: 'hanako01',
      password: 'login1234',
      __proto__x: '1',
      stage: 'open',
    });
    expect(seen.path).toBe('/top');
  });

  test('A16: markup in every field stays text', async () => {
    const markup = '"><img src=x onerror=alert(1)>';
    const browser = bank.browser();
    await browser.open('/');
    await browser.send('/login', { login_id: markup, password: markup });
    expect(browser.seen.html).not.toContain('<img');
    await logIn(browser);
    await browser.open('/otp/issue');
    await browser.send('/otp/issue', {
      email: markup,
      email_again: markup,
      activation_password: markup,
      activation_password_again: markup,
    });
    expect(browser.seen.html).not.toContain('<img');
    expect(browser.seen.html).toContain('&quot;&gt;&lt;img');
    await fillIn(browser, 'markup@example.jp');
    await browser.send('/otp/issue/confirm', { mail_password: markup, confirmation_password: markup });
    expect(browser.seen.status).toBe(422);
    expect(browser.seen.html).not.toContain('<img');
    await browser.open(`/${encodeURIComponent(markup)}`);
    expect(browser.seen.status).toBe(404);
    expect(browser.seen.html).not.toContain('<img');
  });
});

describe('文字サイズ', () => {
  test('is kept in a cookie and leads back to the screen', async () => {
    const browser = bank.browser();
    await browser.open('/first-use');
    const back = await browser.send('/text-size', { size: 'largest' });
    expect(back.path).toBe('/first-use');
    expect(back.html).toContain('class="text-largest');
  });

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/../x'])(
    'does not lead to %s',
    async (to) => {
      const browser = bank.browser();
      await browser.open('/');
      expect((await browser.send('/text-size', { size: 'large', return: to })).path).toBe('/');
    },
  );
});

describe('secrets', () => {
  test('A22, A24: neither the database nor the log holds a password, a code or a mail text', async () => {
    const browser = bank.browser();
    const email = 'secret@example.jp';
    await logIn(browser, 'hanako01');
    const codes = await activate(bank, browser, email);
    const code = await codes.code();
    await browser.send('/logout');
    await logIn(browser, 'hanako01');
    await browser.send('/login/otp', { otp: code });
    await fillIn(browser, email);
    const tables = ['customers', 'sessions', 'outbox', 'submissions', 'attempts', 'logins'] as const;
    const dump = await Promise.all(
      tables.map(async (table) => JSON.stringify(await bank.db.selectFrom(table).selectAll().execute())),
    );
    const mails = (await bank.mails(email)).map(
      ({ text }) => /メール通知パスワード：(\d{8})/.exec(text)?.[1],
    );
    const log = bank.log.join('\n');
    for (const secret of [
      'login1234',
      'kakunin1234',
      code,
      ...mails.filter((found) => found !== undefined),
    ]) {
      expect(dump.join('\n')).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
    expect(log).toContain('logged in');
    expect(log).not.toContain(email);
  });
});
