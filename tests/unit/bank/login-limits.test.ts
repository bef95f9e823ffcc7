import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLoginLimits, loginRatesOf } from '../../../bank/customer/login-limits.ts';
import { DEFAULT_POLICY, policiesOf } from '../../../core/institution/policy.ts';
import type { Browser } from './browser.ts';
import { createTestBank, logIn, type TestBank } from './test-bank.ts';

const NOW = 1_800_000_000_000;

let bank: TestBank;
beforeAll(async () => {
  bank = await createTestBank({
    loginRates: () => ({ source: { atOnce: 12, everyMs: 60_000 }, loginId: { atOnce: 3, everyMs: 60_000 } }),
  });
}, 90_000);
beforeEach(() => bank.reset());
afterAll(() => bank.close());

const wrong = (browser: Browser, login_id: string) =>
  browser.send('/login', { login_id, password: 'wrong1234' });

test('too many tries for one login ID lead to a page that says to wait, and that nothing was stopped', async () => {
  const browser = bank.browser();
  await browser.open('/');
  for (let time = 0; time < 3; time += 1) expect((await wrong(browser, 'hanako01')).status).toBe(422);
  const refused = await wrong(browser, 'hanako01');
  expect(refused).toMatchObject({ status: 429, heading: 'しばらくお待ちください' });
  expect(refused.text).toContain('ログインが停止されたわけではありません');
  // Another customer from the same source can log in, and the refused try did not count against the password.
  expect((await logIn(bank.browser(), 'taro0001')).path).toBe('/top');
  const { failures } = await bank.db.selectFrom('attempts').select('failures').executeTakeFirstOrThrow();
  expect(failures).toBe(3);
});

test('limits are per source: a stranger elsewhere shuts nobody out, and right passwords do not count', () => {
  const limits = createLoginLimits(policiesOf([]), () => ({
    source: { atOnce: 3, everyMs: 60_000 },
    loginId: { atOnce: 2, everyMs: 60_000 },
  }));
  const by = (source: string, loginId: string) => ({ institution: 'senpoku', source, loginId });
  const tries = (source: string, loginId: string, times: number) =>
    Array.from({ length: times }, () => limits.take(by(source, loginId), NOW) === undefined);
  expect(tries('stranger', 'taro0001', 4)).toEqual([true, true, false, false]);
  expect(limits.take(by('stranger', 'hanako01'), NOW)).toBe(60);
  expect(tries('customer', 'taro0001', 2)).toEqual([true, true]);
  limits.giveBack(by('customer', 'taro0001'));
  expect(tries('customer', 'taro0001', 1)).toEqual([true]);
  expect(limits.take(by('stranger', 'hanako01'), NOW + 60_000)).toBeUndefined();
});

test('what is typed beyond the length of a login ID takes no memory', () => {
  const limits = createLoginLimits(policiesOf([]), () => ({
    source: { atOnce: 10, everyMs: 60_000 },
    loginId: { atOnce: 1, everyMs: 60_000 },
  }));
  const long = 'ﷺ'.repeat(21_000).normalize('NFKC');
  const by = (loginId: string) => ({ institution: 'senpoku', source: '192.0.2.1', loginId });
  expect(limits.take(by(`${long}1`), NOW)).toBeUndefined();
  expect(limits.take(by(`${long}2`), NOW)).toBe(60);
});

test('limits come from the institution’s policy, and each institution counts separately', () => {
  const policy = {
    ...DEFAULT_POLICY,
    loginsAtOnce: 12,
    loginSeconds: 30,
    loginIdTriesAtOnce: 5,
    loginIdTrySeconds: 90,
  };
  const limits = createLoginLimits(policiesOf([{ key: 'senpoku', policy }, { key: 'akita' }]), loginRatesOf);
  const inTurn = (institution: string, loginIds: readonly string[]) =>
    loginIds.map((loginId) => limits.take({ institution, source: '192.0.2.1', loginId }, NOW));
  const loginIds = (count: number, id = '') => Array.from({ length: count }, (_, one) => id || `id${one}`);
  expect(inTurn('senpoku', loginIds(6, 'taro0001'))).toEqual([...Array(5).fill(undefined), 90]);
  expect(inTurn('senpoku', loginIds(7))).toEqual([...Array(6).fill(undefined), 30]);
  const { loginsAtOnce, loginSeconds } = DEFAULT_POLICY;
  expect(inTurn('akita', loginIds(loginsAtOnce + 1))).toEqual([
    ...Array(loginsAtOnce).fill(undefined),
    loginSeconds,
  ]);
});
