import { beforeEach, describe, expect, test } from 'vitest';
import { tellOfLeftApplications } from '../../../bank/token/left-applications.ts';
import { createTestToken } from '../../service/test-token.ts';
import type { Browser } from './browser.ts';
import { act, clerkAt } from './staff-desk.ts';
import {
  ACTIVATION_PASSWORD,
  activate,
  type Codes,
  EMAIL,
  enrol,
  issue,
  logIn,
  type TestBank,
  useTestBank,
} from './test-bank.ts';
import { PASSWORD, press, withToken } from './test-transfer.ts';

/** What is done with a token's code, and its answer is lost on its way from the token service. */

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

const DAY = 24 * 60 * 60_000;

const subjects = async () => (await bank.mails(EMAIL)).map(({ subject }) => subject);

type Code = Pick<Codes, 'code'>;

/** Ten days before the token's end, logged in anew. @returns the codes of the next step */
async function nearTheEnd(): Promise<Code> {
  const { code, customer } = await activate(bank, browser, EMAIL);
  const { expiresAt } = (await (await bank.service.bank('GET', `/v1/tokens/${customer.userId}`)).json()) as {
    expiresAt: string;
  };
  bank.service.clock.move(Date.parse(expiresAt) - 10 * DAY - Date.now());
  browser = bank.browser();
  await logIn(browser);
  await browser.send('/login/otp', { otp: await code() });
  return { code: () => code(1) };
}

/** The first step of 新しい端末でのトークン利用. */
const begin = (password = ACTIVATION_PASSWORD) =>
  browser.send('/otp/replace', {
    activation_password: password,
    activation_password_again: password,
    ...PASSWORD,
  });

/** As far as the first code of the token on the new device. */
async function newDeviceConfirmed(): Promise<Code> {
  const token = await withToken(bank, browser);
  await browser.open('/otp/replace');
  await begin();
  const fresh = await enrol(bank, /ユーザID\D*(\d{12})/.exec(browser.seen.text)?.[1] ?? '');
  await browser.open('/otp/replace');
  await browser.send('/otp/replace/ask');
  await token.decide('confirmed');
  await browser.open(browser.seen.path);
  await press(browser, 'execute', PASSWORD);
  return fresh;
}

const NEW_DEVICE = '新しい端末でのトークン利用開始のお知らせ';

