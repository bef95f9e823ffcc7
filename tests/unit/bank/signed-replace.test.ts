import { expect, test } from 'vitest';
import type { Device } from '../../../core/api/bank.ts';
import { challenges } from '../../service/test-challenge.ts';
import { type Customer, customerOf, defaultInstitutions } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';
import type { Browser } from './browser.ts';
import { ACTIVATION_PASSWORD, EMAIL, enrol, issue, type TestBank, useTestBank } from './test-bank.ts';
import { PASSWORD, press, tokenOf } from './test-transfer.ts';

/** 新しい端末でのトークン利用 at an institution whose logins are signed only, with the real token service behind it. */
const institutions = defaultInstitutions('approve').map((one) =>
  one.key === 'senpoku' ? { ...one, login: ['signed' as const] } : one,
);

let bank: TestBank;
let browser: Browser;
let token: ReturnType<typeof tokenOf>;

useTestBank(
  async (stage) => {
    ({ bank, browser } = stage);
    token = tokenOf(bank, await enrol(bank, await issue(bank, browser, EMAIL)));
    await browser.open('/otp/activate');
    const { challenge: id = '' } = browser.hidden('/otp/activate');
    await challenges(bank.service).sign(token.codes.customer, { id, use: 'activate' });
    await browser.send('/otp/activate');
  },
  { institutions },
);

const EXTENSION: Device = { form: 'extension', name: 'Chrome (Windows)' };
const OTHERS: Device[] = [
  { form: 'companion', name: 'Chrome (Android)' },
  { form: 'other', name: 'Chrome (Android)' },
];

async function setUp(device: Device): Promise<Customer> {
  await browser.open('/otp/replace');
  await browser.send('/otp/replace', {
    activation_password: ACTIVATION_PASSWORD,
    activation_password_again: ACTIVATION_PASSWORD,
    ...PASSWORD,
  });
  const userId = /ユーザID\D*(\d{12})/.exec(browser.seen.text)?.[1] ?? '';
  const fresh = await createTestToken();
  const values = { userId, activationPassword: ACTIVATION_PASSWORD, device };
  const { enrolment } = (await (await bank.service.enrolRequest(fresh, values)).json()) as {
    enrolment: string;
  };
  await browser.open('/otp/replace');
  return customerOf(fresh, userId, enrolment, bank.service.clock.now);
}

async function confirmOnOld(): Promise<void> {
  await browser.send('/otp/replace/ask');
  await token.decide('confirmed');
  await browser.open(browser.seen.path);
  await press(browser, 'execute', PASSWORD);
  await browser.open('/otp/replace');
}

test('the first page says that it takes an extension', async () => {
  expect((await browser.open('/otp/replace')).text).toContain(
    '新しい端末では、ブラウザーの拡張機能のトークンをご利用ください',
  );
});

test('an extension takes over, and the last page says that it confirms the next login', async () => {
  const fresh = await setUp(EXTENSION);
  await confirmOnOld();
  const done = await browser.send('/otp/replace/start', { otp: await fresh.code() });
  expect(done.screenId).toBe('BOR005');
  expect(done.text).toContain('次回のログインからは、新しい端末のトークンアプリでご確認ください。');
  expect(done.text).not.toContain('新しい端末のワンタイムパスワードを入力してください');
});

test.each(OTHERS)('a token of the form $form, which could never log in, does not', async (device) => {
  await setUp(device);
  expect(browser.seen).toMatchObject({ screenId: 'BOR002', status: 200 });
  expect(browser.seen.text).toContain('ログインの確認ができないため');
  expect(browser.seen.html).not.toContain('action="/otp/replace/ask"');
  expect((await browser.send('/otp/replace/cancel')).screenId).toBe('BOP001');
});

test('nor does one whose forms were shown before', async () => {
  const fresh = await setUp(EXTENSION);
  const asking = browser.copy();
  await confirmOnOld();
  await bank.service.db
    .updateTable('devices')
    .set({ form: 'companion' })
    .where('name', '=', EXTENSION.name)
    .execute();
  const otp = await fresh.code();
  expect((await browser.send('/otp/replace/start', { otp })).screenId).toBe('BOP001');
  expect((await asking.send('/otp/replace/ask')).text).toContain('ログインの確認ができないため');
  expect(bank.calls.filter(({ path }) => path === `/v1/tokens/${fresh.userId}/activate`)).toEqual([]);
});
