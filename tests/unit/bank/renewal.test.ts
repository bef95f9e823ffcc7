import { beforeEach, describe, expect, test } from 'vitest';
import type { Token } from '../../../core/api/bank.ts';
import type { Browser } from './browser.ts';
import { type Codes, EMAIL, logIn, type TestBank, useTestBankInUse } from './test-bank.ts';

const DAY = 24 * 60 * 60_000;

let bank: TestBank;
let codes: Codes;
let end: number;

useTestBankInUse((stage) => {
  ({ bank, codes } = stage);
});

const token = async () =>
  (await (await bank.service.bank('GET', `/v1/tokens/${codes.customer.userId}`)).json()) as Token;

const inDays = (days: number, ms = 0) => bank.service.clock.move(end - days * DAY + ms - Date.now());

/** Logs in with a code; the next step's code is still unused. */
async function inside(): Promise<Browser> {
  const customer = bank.browser();
  await logIn(customer);
  await customer.send('/login/otp', { otp: await codes.code() });
  return customer;
}

beforeEach(async () => {
  end = Date.parse((await token()).expiresAt ?? '');
  bank.messages.clear();
});

describe('有効期限の更新', () => {
  test('from the warning on the top page to the end: a code, both dates, and a mail', async () => {
    inDays(45);
    const customer = await inside();
    expect(customer.seen.html).toContain('action="/otp/renew"');
    const form = await customer.open('/otp/renew');
    expect(form).toMatchObject({ screenId: 'BOU001', status: 200 });
    expect(form.text).toMatch(
      /現在の有効期限 \d{4}年\d\d月\d\d日 09:00 （日本時間） 更新後の有効期限 \d{4}年/,
    );
    const done = await customer.send('/otp/renew', { otp: await codes.code(1) });
    expect(done).toMatchObject({ path: '/otp/renew/complete', screenId: 'BOU002' });
    const { expiresAt = '' } = await token();
    const year = new Date(expiresAt).getUTCFullYear();
    expect(year).toBe(new Date(end).getUTCFullYear() + 5);
    expect(done.text).toContain(`更新後の有効期限 ${year}年`);
    const [mail] = await bank.mails(EMAIL);
    expect(mail?.subject).toBe('トークンの有効期限更新のお知らせ');
    expect(mail?.text).toContain(`更新後の有効期限：${year}年`);
    expect((await customer.open('/top')).text).not.toContain('トークンの有効期限のお知らせ');
    expect((await customer.open('/otp')).html).not.toContain('action="/otp/renew"');
  });

  test('is on the menu only while the warning is shown', async () => {
    inDays(61);
    const early = await inside();
    expect((await early.open('/otp')).html).not.toContain('action="/otp/renew"');
    const refused = await early.open('/otp/renew');
    expect(refused).toMatchObject({ status: 409, screenId: 'BOP001' });
    expect(refused.text).toContain('有効期限の更新は、その60日前から行うことができます。');
    inDays(59);
    const late = await inside();
    expect((await late.open('/otp')).html).toContain('action="/otp/renew"');
  });

  test('a wrong code is refused on the form and does not move the end', async () => {
    inDays(10);
    const customer = await inside();
    await customer.open('/otp/renew');
    const refused = await customer.send('/otp/renew', { otp: await codes.wrong() });
    expect(refused).toMatchObject({ status: 422, screenId: 'BOU001' });
    expect((await token()).expiresAt).toBe(new Date(end).toISOString());
  });

  test('two tabs at once renew once, and the other tab shows the new end', async () => {
    inDays(10);
    const customer = await inside();
    const tabs = [customer.copy(), customer.copy()];
    for (const tab of tabs) await tab.open('/otp/renew');
    inDays(10, 60_000);
    const otps = [await codes.code(), await codes.code(1)];
    const seen = await Promise.all(tabs.map((tab, at) => tab.send('/otp/renew', { otp: otps[at] ?? '' })));
    expect(seen.filter(({ screenId }) => screenId === 'BOU002')).toHaveLength(1);
    expect(seen.filter(({ text }) => text.includes('その60日前から'))).toHaveLength(1);
    expect(new Date((await token()).expiresAt ?? '').getUTCFullYear()).toBe(
      new Date(end).getUTCFullYear() + 5,
    );
  });

  test('after a lost answer the form sent again renews once and says so', async () => {
    inDays(10);
    const customer = await inside();
    await customer.open('/otp/renew');
    const again = customer.copy();
    bank.way.connection = 'lost';
    const otp = await codes.code(1);
    expect(await customer.send('/otp/renew', { otp })).toMatchObject({ screenId: 'BOU002' });
    bank.way.connection = 'up';
    expect(await again.send('/otp/renew', { otp })).toMatchObject({ screenId: 'BOU002' });
    const mails = await bank.mails(EMAIL);
    expect(mails.filter(({ subject }) => subject === 'トークンの有効期限更新のお知らせ')).toHaveLength(1);
    expect(new Date((await token()).expiresAt ?? '').getUTCFullYear()).toBe(
      new Date(end).getUTCFullYear() + 5,
    );
  });

  test('an old bookmark works: renewed already, after the end, and not logged in', async () => {
    inDays(10);
    const customer = await inside();
    await customer.open('/otp/renew');
    await customer.send('/otp/renew', { otp: await codes.code(1) });
    expect((await customer.open('/otp/renew')).text).toContain('その60日前から');
    expect((await bank.browser().open('/otp/renew')).screenId).toBe('BLI001');
  });

  test('a form from before the end, sent after it, says what to do', async () => {
    inDays(0, -60_000);
    const customer = await inside();
    await customer.open('/otp/renew');
    inDays(0, 1_000);
    const refused = await customer.send('/otp/renew', { otp: await codes.code() });
    expect(refused).toMatchObject({ status: 409, screenId: 'BOP001' });
    expect(refused.text).toContain('トークンの有効期限が過ぎているため、お手続きができません。');
    expect(refused.text).toContain('0120-000-004');
    expect((await token()).expiresAt).toBe(new Date(end).toISOString());
  });
});