const FORMS = [
  {
    name: '利用開始',
    prepare: async () => enrol(bank, await issue(bank, browser, EMAIL)),
    send: async ({ code }: Code) => browser.send('/otp/activate', { otp: await code() }),
    path: '/otp/activate',
    mail: 'ワンタイムパスワード利用開始のお知らせ',
  },
  {
    name: '利用解除',
    prepare: () => activate(bank, browser, EMAIL),
    send: async ({ code }: Code) =>
      browser.send('/otp/release', { confirmation_password: 'kakunin1234', otp: await code() }),
    path: '/otp/release',
    mail: 'ワンタイムパスワード利用解除のお知らせ',
  },
  {
    name: '有効期限の更新',
    prepare: nearTheEnd,
    send: async ({ code }: Code) => browser.send('/otp/renew', { otp: await code() }),
    path: '/otp/renew',
    mail: 'トークンの有効期限更新のお知らせ',
  },
  {
    name: '新しい端末でのトークン利用',
    prepare: newDeviceConfirmed,
    send: async ({ code }: Code) => browser.send('/otp/replace/start', { otp: await code() }),
    path: '/otp/replace',
    mail: NEW_DEVICE,
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

/** Those of which the bank learns nothing more until it asks by itself; of 新しい端末でのトークン利用 it learns at the next page. */
const ASKED_FOR = FORMS.filter(({ mail }) => mail !== NEW_DEVICE);

test.each(ASKED_FOR)('$name is told by mail, once, though nobody comes back to the form', async (form) => {
  const codes = await form.prepare();
  await browser.open(form.path);
  bank.loseServiceAfterNextPost();
  expect((await form.send(codes)).status).toBe(503);
  bank.advance(60_000);
  await tellOfLeftApplications(bank.chores);
  expect(await subjects()).not.toContain(form.mail);

  bank.replaceService(bank.service.app);
  bank.way.connection = 'up';
  for (let round = 0; round < 3; round++) {
    bank.advance(60_000);
    await tellOfLeftApplications(bank.chores);
  }
  expect((await subjects()).filter((subject) => subject === form.mail)).toHaveLength(1);
});

test.each(ASKED_FOR)('$name that was refused is not told, and not asked for again', async (form) => {
  await form.prepare();
  await browser.open(form.path);
  expect((await form.send({ code: async () => '00000000' })).status).toBe(422);
  bank.advance(60_000);
  await tellOfLeftApplications(bank.chores);
  expect(await bank.db.selectFrom('left_applications').selectAll().execute()).toEqual([]);
  expect(await subjects()).not.toContain(form.mail);
});

test('利用解除 that was refused is not told where staff do it meanwhile: their act tells of it', async () => {
  await activate(bank, browser, EMAIL);
  await browser.open('/otp/release');
  await browser.send('/otp/release', { confirmation_password: 'kakunin1234', otp: '00000000' });
  await act(await clerkAt(bank), 'release');
  const told = await subjects();
  bank.advance(60_000);
  await tellOfLeftApplications(bank.chores);
  expect(await subjects()).toEqual(told);
});

const GUIDE = '新しい端末でのトークン利用のご案内';

describe('新しい端末でのトークン利用, whose first answers were lost', () => {
  const guides = async () => (await bank.mails(EMAIL)).filter(({ subject }) => subject === GUIDE);

  beforeEach(async () => {
    await activate(bank, browser, EMAIL);
    await browser.open('/otp/replace');
    bank.loseServiceAfterNextPost();
    await begin();
    bank.replaceService(bank.service.app);
    bank.way.connection = 'up';
  });

  test('does not count as not begun, and another 利用開始パスワード begins it anew', async () => {
    expect(browser.seen.status).toBe(503);
    expect(browser.seen.text).toContain('お手続きの結果を確認できませんでした');
    await begin('13572468');
    expect(browser.seen.screenId).toBe('BOR002');
    const userId = /ユーザID\D*(\d{12})/.exec(browser.seen.text)?.[1] ?? '';
    const values = { userId, activationPassword: '13572468' };
    expect((await bank.service.enrolRequest(await createTestToken(), values)).status).toBe(201);
  });

  test('is told by mail, once, though nobody sends its form again', async () => {
    for (let round = 0; round < 3; round++) {
      bank.advance(60_000);
      await tellOfLeftApplications(bank.chores);
    }
    await browser.open('/otp/replace');
    const userId = /ユーザID\D*(\d{12})/.exec(browser.seen.text)?.[1] ?? '';
    expect((await guides()).map(({ text }) => text.includes(userId))).toEqual([true]);
  });
});

test('新しい端末でのトークン利用 that never arrives is not told as the one before it', async () => {
  await activate(bank, browser, EMAIL);
  await browser.open('/otp/replace');
  const old = browser.copy();
  await old.open('/otp/replace');
  await begin();
  await bank.db.deleteFrom('outbox').execute();
  bank.replaceService({
    request: async (url, init) => {
      if (init.method === 'POST') throw new TypeError('fetch failed');
      return bank.service.app.request(url, init);
    },
  });
  await old.send('/otp/replace', {
    activation_password: '13572468',
    activation_password_again: '13572468',
    ...PASSWORD,
  });
  expect(old.seen.status).toBe(503);
  bank.replaceService(bank.service.app);
  bank.advance(60_000);
  await tellOfLeftApplications(bank.chores);
  expect(await subjects()).not.toContain(GUIDE);
});
