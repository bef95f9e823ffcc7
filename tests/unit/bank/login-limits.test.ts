import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLoginLimits } from '../../../bank/login-limits.ts';
import type { Browser } from './browser.ts';
import { createTestBank, logIn, type TestBank } from './test-bank.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await createTestBank({ loginRates: { source: 12, loginId: 3 } });
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
  expect(refused.text).toContain('ログインIDやパスワードが停止されたわけではありません');
  // Another customer of the same source is not held up, nor was the refused try counted against the password.
  expect((await logIn(bank.browser(), 'taro0001')).path).toBe('/top');
  const { failures } = await bank.db.selectFrom('attempts').select('failures').executeTakeFirstOrThrow();
  expect(failures).toBe(3);
});

test('limits are of a source: a stranger elsewhere shuts nobody out, and right passwords do not count', async () => {
  const limits = createLoginLimits({ source: 3, loginId: 2 });
  const tries = async (source: string, loginId: string, times: number) => {
    const answers = [];
    for (let time = 0; time < times; time += 1) answers.push(await limits.take(source, loginId));
    return answers.map((seconds) => seconds === undefined);
  };
  expect(await tries('stranger', 'taro0001', 4)).toEqual([true, true, false, false]);
  expect(await limits.take('stranger', 'hanako01')).toBeGreaterThan(50);
  expect(await tries('customer', 'taro0001', 2)).toEqual([true, true]);
  await limits.giveBack('customer', 'taro0001');
  expect(await tries('customer', 'taro0001', 1)).toEqual([true]);
});
