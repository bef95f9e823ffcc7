import { expect, test } from 'vitest';
import { tokensOf } from '../../../bank/store/customer-tokens.ts';
import { moveToken } from '../../../bank/store/customers.ts';
import { tellOfEnds } from '../../../bank/token/ends.ts';
import { AUDITED_TOKENS_MOST } from '../../../core/api/audit.ts';
import type { Browser } from './browser.ts';
import { act, ask, clerkAt } from './staff-desk.ts';
import { type Codes, EMAIL, enrol, issue, logIn, type TestBank, useTestBankInUse } from './test-bank.ts';

/** A customer's earlier tokens, in the history of the contract. */

const CUSTOMER = 'senpoku-taro0001';
const PAGE = `/customers/${CUSTOMER}`;
const HOUR = 60 * 60_000;

let bank: TestBank;
let customer: Browser;
let codes: Codes;

useTestBankInUse((stage) => {
  ({ bank, codes } = stage);
  customer = stage.browser;
});

const tokens = () => tokensOf(bank.db, CUSTOMER, 10);
const again = async () => {
  const browser = bank.browser();
  await logIn(browser);
  return browser;
};

/** On a page with a timeline: the heading of each token, and the entries below it, newest first. */
const sections = (html: string) =>
  html
    .split('<section class="held">')
    .slice(1)
    .map((section) => ({
      heading: (/<h3>(.*?)<\/h3>/.exec(section)?.[1] ?? '').replace(/<[^>]+>/g, ''),
      sentences: [...section.matchAll(/<div class="what">([^<]*)/g)].map(([, words = '']) => words.trim()),
    }));

test('after 交換 each token has its own heading, with its first and last day', async () => {
  const first = codes.customer.userId;
  const clerk = await clerkAt(bank);
  await ask(clerk, 'limit', { limit: '100000', reason: '最初のトークンの間' });
  bank.advance(2 * 60_000);
  await act(clerk, 'replace', { reason: '端末の紛失' });
  const [released] = await tokens();
  expect(released).toMatchObject({ user_id: first, held_until: expect.any(Date) });
  bank.advance(4 * 60_000);
  const browser = await again();
  const second = await issue(bank, browser, EMAIL);
  await enrol(bank, second);
  const desk = await clerkAt(bank);
  for (const path of [PAGE, `${PAGE}/history`]) {
    const [now, earlier, ...more] = sections((await desk.open(path)).html);
    expect(more).toEqual([]);
    expect(now?.heading).toMatch(new RegExp(`^トークン ${second} 2\\d{3}年.{6} \\d\\d:\\d\\d〜現在$`));
    expect(now?.sentences).toEqual(['初期設定', 'トークン発行']);
    expect(earlier?.heading).toMatch(
      new RegExp(`^トークン ${first} 2\\d{3}年.{6} \\d\\d:\\d\\d〜2\\d{3}年.{6} \\d\\d:\\d\\d$`),
    );
    for (const words of ['利用解除', '交換（再発行）（承認）', '限度額の変更（申請）', 'トークン発行']) {
      expect(earlier?.sentences).toContain(words);
    }
  }
  // The token's own audit has it, so it is shown once.
  expect(desk.seen.text).not.toContain('交換（再発行） 理由');
});

test('an issue that was replaced before its use is one of them', async () => {
  const clerk = await clerkAt(bank);
  await act(clerk, 'replace');
  const browser = await again();
  const unused = await issue(bank, browser, EMAIL);
  bank.advance(1_000);
  const used = await issue(bank, browser, EMAIL);
  const [now, earlier, ...more] = await tokens();
  expect([now?.user_id, earlier?.user_id, more.length]).toEqual([used, unused, 1]);
  expect(earlier?.held_until).toEqual(now?.held_from);
  const [, section] = sections((await clerk.open(`${PAGE}/history`)).html);
  expect(section?.sentences).toEqual(['発行の取消', 'トークン発行']);
});

test('利用解除 ends it, even if the bank learns of it only later', async () => {
  await customer.open('/otp/release');
  const form = { confirmation_password: 'kakunin1234', otp: await codes.code() };
  bank.loseServiceAfterNextPost();
  expect((await customer.send('/otp/release', form)).status).toBe(503);
  bank.replaceService(bank.service.app);
  bank.way.connection = 'up';
  const [lost] = await tokens();
  expect(lost?.held_until).toBeNull();
  const at = bank.service.clock.now();
  bank.advance(31 * 24 * HOUR);
  await tellOfEnds(bank.chores);
  const [heard] = await tokens();
  expect(Math.abs((heard?.held_until?.getTime() ?? 0) - at)).toBeLessThan(60_000);
});

test('of several simultaneous moves one begins the new token', async () => {
  const from = codes.customer.userId;
  const moves = ['000000000001', '000000000002', '000000000001'].map((to) =>
    bank.db
      .transaction()
      .execute((trx) => moveToken(trx, CUSTOMER, { from, to, at: new Date(bank.service.clock.now()) })),
  );
  expect((await Promise.all(moves)).filter(Boolean)).toHaveLength(1);
  const held = await tokens();
  expect(held).toHaveLength(2);
  expect(held.filter(({ held_until }) => held_until === null)).toHaveLength(1);
});

test('監査 of a ログインID reads them all', async () => {
  const first = codes.customer.userId;
  await act(await clerkAt(bank), 'replace');
  const browser = await again();
  const second = await issue(bank, browser, EMAIL);
  const supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
  const { html } = await supervisor.open('/audit?id=taro0001&event=token+issue');
  const of = [...html.matchAll(/class="number">(\d{12})</g)].map(([, userId]) => userId);
  expect(of).toEqual([second, first]);
});

test('with more tokens than one request can name, the latest are read, and the page says so', async () => {
  const now = bank.service.clock.now();
  const many = Array.from({ length: AUDITED_TOKENS_MOST }, (_, index) => ({
    customer_id: CUSTOMER,
    user_id: String(100_000_000_000 + index),
    held_from: new Date(now - (index + 1) * HOUR),
    held_until: new Date(now - index * HOUR),
  }));
  const clerk = await clerkAt(bank);
  expect((await clerk.open(`${PAGE}/history`)).text).not.toContain('これより前にもトークンがあります。');
  await bank.db.insertInto('customer_tokens').values(many).execute();
  const { status, text } = await clerk.open(`${PAGE}/history`);
  expect([status, text.includes('これより前にもトークンがあります。')]).toEqual([200, true]);
  expect(text).not.toContain('トークンの記録を表示できていません');
});
