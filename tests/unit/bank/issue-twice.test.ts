import { expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { EMAIL, fillIn, mailPasswordFor, type TestBank, useTestBank } from './test-bank.ts';

/** トークン発行 in two tabs, and sent twice. */

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

const subjects = async () => (await bank.mails(EMAIL)).map(({ subject }) => subject);

test('a tab that shows what another has typed anew since issues nothing, and says so', async () => {
  await fillIn(browser, EMAIL);
  const other = browser.copy();
  await fillIn(other, 'other@example.jp');
  const mail_password = await mailPasswordFor(bank, 'other@example.jp');
  const confirmation_password = 'kakunin1234';
  const refused = await browser.send('/otp/issue/confirm', { mail_password, confirmation_password });
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('別の画面で入力し直されています');
  expect(refused.text).toContain('（未登録）');
  expect(bank.calls.filter(({ path }) => path === '/v1/tokens')).toHaveLength(0);
  const done = await other.send('/otp/issue/confirm', { mail_password, confirmation_password });
  expect(done).toMatchObject({ path: '/otp/issue/complete', status: 200 });
  expect(done.text).toContain('other@example.jp');
});

test('「次へ」 pressed twice sends one メール通知パスワード, and a later press another', async () => {
  const form = {
    email: EMAIL,
    email_again: EMAIL,
    activation_password: '2468',
    activation_password_again: '2468',
  };
  await browser.open('/otp/issue');
  const windows = [browser.copy(), browser.copy()];
  const seen = await Promise.all(windows.map((window) => window.send('/otp/issue', form)));
  expect(seen.map(({ path }) => path)).toEqual(Array(2).fill('/otp/issue/confirm'));
  expect(await subjects()).toHaveLength(1);
  bank.advance(10_000);
  await browser.send('/otp/issue', form);
  expect(await subjects()).toHaveLength(2);
});

test('two tabs with one input at once issue one token, and leave no other', async () => {
  await fillIn(browser, EMAIL);
  const other = browser.copy();
  await other.open('/otp/issue/confirm');
  const mail_password = await mailPasswordFor(bank, EMAIL);
  const tabs = [browser, other];
  await Promise.all(
    tabs.map((tab) =>
      tab.send('/otp/issue/confirm', { mail_password, confirmation_password: 'kakunin1234' }),
    ),
  );
  const ends = tabs.map(({ seen }) => (seen.path === '/otp/issue/complete' ? 'issued' : seen.status));
  expect(ends.sort()).toEqual([409, 'issued']);
  const tokens = await bank.service.db.selectFrom('tokens').select('status').execute();
  expect(tokens.filter(({ status }) => status === 'issued')).toHaveLength(1);
  expect((await subjects()).filter((subject) => subject === 'トークン発行のご案内')).toHaveLength(1);
});

test('a form that is sent again while its first answer is held up for long leaves the token of both', async () => {
  await fillIn(browser, EMAIL);
  const fields = {
    mail_password: await mailPasswordFor(bank, EMAIL),
    confirmation_password: 'kakunin1234',
  };
  const again = browser.copy();
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let holds = true;
  bank.replaceService({
    request: async (url, init) => {
      const response = await bank.service.app.request(url, init);
      if (!holds || init.method !== 'POST' || !url.endsWith('/v1/tokens')) return response;
      holds = false;
      asked.resolve();
      await held.promise;
      return response;
    },
  });
  const first = browser.send('/otp/issue/confirm', fields);
  await asked.promise;
  bank.service.clock.move(31_000);
  expect((await again.send('/otp/issue/confirm', fields)).path).toBe('/otp/issue/complete');
  held.resolve();
  expect((await first).path).toBe('/otp/issue/complete');
  const tokens = await bank.service.db.selectFrom('tokens').select('status').execute();
  expect(tokens).toEqual([{ status: 'issued' }]);
});
