import { describe, expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { act, clerkAt } from './staff-desk.ts';
import { type Codes, EMAIL, logIn, type TestBank, useTestBankInUse } from './test-bank.ts';
import { enter, PASSWORD } from './test-transfer.ts';

/** 利用停止 by the customer. */

let bank: TestBank;
let browser: Browser;
let codes: Codes;

useTestBankInUse((stage) => {
  ({ bank, browser, codes } = stage);
  bank.messages.clear();
});

const MAIL = 'ワンタイムパスワード利用停止のお知らせ';

const OVER = 'ログインは、別の画面での操作などにより終了しています。';

const status = async () =>
  (
    (await (await bank.service.bank('GET', `/v1/tokens/${codes.customer.userId}`)).json()) as {
      status: string;
    }
  ).status;

const mails = async () => {
  await bank.deliverEvents();
  return (await bank.mails(EMAIL)).filter(({ subject }) => subject === MAIL);
};

/** A browser at the page where the login asks for a code. */
async function atCode(): Promise<Browser> {
  const other = bank.browser();
  await logIn(other);
  return other;
}

describe('from the login that asks for a code', () => {
  test('the password and the 確認用パスワード suspend at once; the page says how to resume, and a mail reports it', async () => {
    const lost = await atCode();
    expect(lost.seen.html).toContain('href="/login/suspend"');
    const form = await lost.open('/login/suspend');
    expect(form).toMatchObject({ screenId: 'BLI091', status: 200 });
    expect(form.text).toContain('お客さまご自身では解除できません。');
    const done = await lost.send('/login/suspend', PASSWORD);
    expect(done).toMatchObject({ path: '/login/suspend/complete', screenId: 'BLI092', status: 200 });
    expect(done.text).toContain('0120-000-004');
    expect(await status()).toBe('suspended');
    const [mail] = await mails();
    expect(mail?.subject).toBe(MAIL);
    expect(mail?.text).toContain('お客さまのお申し出により、トークンを利用停止にしました。');
    expect(await logIn(bank.browser())).toMatchObject({ path: '/login/suspended', status: 403 });
  });

  test('a wrong 確認用パスワード suspends nothing, and does not stop that password elsewhere', async () => {
    const lost = await atCode();
    await lost.open('/login/suspend');
    for (let guess = 0; guess < 11; guess += 1) {
      expect(await lost.send('/login/suspend', { confirmation_password: 'wrong999' })).toMatchObject({
        status: 422,
        screenId: 'BLI091',
      });
    }
    expect(lost.seen.text).toContain('30分間お手続きができません。');
    expect((await lost.send('/login/suspend', PASSWORD)).status).toBe(422);
    expect(await status()).toBe('active');
    await browser.open('/otp/release');
    const released = await browser.send('/otp/release', { ...PASSWORD, otp: await codes.code() });
    expect(released.path).toBe('/otp/release/complete');
  });

  test('a missing 確認用パスワード is an error at the field', async () => {
    const lost = await atCode();
    await lost.open('/login/suspend');
    const missing = await lost.send('/login/suspend', { confirmation_password: '' });
    expect(missing).toMatchObject({ status: 422, screenId: 'BLI091' });
    expect(missing.text).toContain('確認用パスワードを入力してください。');
  });

  test('allows nothing else: no page of the bank opens', async () => {
    const lost = await atCode();
    await lost.open('/login/suspend');
    await lost.send('/login/suspend', PASSWORD);
    for (const path of ['/top', '/otp', '/transfer/new', '/login/otp']) {
      expect([path, (await lost.open(path)).screenId]).toEqual([path, 'BLI001']);
    }
    expect((await lost.open('/login/suspend/complete')).screenId).toBe('BLI092');
  });
});

test('a form sent after another window has broken off the login is not taken for done: the page says why', async () => {
  const lost = await atCode();
  const other = lost.copy();
  await lost.open('/login/suspend');
  await other.send('/login/cancel');
  expect(await lost.send('/login/suspend', PASSWORD)).toMatchObject({ screenId: 'BLI001', status: 200 });
  expect(lost.seen.text).toContain(OVER);
  expect(await status()).toBe('active');
});

describe('from the menu', () => {
  test('is offered while the token is in use, asks for the 確認用パスワード and logs out', async () => {
    expect((await browser.open('/otp')).html).toContain('action="/otp/suspend"');
    expect(await browser.open('/otp/suspend')).toMatchObject({ screenId: 'BOH001', status: 200 });
    const done = await browser.send('/otp/suspend', PASSWORD);
    expect(done).toMatchObject({ screenId: 'BLI092', status: 200 });
    expect((await browser.open('/top')).screenId).toBe('BLI001');
    expect(await status()).toBe('suspended');
    expect((await mails()).map(({ subject }) => subject)).toEqual([MAIL]);
  });

  test('ends the sessions elsewhere: whoever has the phone may be logged in', async () => {
    const thief = await atCode();
    await thief.send('/login/otp', { otp: await codes.code() });
    expect((await enter(thief)).screenId).toBe('BFT003');
    await browser.open('/otp/suspend');
    const lost = await atCode();
    await lost.open('/login/suspend');
    await lost.send('/login/suspend', PASSWORD);
    expect((await thief.open('/accounts')).screenId).toBe('BLI001');
    expect(await browser.send('/otp/suspend', PASSWORD)).toMatchObject({ screenId: 'BLI001', status: 200 });
    expect(browser.seen.text).toContain(OVER);
    expect((await browser.open('/top')).screenId).toBe('BLI001');
    const other = bank.browser();
    await logIn(other, 'hanako01');
    expect(other.seen.path).toBe('/top');
  });

  test('two windows at once: both show the result, with one mail', async () => {
    const windows = [browser.copy(), browser.copy()];
    for (const window of windows) await window.open('/otp/suspend');
    const seen = await Promise.all(windows.map((window) => window.send('/otp/suspend', PASSWORD)));
    expect(seen.map(({ status }) => status)).toEqual([200, 200]);
    expect(seen.some(({ screenId }) => screenId === 'BLI092')).toBe(true);
    expect(await status()).toBe('suspended');
    expect(await mails()).toHaveLength(1);
  });

  test('the same form sent twice at once gets one answer', async () => {
    await browser.open('/otp/suspend');
    const windows = [browser.copy(), browser.copy()];
    const seen = await Promise.all(windows.map((window) => window.send('/otp/suspend', PASSWORD)));
    expect(seen.map(({ screenId }) => screenId)).toEqual(['BLI092', 'BLI092']);
    expect(await mails()).toHaveLength(1);
  });

  test('an unreachable service: the page says that the result is unknown, and whom to call', async () => {
    await browser.open('/otp/suspend');
    bank.way.connection = 'down';
    const down = await browser.send('/otp/suspend', PASSWORD);
    expect(down).toMatchObject({ status: 503, screenId: 'BOH001' });
    expect(down.text).toContain('利用停止の結果を確認できませんでした。');
    expect(down.text).toContain('0120-000-004');
    bank.way.connection = 'up';
    expect(await status()).toBe('active');
    expect(await browser.send('/otp/suspend', PASSWORD)).toMatchObject({ screenId: 'BLI092' });
    expect(await status()).toBe('suspended');
  });

  test('after a lost answer the state of the token decides', async () => {
    await browser.open('/otp/suspend');
    bank.way.connection = 'lost';
    expect(await browser.send('/otp/suspend', PASSWORD)).toMatchObject({ screenId: 'BLI092' });
    bank.way.connection = 'up';
    expect(await mails()).toHaveLength(1);
  });

  test('a form sent again after staff resumed the token says so, and another form stops it', async () => {
    await browser.open('/otp/suspend');
    let isDown = false;
    bank.replaceService({
      request: async (url, init) => {
        if (isDown) throw new TypeError('fetch failed');
        const answer = await bank.service.app.request(url, init);
        if (!url.endsWith('/suspend')) return answer;
        isDown = true;
        throw new TypeError('terminated');
      },
    });
    const form = browser.copy();
    expect((await form.send('/otp/suspend', PASSWORD)).status).toBe(503);
    const by = { actor: 'staff01', reason: '発見のお届け' };
    await bank.service.staff('POST', `/v1/staff/tokens/${codes.customer.userId}/resume`, by);
    bank.replaceService(bank.service.app);
    const again = await form.send('/otp/suspend', PASSWORD);
    expect(again).toMatchObject({ status: 409, screenId: 'BOP001' });
    expect(again.text).toContain('トークンは一度利用停止になり、そのあとに解除されました。');
    expect(await status()).toBe('active');
    await form.open('/otp/suspend');
    expect(await form.send('/otp/suspend', PASSWORD)).toMatchObject({ screenId: 'BLI092' });
    expect(await status()).toBe('suspended');
  });

  test('a token released meanwhile: the page says that there is none', async () => {
    await browser.open('/otp/suspend');
    const by = { actor: 'staff01', reason: '解約届' };
    await bank.service.staff('POST', `/v1/staff/tokens/${codes.customer.userId}/release`, by);
    const refused = await browser.send('/otp/suspend', PASSWORD);
    expect(refused).toMatchObject({ status: 409, screenId: 'BOP001' });
    expect(refused.text).toContain('トークンは利用されていません。');
    expect((await browser.open('/otp')).html).not.toContain('action="/otp/suspend"');
  });

  test('a token that staff suspended meanwhile counts as success', async () => {
    await browser.open('/otp/suspend');
    const by = { actor: 'staff01', reason: '電話による申し出' };
    await bank.service.staff('POST', `/v1/staff/tokens/${codes.customer.userId}/suspend`, by);
    expect(await browser.send('/otp/suspend', PASSWORD)).toMatchObject({ screenId: 'BLI092' });
  });

  test('a bookmark of its pages leads to the login, and the form of another page is refused', async () => {
    const stranger = bank.browser();
    for (const path of ['/otp/suspend', '/login/suspend', '/login/suspend/complete']) {
      expect([path, (await stranger.open(path)).screenId]).toEqual([path, 'BLI001']);
    }
    await browser.open('/otp/release');
    const hidden = browser.hidden('/otp/release');
    expect((await browser.post('/otp/suspend', { ...hidden, ...PASSWORD })).status).toBe(403);
    expect(await status()).toBe('active');
  });
});

describe('the way back', () => {
  test('staff see when the customer suspended it, and resume it with four eyes', async () => {
    await browser.open('/otp/suspend');
    await browser.send('/otp/suspend', PASSWORD);
    const clerk = await clerkAt(bank);
    const page = await clerk.open('/customers/senpoku-taro0001');
    expect(page.text).toMatch(/利用停止 お客さまのお申し出（\d{4}年\d\d月\d\d日 \d\d:\d\d）/);
    expect(page.html).toMatch(/who-customer">お客さま<\/span><div class="what">利用停止/);
    expect(page.text).not.toContain('customer)');
    const done = await act(clerk, 'resume');
    expect(done.text).toContain('利用停止を解除しました。');
    expect(await status()).toBe('active');
    const again = await atCode();
    bank.advance(60_000);
    expect((await again.send('/login/otp', { otp: await codes.code() })).path).toBe('/top');
  });
});

describe('where staff alone suspend, as at 秋田県信用組合', () => {
  const AKITA = { origin: 'http://akita.localhost:4601', base: '' };
  const sentence = 'トークンの利用停止は、お取引店舗の窓口';

  test('there is no button, and the address shows whom to call', async () => {
    await bank.db
      .updateTable('customers')
      .set({ applied_at: new Date() })
      .where('institution', '=', 'akita')
      .execute();
    const customer = bank.browser(AKITA);
    await logIn(customer);
    expect((await customer.open('/otp')).html).not.toContain('/otp/suspend');
    const refused = await customer.open('/otp/suspend');
    expect(refused).toMatchObject({ status: 409, screenId: 'BOP001' });
    expect(refused.text).toContain(sentence);
    const sent = await customer.post('/otp/suspend', { ...customer.hidden('/text-size'), ...PASSWORD });
    expect(sent).toMatchObject({ status: 403, screenId: 'BLI091' });
    expect(sent.text).toContain(sentence);
    expect(bank.calls.some(({ path }) => path.endsWith('/suspend'))).toBe(false);
  });

  test('the login has no link to it', async () => {
    const refused = await bank.browser(AKITA).open('/login/suspend');
    expect(refused).toMatchObject({ status: 403, screenId: 'BLI091' });
    expect(refused.text).toContain(sentence);
    expect(refused.text).toContain('0120-000-005');
  });
});
