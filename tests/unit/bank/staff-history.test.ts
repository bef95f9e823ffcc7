import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACT_NAMES, ACTS } from '../../../bank/staff/acts.ts';
import { actName, actWords, eventName, outcomeName, wordsOf } from '../../../bank/staff/audit-words.ts';
import { OUTCOMES } from '../../../bank/staff/pages/records.ts';
import type { StaffActOutcome } from '../../../bank/store/schema.ts';
import { auditEventSchema, auditOutcomeSchema } from '../../../core/api/audit.ts';
import type { Browser } from './browser.ts';
import { tokenIdOf, transactionTypes, writeEntries } from './staff-audit-rows.ts';
import { act, ask, clerkAt } from './staff-desk.ts';
import { activate, type Codes, createTestBank, logIn, type TestBank } from './test-bank.ts';

/** The token's history on the customer's page. */

let bank: TestBank;
let clerk: Browser;
let codes: Codes;

const CUSTOMER = '/customers/senpoku-taro0001';

beforeAll(async () => {
  bank = await createTestBank();
  const customer = bank.browser();
  await logIn(customer);
  codes = await activate(bank, customer, 'taro@example.jp');
  clerk = await clerkAt(bank);
}, 60_000);
afterAll(() => bank.close());

/** Sentences of a page, newest first. */
const sentences = (html: string) =>
  [...html.matchAll(/<div class="what">([^<]*)/g)].map(([, words = '']) => words.trim());

describe('words', () => {
  const JAPANESE = /^[^A-Za-z<>]+$/;

  test('exist for every event and outcome of the service', () => {
    for (const event of auditEventSchema.options) {
      for (const outcome of auditOutcomeSchema.options) {
        const words = wordsOf({ id: '1', at: '', userId: '', event, outcome });
        expect(words, `${event} ${outcome}`).toMatch(JAPANESE);
        expect([eventName(event), outcomeName(outcome)].join('')).toMatch(JAPANESE);
      }
    }
    for (const transaction of transactionTypes) {
      const entry = { id: '1', at: '', userId: '', event: 'decide', outcome: 'confirmed', transaction };
      expect(wordsOf(entry)).toMatch(/^取引認証の回答（[^A-Za-z]+、承認）$/);
    }
  });

  test('of outcomes fit 銀行, 信用組合 and 信用金庫 alike', () => {
    expect(outcomeName('off-origin')).toBe('登録されたサイトでないため不成立');
    expect(auditOutcomeSchema.options.map(outcomeName).join('')).not.toMatch(/当(?:行|組合|金庫)/);
  });

  test('exist for every act and outcome of staff, and differ between acts', () => {
    const acts = [...ACT_NAMES, 'export' as const];
    for (const name of acts) {
      for (const outcome of Object.keys(OUTCOMES) as StaffActOutcome[]) {
        expect(actWords({ act: name, outcome, device: null })).toMatch(JAPANESE);
      }
    }
    expect(new Set(acts.map(actName)).size).toBe(acts.length);
  });

  test('show the name of an event from a later version of the service', () => {
    expect(wordsOf({ id: '1', at: '', userId: '', event: 'teleport', outcome: 'odd' })).toBe(
      'その他（teleport）（その他（odd））',
    );
  });
});

describe('the history of a token', () => {
  test('is told in sentences by day and time, with the person', async () => {
    for (let wrong = 0; wrong < 10; wrong += 1) {
      await bank.service.present('verify', codes.customer, await codes.wrong());
    }
    const { html, text } = await clerk.open(CUSTOMER);
    expect(html).toContain('<ol class="timeline">');
    expect(sentences(html)[0]).toBe('認証停止（誤り10回）');
    expect(text).toMatch(/\d{4}年\d{2}月\d{2}日 \d{2}:\d{2}:\d{2} システム 認証停止（誤り10回）/);
    const all = sentences((await clerk.open(`${CUSTOMER}/history`)).html);
    expect(all.at(-1)).toBe('トークン発行');
    expect(all).toContain('ワンタイムパスワードの認証（誤り）');
    expect(html.match(/<time datetime="\d{4}-/g)?.length).toBe(10);
  });

  test('has each act of staff once, with person, reason and proposal; also if it was only proposed', async () => {
    await act(clerk, 'unlock', { reason: '<b>本人確認</b>' });
    const { html, text } = await clerk.open(CUSTOMER);
    expect(sentences(html).filter((one) => one === '認証停止の解除')).toHaveLength(1);
    expect(text).toContain('認証停止の解除（申請）');
    expect(text).toContain('認証停止の解除（承認）');
    expect(text).toContain('職員 staff01');
    expect(html).toContain('理由：&lt;b&gt;本人確認&lt;/b&gt;');
    expect(html).toMatch(/href="\/proposals\/\d+">申請番号/);
    await ask(clerk, 'emergency', { reason: '盗難' });
    expect(sentences((await clerk.open(CUSTOMER)).html)).toContain('緊急利用停止');
  });

  test('with 10,000 entries has pages that new entries do not move, with each entry once', async () => {
    const tokenId = await tokenIdOf(bank, codes.customer.userId);
    await writeEntries(bank, { tokenId, count: 10_000, event: 'verify', outcome: 'spent' });
    bank.calls.length = 0;
    const first = await clerk.open(`${CUSTOMER}/history`);
    expect(bank.calls.length, 'what one page asks the service').toBeLessThan(5);
    expect(first.html.match(/class="moment"/g)).toHaveLength(100);
    let spent = 0;
    let pages = 0;
    for (let path: string | undefined = `${CUSTOMER}/history`; path !== undefined; pages += 1) {
      const { html, status } = await clerk.open(path);
      expect(status).toBe(200);
      spent += sentences(html).filter((one) => one.endsWith('（使用済み）')).length;
      path = /rel="next" href="([^"]+)"/.exec(html)?.[1];
      await writeEntries(bank, { tokenId, count: 1, event: 'verify', outcome: 'done' });
    }
    expect([spent, pages]).toEqual([10_000, 101]);
  }, 60_000);

  test('is only for the clerk’s own institution, and an unknown place has no page', async () => {
    const other = await clerkAt(bank, 'akita');
    expect((await other.open(`${CUSTOMER}/history`)).status).toBe(404);
    for (const after of ['x', "1-token-1'", '%25', '99999999999999-token-1', 'x'.repeat(5_000)]) {
      expect((await clerk.open(`${CUSTOMER}/history?after=${after}`)).status).toBe(404);
    }
  });

  test('says what is missing while the token service does not answer', async () => {
    bank.way.connection = 'down';
    const { status, text } = await clerk.open(`${CUSTOMER}/history`);
    bank.way.connection = 'up';
    expect([status, text.includes('トークンの記録を表示できていません')]).toEqual([200, true]);
    expect(text).toContain('緊急利用停止');
  });

  test('says 交換 of a token that ended so, not only that it ended', async () => {
    await act(clerk, 'replace', { reason: '端末の紛失' });
    const told = sentences((await clerk.open(CUSTOMER)).html);
    expect(told.filter((one) => one === ACTS.replace.name)).toHaveLength(1);
    expect(told).toContain('利用解除');
  });
});
