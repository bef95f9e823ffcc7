import { expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { activate, type Codes, EMAIL, enrol, issue, type TestBank, useTestBank } from './test-bank.ts';

/** 利用開始 and 利用解除 whose answer is lost on its way from the token service. */

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

const subjects = async () => (await bank.mails(EMAIL)).map(({ subject }) => subject);

const FORMS = [
  {
    name: '利用開始',
    prepare: async () => enrol(bank, await issue(bank, browser, EMAIL)),
    send: async ({ code }: Codes) => browser.send('/otp/activate', { otp: await code() }),
    path: '/otp/activate',
    mail: 'ワンタイムパスワード利用開始のお知らせ',
  },
  {
    name: '利用解除',
    prepare: () => activate(bank, browser, EMAIL),
    send: async ({ code }: Codes) =>
      browser.send('/otp/release', { confirmation_password: 'kakunin1234', otp: await code() }),
    path: '/otp/release',
    mail: 'ワンタイムパスワード利用解除のお知らせ',
  },
];

test.each(FORMS)('$name is done, and told by mail, without the form being sent again', async (form) => {
  const codes = await form.prepare();
  await browser.open(form.path);
  bank.way.connection = 'lost';
  expect((await form.send(codes)).path).toBe(`${form.path}/complete`);
  expect((await subjects())[0]).toBe(form.mail);
});

test.each(FORMS)('$name whose outcome nobody can find out does not count as not done', async (form) => {
  const codes = await form.prepare();
  await browser.open(form.path);
  bank.loseServiceAfterNextPost();
  const unknown = await form.send(codes);
  expect(unknown.status).toBe(503);
  expect(unknown.text).toContain('お手続きの結果を確認できませんでした');
  expect(unknown.text).not.toContain('お手続きは行われていません');
  expect((await form.send(codes)).text).toContain('お手続きの結果を確認できませんでした');

  bank.replaceService(bank.service.app);
  bank.way.connection = 'up';
  expect((await form.send(codes)).path).toBe(`${form.path}/complete`);
  expect((await subjects()).filter((subject) => subject === form.mail)).toHaveLength(1);
});
