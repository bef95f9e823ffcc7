import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBank } from '../../../bank/app.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { BANK, STAFF } from './browser.ts';
import { clerkAt, consoleBrowser, signIn } from './staff-desk.ts';
import { createTestBank, logIn, type TestBank } from './test-bank.ts';

const MINUTE = 60_000;
const { idleMinutes, passwordStopMinutes, sessionHours, wrongPasswordsToStop } = DEFAULT_POLICY;

let bank: TestBank;

beforeAll(async () => {
  bank = await createTestBank();
}, 60_000);

beforeEach(() => bank.reset());

afterEach(() => vi.useRealTimers());

afterAll(() => bank.close());

describe('サインイン', () => {
  test('asks for the institution, and opens what waits there', async () => {
    const browser = consoleBrowser(bank);
    const form = await browser.open('/');
    expect(form).toMatchObject({ path: '/sign-in', status: 200, heading: 'サインイン' });
    for (const { name } of bank.directory.institutions) expect(form.text).toContain(name);
    const home = await signIn(browser, 'akita');
    expect(home).toMatchObject({ path: '/', status: 200, heading: '対応待ち' });
    expect(home.text).toContain('秋田県信用組合');
    expect(home.html).toContain('look-akita');
  });

  test('accepts a full-width 職員ID', async () => {
    const browser = consoleBrowser(bank);
    expect((await signIn(browser, 'senpoku', 'staff-demo-1234', 'ｓｔａｆｆ０１')).path).toBe('/');
  });

  test('A15: another institution, ID or password gets the same answer', async () => {
    const browser = consoleBrowser(bank);
    const bodies = new Set<string>();
    for (const [password, staffId] of [
      ['wrong', 'staff01'],
      ['staff-demo-1234', 'staff09'],
      ['staff-demo-1234', "'; --"],
      ['staff-demo-1234', 'a\u0000b'],
    ] as const) {
      const refused = await signIn(browser, 'senpoku', password, staffId);
      expect(refused.status).toBe(422);
      bodies.add(refused.html);
    }
    expect(bodies.size).toBe(1);
    const nowhere = await browser.send('/sign-in', {
      institution: 'nowhere',
      staff_id: 'staff01',
      password: 'staff-demo-1234',
    });
    expect(nowhere.status).toBe(422);
    expect(nowhere.text).toContain('いずれかが正しくありません');
  });

  test('empty fields are named', async () => {
    const browser = consoleBrowser(bank);
    await browser.open('/sign-in');
    const { html, status } = await browser.send('/sign-in', { staff_id: '', password: '', institution: '' });
    expect(status).toBe(422);
    expect(html).toContain('<a href="#institution">金融機関を選択してください。</a>');
    expect(html).toContain('<a href="#staff_id">職員IDを入力してください。</a>');
    expect(html).toContain('<a href="#password">パスワードを入力してください。</a>');
  });

  test('wrong passwords stop it for a while, at that institution only', async () => {
    const browser = consoleBrowser(bank);
    for (let count = 0; count < wrongPasswordsToStop; count++) await signIn(browser, 'senpoku', 'wrong');
    expect((await signIn(browser)).status).toBe(422);
    expect((await signIn(consoleBrowser(bank), 'akita')).path).toBe('/');
    bank.advance((passwordStopMinutes - 1) * MINUTE);
    expect((await signIn(browser)).status).toBe(422);
    bank.advance(2 * MINUTE);
    expect((await signIn(browser)).path).toBe('/');
  });

  test('a password in full width is named, and counts as no try', async () => {
    const browser = consoleBrowser(bank);
    for (let count = 0; count < wrongPasswordsToStop; count++) {
      const { html } = await signIn(browser, 'senpoku', 'ｓｔａｆｆ１２３４');
      expect(html).toContain('<a href="#password">パスワードは半角英数字で入力してください。</a>');
    }
    expect((await signIn(browser)).path).toBe('/');
  });

  test('wrong passwords of a customer with the same ID count only for the customer', async () => {
    const browser = bank.browser();
    await browser.open('/');
    for (let count = 0; count < wrongPasswordsToStop; count++) {
      await browser.send('/login', { login_id: 'staff01', password: 'wrong' });
    }
    expect((await signIn(consoleBrowser(bank))).path).toBe('/');
  });

  test('too many tries from one source are told to wait', async () => {
    const rate = { atOnce: 2, everyMs: 60_000 };
    const app = createBank({ ...bank.dependencies, loginRates: () => ({ source: rate, loginId: rate }) });
    const browser = consoleBrowser(bank).copy(app);
    for (let count = 0; count < 2; count++) await signIn(browser, 'senpoku', 'wrong');
    await browser.open('/sign-in');
    const refused = await browser.send('/sign-in', {
      institution: 'senpoku',
      staff_id: 'staff01',
      password: 'staff-demo-1234',
    });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a session', () => {
  test('is needed for every page and every form', async () => {
    for (const path of ['/', '/customers/senpoku-taro0001', '/customers/senpoku-taro0001/acts/suspend']) {
      expect((await consoleBrowser(bank).open(path)).path).toBe('/sign-in');
    }
    const stranger = consoleBrowser(bank);
    await stranger.open('/sign-in');
    const { form_token = '' } = stranger.hidden('/sign-in');
    for (const path of ['/search', '/customers/senpoku-taro0001/acts/suspend']) {
      const sent = await stranger.post(path, { form_token, q: 'taro0001', reason: 'x' });
      expect(sent.path).toBe('/sign-in');
    }
    expect(bank.calls).toEqual([]);
  });

  test('gets another id at the sign-in; sign-out deletes it', async () => {
    const browser = consoleBrowser(bank);
    await browser.open('/sign-in');
    const before = browser.copy();
    await signIn(browser);
    expect(browser.cookie).not.toBe(before.cookie);
    expect((await before.open('/')).path).toBe('/sign-in');
    const kept = browser.copy();
    expect((await browser.send('/sign-out')).heading).toBe('サインアウト');
    expect((await kept.open('/')).path).toBe('/sign-in');
  });

  test('ends after a long idle time, and after a working day', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const browser = await clerkAt(bank);
    bank.advance(idleMinutes * MINUTE);
    expect((await browser.open('/')).path).toBe('/');
    bank.advance(idleMinutes * MINUTE + 1);
    const ended = await browser.open('/');
    expect(ended).toMatchObject({ path: '/timeout', heading: 'タイムアウト' });
    expect(ended.text).toContain('一定の時間操作がなかったか、サインインから長い時間が経過したため');
    expect(ended.text).toContain('ご自分のパスキーの登録と削除の入力内容は、保管していません。');
    await signIn(browser);
    for (let minutes = 0; minutes < sessionHours * 60; minutes += idleMinutes) {
      bank.advance(idleMinutes * MINUTE);
      expect((await browser.open('/')).path).toBe('/');
    }
    bank.advance(1);
    expect((await browser.open('/')).path).toBe('/timeout');
  });

  test('of a clerk is not valid at the bank, nor is a customer’s at the console', async () => {
    const clerk = await clerkAt(bank);
    const customer = bank.browser();
    await logIn(customer);
    const value = (cookie: string) => cookie.split('=')[1] ?? '';
    const get = (url: string, cookie: string) => bank.bank.request(url, { headers: { cookie } });
    expect((await get(`${BANK}/top`, `s=${value(customer.cookie)}`)).status).toBe(200);
    expect((await get(`${BANK}/top`, `s=${value(clerk.cookie)}`)).headers.get('location')).toBe('/');
    expect((await get(`${STAFF}/`, `staff=${value(clerk.cookie)}`)).status).toBe(200);
    const asStaff = await get(`${STAFF}/`, `staff=${value(customer.cookie)}`);
    expect(asStaff.headers.get('location')).toBe('/sign-in');
  });

  test('of somebody who has left is not valid', async () => {
    const [akagi] = await bank.db.selectFrom('staff').selectAll().where('id', '=', 'akagi-staff01').execute();
    if (akagi === undefined) throw new Error('no clerk');
    const browser = await clerkAt(bank, 'akagi');
    expect(browser.seen.path).toBe('/');
    await bank.db.deleteFrom('staff').where('id', '=', akagi.id).execute();
    expect((await browser.open('/')).path).toBe('/sign-in');
    await bank.db.insertInto('staff').values(akagi).execute();
  });
});

describe('the console', () => {
  test.each([
    ['/sign-in', 200],
    ['/signed-out', 200],
    ['/', 303],
  ])('A17: %s carries the protecting headers', async (path, status) => {
    const response = await bank.bank.request(`${STAFF}${path}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('refuses forms of other origins, without the form token, and of other shapes', async () => {
    const clerk = await clerkAt(bank);
    const fields = { ...clerk.hidden('/search'), q: 'taro0001' };
    for (const origin of ['http://evil.example', BANK, 'null']) {
      expect((await clerk.copy().post('/search', fields, { origin })).status).toBe(403);
    }
    expect((await clerk.copy().post('/search', { q: 'taro0001' })).status).toBe(403);
    const json = await clerk.copy().post('/search', fields, { 'content-type': 'application/json' });
    expect(json.status).toBe(415);
    expect((await clerk.copy().post('/search', fields)).path).toBe('/customers/senpoku-taro0001');
  });

  test('carries no script or style in its pages, and markup stays text', async () => {
    const markup = '"><img src=x onerror=alert(1)>';
    const clerk = await clerkAt(bank);
    await clerk.send('/search', { q: markup });
    expect(clerk.seen.html).not.toContain('<img');
    for (const path of ['/', '/customers/senpoku-taro0001', `/${encodeURIComponent(markup)}`]) {
      const { html } = await clerk.open(path);
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|<img/);
    }
  });

  test('cannot be at an institution’s host', () => {
    const staff = { ...bank.dependencies.staff, origin: BANK };
    expect(() => createBank({ ...bank.dependencies, staff })).toThrow(
      'WARIFU_STAFF_ORIGIN must not be the host of the pages of senpoku',
    );
  });
});
