import { expect, test } from 'vitest';
import { type Customer, customerOf } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';
import type { Browser } from './browser.ts';
import { act, ask, askFor, clerkAt, pathOf } from './staff-desk.ts';
import { ACTIVATION_PASSWORD, EMAIL, type TestBank, useTestBankInUse } from './test-bank.ts';
import { PASSWORD, press, tokenOf } from './test-transfer.ts';

/** The console after 新しい端末でのトークン利用 that ended at the token service, while the bank died before it heard of that. */

const PAGE = '/customers/senpoku-taro0001';
const REPLACED = '新しい端末でのトークン利用開始のお知らせ';

let bank: TestBank;
let browser: Browser;
let clerk: Browser;
let old: ReturnType<typeof tokenOf>;
let fresh: Customer;

useTestBankInUse(async (stage) => {
  ({ bank, browser } = stage);
  old = tokenOf(bank, stage.codes);
  clerk = await clerkAt(bank);
  fresh = await confirmedOnOld();
});

/** As far as the new token's first code. */
async function confirmedOnOld(): Promise<Customer> {
  await browser.open('/otp/replace');
  const passwords = {
    activation_password: ACTIVATION_PASSWORD,
    activation_password_again: ACTIVATION_PASSWORD,
  };
  const begun = await browser.send('/otp/replace', { ...passwords, ...PASSWORD });
  const userId = /ユーザID\D*(\d{12})/.exec(begun.text)?.[1] ?? '';
  const token = await createTestToken();
  const answer = await bank.service.enrolRequest(token, { userId, activationPassword: ACTIVATION_PASSWORD });
  const { enrolment } = (await answer.json()) as { enrolment: string };
  await browser.open('/otp/replace');
  await browser.send('/otp/replace/ask');
  await old.decide('confirmed');
  await browser.open(browser.seen.path);
  await press(browser, 'execute', PASSWORD);
  return customerOf(token, userId, enrolment, bank.service.clock.now);
}

/** The last step, of which the bank does not hear. */
async function takesOverUnheard(): Promise<void> {
  const code = await fresh.code();
  const answer = await bank.service.bank('POST', `/v1/tokens/${fresh.userId}/activate`, { code });
  expect(answer.status).toBe(200);
}

const status = async (userId: string) => {
  const tokens = bank.service.db.selectFrom('tokens').select('status').where('user_id', '=', userId);
  return (await tokens.executeTakeFirstOrThrow()).status;
};

test('shows the token that took over, and tells the customer once', async () => {
  await takesOverUnheard();
  for (const _ of ['once', 'again']) {
    const { text } = await clerk.open(PAGE);
    expect(text).toContain('状態 サービス利用中');
    expect(text).toContain(`ユーザID ${fresh.userId}`);
  }
  const told = (await bank.mails(EMAIL)).filter(({ subject }) => subject === REPLACED);
  expect(told).toHaveLength(1);
});

test('stops the token that took over, when its phone is lost', async () => {
  await takesOverUnheard();
  await act(clerk, 'emergency', { reason: '端末の紛失' });
  expect(await status(fresh.userId)).toBe('suspended');
});

test('proposes nothing of the token that the clerk saw before', async () => {
  await askFor(clerk, 'release');
  await takesOverUnheard();
  const refused = await clerk.send(pathOf('release'));
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('お客さまのトークンが変わりました');
  expect(await bank.db.selectFrom('proposals').selectAll().execute()).toEqual([]);
});

test('approves nothing that was proposed of the token before', async () => {
  const { path } = await ask(clerk, 'release');
  await takesOverUnheard();
  const supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
  const seen = await supervisor.open(path);
  expect(seen.text).toContain('申請のあとに、お客さまのトークンが変わりました。');
  expect(await status(fresh.userId)).toBe('active');
});

test('is found by the serial of the token that took over, which is what their phone shows', async () => {
  const serialOf = async (userId: string) => {
    const tokens = bank.service.db.selectFrom('tokens').select('serial').where('user_id', '=', userId);
    return (await tokens.executeTakeFirstOrThrow()).serial ?? '';
  };
  const serial = await serialOf(fresh.userId);
  const search = async () => {
    await clerk.open('/');
    return clerk.send('/search', { q: serial });
  };
  // Not before: it may yet come to nothing.
  expect((await search()).text).toContain('お客さまは見つかりません。');
  await takesOverUnheard();
  expect((await search()).path).toBe(PAGE);
});

test('tells what happened to the token that took over', async () => {
  await takesOverUnheard();
  expect((await clerk.open(`${PAGE}/history`)).text).toContain(fresh.userId);
});
