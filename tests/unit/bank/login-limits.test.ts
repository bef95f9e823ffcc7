import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLoginLimits } from '../../../bank/customer/login-limits.ts';
import type { Browser } from './browser.ts';
import { createTestBank, logIn, type TestBank } from './test-bank.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await createTestBank({
    loginRates: { source: { atOnce: 12, everyMs: 60_000 }, loginId: { atOnce: 3, everyMs: 60_000 } },
  });
}, 90_000);
beforeEach(() => bank.reset());
afterAll(() => bank.close());

const wrong = (browser: Browser, login_id: string) =>
  browser.send('/login', { login_id, password: 'wrong1234' });

test('too many tries for one login ID: a page that says to wait, and that nothing was stopped', async () => {
  const browser = bank.browser();
  await browser.open('/');
  for (let time = 0; time < 3; time += 1) expect((await wrong(browser, 'hanako01')).status).toBe(422);
  const refused = await wrong(browser, 'hanako01');
  expect(refused).toMatchObject({ status: 429, heading: 'しばらくお待ちください' });
  expect(refused.text).toContain('ログインが停止されたわけではありません');
  // Another customer of the same source is not held up, nor was the refused try counted against the password.
  expect((await logIn(bank.browser(), 'taro0001')).path).toBe('/top');
  const { failures } = await bank.db.selectFrom('attempts').select('failures').executeTakeFirstOrThrow();
  expect(failures).toBe(3);
});

test('limits are of a source: a stranger elsewhere shuts nobody out, and right passwords do not count', () => {
  const limits = createLoginLimits({
    source: { atOnce: 3, everyMs: 60_000 },
    loginId: { atOnce: 2, everyMs: 60_000 },
  });
  const NOW = 1_800_000_000_000;
  const tries = (source: string, loginId: string, times: number) =>
    Array.from({ length: times }, () => limits.take(source, loginId, NOW) === undefined);
  expect(tries('stranger', 'taro0001', 4)).toEqual([true, true, false, false]);
  expect(limits.take('stranger', 'hanako01', NOW)).toBe(60);
  expect(tries('customer', 'taro0001', 2)).toEqual([true, true]);
  limits.giveBack('customer', 'taro0001');
  expect(tries('customer', 'taro0001', 1)).toEqual([true]);
  expect(limits.take('stranger', 'hanako01', NOW + 60_000)).toBeUndefined();
});
