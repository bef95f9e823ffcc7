import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { act, clerkAt } from './staff-desk.ts';
import { activate, type Codes, createTestBank, EMAIL, logIn, type TestBank } from './test-bank.ts';

/** What customers see whose sessions an act of staff on their token has ended. */

const WHY = 'ワンタイムパスワードの登録状況が変わりました。もう一度ログインしてください。';

let bank: TestBank;
let customer: Browser;
let clerk: Browser;
let codes: Codes;

beforeAll(async () => {
  bank = await createTestBank();
}, 60_000);

beforeEach(async () => {
  await bank.reset();
  customer = bank.browser();
  await logIn(customer);
  codes = await activate(bank, customer, EMAIL);
  clerk = await clerkAt(bank);
});

afterAll(() => bank.close());

test('a thief may be logged in: the login page says why, once, and other customers go on', async () => {
  const other = bank.browser();
  await logIn(other, 'hanako01');
  expect((await customer.open('/accounts')).screenId).toBe('BAC001');
  await act(clerk, 'suspend');
  expect(await customer.open('/accounts')).toMatchObject({ screenId: 'BLI001', status: 200 });
  expect(customer.seen.text).toContain(WHY);
  expect((await customer.open('/accounts')).screenId).toBe('BLI001');
  expect(customer.seen.text).not.toContain(WHY);
  expect((await other.open('/top')).screenId).toBe('BPT001');
});

test('a right code after it leads to the login page, which says why', async () => {
  const login = bank.browser();
  await logIn(login);
  await act(clerk, 'suspend');
  await act(clerk, 'resume');
  bank.advance(60_000);
  expect(await login.send('/login/otp', { otp: await codes.code() })).toMatchObject({ screenId: 'BLI001' });
  expect(login.seen.text).toContain(WHY);
  await logIn(login);
  expect((await login.send('/login/otp', { otp: await codes.code() })).path).toBe('/top');
});
