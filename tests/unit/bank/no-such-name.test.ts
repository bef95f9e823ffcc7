import { expect, test } from 'vitest';
import { KINDS } from '../../../bank/request/kinds.ts';
import { DEMO_STAFF } from '../../../bank/store/demo-staff.ts';
import type { Browser } from './browser.ts';
import { clerkAt } from './staff-desk.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import { begin, openDesk, TARO } from './test-shinkin.ts';

/** PostgreSQL takes no NUL in a text, so nothing that a page shows has one in its name. */

let bank: TestBank;
let customer: Browser;

useTestBank(async (stage) => {
  bank = stage.bank;
  customer = stage.browser;
});

const ids = Object.values(KINDS).flatMap(({ pathOf }) => [pathOf('%00'), `${pathOf('a%00b')}/status`]);

test.each([...ids, '/%00', '/top?a=%00'])('a customer finds nothing at %s', async (path) => {
  const seen = await customer.open(path);
  expect([seen.status, seen.screenId]).toEqual([404, 'BER001']);
});

test('nor does one whose contract is of the other family', async () => {
  const desk = await openDesk(bank);
  const browser = desk.browser();
  await begin(browser, 'register', TARO);
  expect((await browser.open('/otp-service/register/input')).status).toBe(200);
  expect((await browser.open('/otp-service/register/input?of=%00')).status).toBe(404);
});

test.each([
  '/customers/%00',
  '/customers/senpoku-taro0001/acts/%00',
  '/customers/senpoku-taro0001/acts/suspend?paper=%00',
  '/customers/senpoku-taro0001/acts/suspend?device=%00',
  '/customers/senpoku-taro0001/records/%00',
  '/proposals/%00',
  '/papers/%00',
])('a clerk finds nothing at %s', async (path) => {
  expect((await (await clerkAt(bank)).open(path)).status).toBe(404);
});

test.each([
  '/customers/a%0d%0ab/acts/suspend/confirm',
  '/customers/senpoku-taro0001/acts/a%0ab/edit',
  '/proposals/a%0d%0ab/decide',
])('nor at %s, which no address that leads on can hold', async (path) => {
  expect((await (await clerkAt(bank)).open(path)).status).toBe(404);
});

test('what a supervisor chooses of a list has none: there is nothing of that name', async () => {
  const supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
  const { form_token = '' } = supervisor.hidden('/search');
  const password = DEMO_STAFF.supervisor.password;
  for (const [path, typed, asked] of [
    ['/staff/reset', { clerk: 'a\0b', reason: '紛失' }, 'パスキーを解除できませんでした。'],
    [
      '/passkeys/remove',
      { key: 'a\0b', 'remove-password': password },
      '選択したパスキーは、すでにありません。',
    ],
  ] as const) {
    const seen = await supervisor.post(path, { form_token, ...typed });
    expect([seen.status, seen.text.includes(asked)]).toEqual([409, true]);
  }
});

test('%2500 is a name like any other', async () => {
  expect((await customer.open('/top?a=%2500')).status).toBe(200);
});
