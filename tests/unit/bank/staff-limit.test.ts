import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { yen } from '../../../bank/format.ts';
import { ownLimit } from '../../../bank/transfer/limits.ts';
import type { Browser } from './browser.ts';
import { act, ask, askFor, clerkAt, decide, pathOf, recorded } from './staff-desk.ts';
import { EMAIL, type TestBank, useTestBankInUse } from './test-bank.ts';

const TARO = 'senpoku-taro0001';

let bank: TestBank;
let customer: Browser;
let clerk: Browser;
let supervisor: Browser;
let before: number;

useTestBankInUse(async (stage) => {
  bank = stage.bank;
  customer = stage.browser;
  clerk = await clerkAt(bank);
  supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
});

beforeEach(async () => {
  before = (await recorded(bank)).length;
});

const acts = async () => (await recorded(bank)).slice(before);
const senpoku = () => {
  const found = bank.directory.institutions.find(({ key }) => key === 'senpoku');
  if (found === undefined) throw new Error('no senpoku');
  return found;
};
const row = () =>
  bank.db.selectFrom('customers').selectAll().where('id', '=', TARO).executeTakeFirstOrThrow();
const limitNow = async () => ownLimit(await row(), senpoku(), bank.service.clock.now());
const limitMails = async () => (await bank.mails(EMAIL)).filter(({ subject }) => subject.includes('限度額'));

test('a token past its 有効期限 is not said to be in use, and lets no higher limit be set', async () => {
  const path = `/customers/${TARO}`;
  expect((await clerk.open(path)).text).toContain('状態 サービス利用中');
  await bank.service.db
    .updateTable('tokens')
    .set({ expires_at: new Date(bank.service.clock.now() - 1_000) })
    .execute();
  const { text } = await clerk.open(path);
  expect(text).toContain('状態 有効期限切れ');
  expect(text).not.toContain('サービス利用中');
  expect(text).toContain('（トークンの有効期限が過ぎているため、お振込・お振替はできません）');
  expect((await clerk.open(pathOf('resume'))).text).toContain('現在の状態は「有効期限切れ」です。');
  expect((await clerk.open(pathOf('release'))).status).toBe(200);
  const { rules } = senpoku();
  const higher = await askFor(clerk, 'limit', { limit: String(rules.dailyLimitWithoutOtp + 1) });
  expect(higher.status).toBe(422);
});

