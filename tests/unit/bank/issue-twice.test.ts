import { describe, expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import {
  type Codes,
  EMAIL,
  enrol,
  fillIn,
  issue,
  logIn,
  mailPasswordFor,
  type TestBank,
  useTestBank,
} from './test-bank.ts';

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

describe('again, while the earlier token waits for 利用開始', () => {
  let earlier: Codes;
  let fields: { mail_password: string; confirmation_password: string };

  /** As far as 確定する. */
  async function again(): Promise<void> {
    earlier = await enrol(bank, await issue(bank, browser, EMAIL));
    await fillIn(browser, EMAIL);
    fields = { mail_password: await mailPasswordFor(bank, EMAIL), confirmation_password: 'kakunin1234' };
  }

  const press = (tab: Browser) => tab.send('/otp/issue/confirm', fields);

  /** The answers of the service to one kind of request, until they are let go. */
  function hold(isHeld: (url: string, init: RequestInit) => boolean) {
    const [asked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    bank.replaceService({
      request: async (url, init) => {
        const response = await bank.service.app.request(url, init);
        if (!isHeld(url, init)) return response;
        asked.resolve();
        await held.promise;
        return response;
      },
    });
    return { asked: asked.promise, letGo: held.resolve };
  }

  const isIssue = (url: string, { method }: RequestInit) => method === 'POST' && url.endsWith('/v1/tokens');

  async function statuses() {
    const tokens = await bank.service.db.selectFrom('tokens').select(['user_id', 'status']).execute();
    const isEarlier = ({ user_id }: { user_id: string }) => user_id === earlier.customer.userId;
    return {
      earlier: tokens.filter(isEarlier).map(({ status }) => status),
      later: tokens.filter((token) => !isEarlier(token)).map(({ status }) => status),
    };
  }

  test('利用開始 in another tab meanwhile stays done, and the new token is void', async () => {
    await again();
    const other = browser.copy();
    const { asked, letGo } = hold(isIssue);
    const late = press(browser);
    await asked;
    await other.open('/otp/activate');
    expect((await other.send('/otp/activate', { otp: await earlier.code() })).screenId).toBe('BOK002');
    letGo();
    const refused = await late;
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('すでにワンタイムパスワードを利用中');
    expect(await statuses()).toEqual({ earlier: ['active'], later: ['void'] });
    expect((await logIn(bank.browser())).screenId).toBe('BLI023');
  });

  test('the same input in two tabs issues one token, and voids the other and the earlier one', async () => {
    await again();
    const other = browser.copy();
    await other.open('/otp/issue/confirm');
    let isFirst = true;
    const { asked, letGo } = hold((url, init) => {
      const isHeld = isFirst && isIssue(url, init);
      isFirst &&= !isHeld;
      return isHeld;
    });
    const late = press(browser);
    await asked;
    expect((await press(other)).path).toBe('/otp/issue/complete');
    letGo();
    expect((await late).status).toBe(409);
    const { later, ...rest } = await statuses();
    expect(rest).toEqual({ earlier: ['void'] });
    expect(later.sort()).toEqual(['issued', 'void']);
    expect((await browser.open('/otp')).text).toContain('トークン発行済');
  });

  test('an answer that is lost when the earlier token is voided: the same form issues the token', async () => {
    await again();
    bank.replaceService({
      request: async (url, init) => {
        const response = await bank.service.app.request(url, init);
        if (url.endsWith('/void')) throw new TypeError('terminated');
        return response;
      },
    });
    expect((await press(browser)).status).toBe(503);
    expect(await statuses()).toEqual({ earlier: ['void'], later: ['issued'] });
    bank.replaceService(bank.service.app);
    expect((await press(browser)).path).toBe('/otp/issue/complete');
    expect(await statuses()).toEqual({ earlier: ['void'], later: ['issued'] });
  });

  test('a service that cannot issue leaves the earlier token as it is', async () => {
    await again();
    bank.replaceService({
      request: (url, init) => {
        if (isIssue(url, init)) throw new TypeError('fetch failed');
        return bank.service.app.request(url, init);
      },
    });
    expect((await press(browser)).status).toBe(503);
    expect(await statuses()).toEqual({ earlier: ['enrolled'], later: [] });
  });
});