describe('限度額の変更', () => {
  test('lower: takes effect with the approval, and the customer is told without the reason', async () => {
    const was = await limitNow();
    const path = (await ask(clerk, 'limit', { limit: '１０，０００円', reason: '詐欺の疑い' })).path;
    expect(path).toMatch(/^\/proposals\/\d+$/);
    expect(clerk.seen.text).toContain('変更後の限度額 10,000円');
    expect(clerk.seen.text).toContain('適用 承認後ただちに');
    expect(await limitNow()).toBe(was);
    const done = await decide(supervisor, path, 'approved');
    expect(done.text).toContain('限度額を変更しました。');
    expect(await limitNow()).toBe(10_000);
    expect(await acts()).toEqual(['limit proposed', 'limit approved', 'limit done']);
    const [mail, ...others] = await limitMails();
    expect(others).toEqual([]);
    expect(mail?.text).toContain('変更後の限度額：10,000円');
    expect(mail?.text).not.toContain('詐欺');
    expect((await clerk.open(`/customers/${TARO}`)).text).toContain('振込・振替限度額 10,000円');
    expect((await customer.open('/services/limit')).text).toContain('10,000円');
  });

  test('higher: takes effect as many days later as a customer’s own change', async () => {
    const { dailyLimitMost, limitChangeAfterDays } = senpoku().rules;
    await act(clerk, 'limit', { limit: '10000' });
    await act(clerk, 'limit', { limit: String(dailyLimitMost) });
    const now = await limitNow();
    expect(now).toBe(limitChangeAfterDays === 0 ? dailyLimitMost : 10_000);
    bank.advance(limitChangeAfterDays * 24 * 60 * 60_000);
    expect(await limitNow()).toBe(dailyLimitMost);
  });

  test.each([
    '',
    ' ',
    '-1',
    '1.5',
    '1e3',
    'たくさん',
    '9'.repeat(10_000),
    '99999999999',
    "1'; --",
    '<b>1</b>',
  ])('does not accept %j', async (limit) => {
    const refused = await askFor(clerk, 'limit', { limit });
    expect(refused.status).toBe(422);
    expect(refused.html).toContain('href="#limit"');
    expect(refused.html).not.toContain('<b>1</b>');
    await askFor(clerk, 'limit', { limit: '5000' });
    expect((await clerk.send(pathOf('limit'), { limit })).status).toBe(400);
    expect(await acts()).toEqual([]);
  });

  test('is at most what a customer without the OTP in use may have', async () => {
    const { dailyLimitWithoutOtp, dailyLimitMost } = senpoku().rules;
    const other = 'senpoku-hanako01';
    const refused = await askFor(clerk, 'limit', { customer: other, limit: String(dailyLimitMost) });
    expect(refused.status).toBe(422);
    await askFor(clerk, 'limit', { customer: other, limit: String(dailyLimitWithoutOtp) });
    // Nor without the form.
    const past = await clerk.send(pathOf('limit', other), {
      limit: String(dailyLimitMost),
      'asked-1': 'yes',
      'asked-2': 'yes',
      'asked-3': 'yes',
    });
    expect([past.status, past.text.includes('設定できる限度額は')]).toEqual([409, true]);
    expect((await act(clerk, 'limit', { customer: other, limit: '7000' })).text).toContain(
      '限度額を変更しました。',
    );
  });

  test('is approved only for the limit that it was proposed for', async () => {
    const path = (await ask(clerk, 'limit', { limit: '10000' })).path;
    await supervisor.open(path);
    const early = supervisor.copy();
    await bank.db.updateTable('customers').set({ daily_limit: 123_000 }).where('id', '=', TARO).execute();
    const late = await early.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('お客さまの限度額が変わりました。');
    expect(await limitNow()).toBe(123_000);
    expect(await acts()).toEqual(['limit proposed']);
    expect((await supervisor.open(path)).html).not.toContain('value="approved"');
    expect((await decide(supervisor, path, 'declined')).text).toContain('却下されました');
  });

  test('is not approved above what the state lets be set, also where only the 有効期限 has passed since', async () => {
    const { dailyLimitMost, dailyLimitWithoutOtp } = senpoku().rules;
    await act(clerk, 'limit', { limit: '10000' });
    const path = (await ask(clerk, 'limit', { limit: String(dailyLimitMost) })).path;
    await supervisor.open(path);
    const early = supervisor.copy();
    await bank.service.db
      .updateTable('tokens')
      .set({ expires_at: new Date(bank.service.clock.now() - 1_000) })
      .execute();
    const late = await early.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' });
    const why = `設定できる限度額は、${yen(dailyLimitWithoutOtp)}までです。この申請は承認できません。却下してください。`;
    expect([late.status, late.text.includes(why)]).toEqual([409, true]);
    expect((await row()).next_limit).toBe('10000');
    expect((await supervisor.open(path)).html).not.toContain('value="approved"');
    await decide(supervisor, path, 'declined');
    const within = (await ask(clerk, 'limit', { limit: String(dailyLimitWithoutOtp) })).path;
    expect((await decide(supervisor, within, 'approved')).text).toContain('限度額を変更しました。');
  });

  test('is all or nothing: a failure leaves neither approval nor limit', async () => {
    const was = await limitNow();
    const path = (await ask(clerk, 'limit', { limit: '10000' })).path;
    await supervisor.open(path);
    await sql`alter table outbox add constraint broken check (kind <> 'limit-changed')`.execute(bank.db);
    const failed = await supervisor.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' });
    await sql`alter table outbox drop constraint broken`.execute(bank.db);
    expect(failed.status).toBe(500);
    expect(await limitNow()).toBe(was);
    expect(await acts()).toEqual(['limit proposed']);
    expect((await decide(supervisor, path, 'approved')).text).toContain('限度額を変更しました。');
    expect(await limitMails()).toHaveLength(1);
  });

  test('approved twice at once is done once', async () => {
    const path = (await ask(clerk, 'limit', { limit: '10000' })).path;
    await supervisor.open(path);
    const windows = [supervisor.copy(), supervisor.copy(), supervisor.copy()];
    await Promise.all(
      windows.map((one) => one.send(`${path}/decide`, { decision: 'approved', reason: 'x' })),
    );
    expect(await acts()).toEqual(['limit proposed', 'limit approved', 'limit done']);
    expect(await limitMails()).toHaveLength(1);
  });
});
