import { expect, test } from 'vitest';
import { sha256 } from '../../../bank/keys.ts';
import { finishEmergencies } from '../../../bank/staff/chores.ts';
import type { Browser } from './browser.ts';
import { ask, askedTooOften, askFor, clerkAt, loseFirstAnswer, pathOf, recorded } from './staff-desk.ts';
import { EMAIL, type TestBank, useTestBankInUse } from './test-bank.ts';

/** 緊急利用停止 whose answer was lost: the bank finishes it under the key of its form. */

const LEFT = 31_000;
const HOUR = 60 * 60_000;

let bank: TestBank;
let clerk: Browser;
/** Of acts that were written down before the test: nothing takes them away. */
let before: number;

useTestBankInUse(async (stage) => {
  ({ bank } = stage);
  clerk = await clerkAt(bank);
  before = (await recorded(bank)).length;
});

const acts = async () => (await recorded(bank)).slice(before);
const round = () => finishEmergencies(bank.dependencies);
const reviews = () => bank.db.selectFrom('reviews').select('user_id').execute();
const keys = () =>
  bank.calls.filter(({ path }) => path.startsWith('/v1/staff/') && path.endsWith('/suspend'));
const statusNow = async () =>
  (await bank.service.db.selectFrom('tokens').select('status').executeTakeFirstOrThrow()).status;

/** As far as the answer, which does not come. */
async function lost() {
  await askFor(clerk, 'emergency');
  bank.way.connection = 'lost';
  const seen = await clerk.send(pathOf('emergency'));
  bank.way.connection = 'up';
  expect(seen.status).toBe(503);
  return seen;
}

async function neverArrives(): Promise<void> {
  const { app } = bank.service;
  await askFor(clerk, 'emergency');
  bank.replaceService({
    request: (url, init) =>
      init.method === 'POST' ? new Response(null, { status: 502 }) : app.request(url, init),
  });
  await clerk.send(pathOf('emergency'));
  bank.replaceService(app);
}

test('is written down as done, once, by any number of nodes; the customer is told once', async () => {
  expect((await lost()).text).toContain('この画面を閉じても、応答がありしだい、お手続きを続けます');
  bank.advance(LEFT);
  await Promise.all([round(), round(), round()]);
  await round();
  expect(await acts()).toEqual(['emergency unanswered', 'emergency done']);
  expect(new Set(keys().map(({ key }) => key)).size).toBe(1);
  expect(await reviews()).toHaveLength(1);
  const told = (await bank.mails(EMAIL)).filter(({ subject }) => subject.includes('利用停止'));
  expect(told).toHaveLength(1);
});

test('is done where the request never arrived', async () => {
  await neverArrives();
  expect(await statusNow()).toBe('active');
  bank.advance(LEFT);
  await round();
  expect([await statusNow(), await acts()]).toEqual([
    'suspended',
    ['emergency unanswered', 'emergency done'],
  ]);
});

test('is left to its form at first, and to the supervisors once the service may have forgotten its key', async () => {
  await lost();
  const sent = keys().length;
  await round();
  bank.advance(21 * HOUR);
  await round();
  expect([keys().length, await acts()]).toEqual([sent, ['emergency unanswered']]);
  expect(await reviews()).toHaveLength(1);
});

test('is not lost where the repeat of the call finds the service busy', async () => {
  await askFor(clerk, 'emergency');
  loseFirstAnswer(bank);
  const seen = await clerk.send(pathOf('emergency'));
  expect([seen.status, await statusNow()]).toEqual([503, 'suspended']);
  expect(seen.text).toContain('お手続きの結果を確認できませんでした');
  bank.replaceService(bank.service.app);
  bank.advance(LEFT);
  await round();
  expect(await acts()).toEqual(['emergency unanswered', 'emergency done']);
  expect(await reviews()).toHaveLength(1);
});

test('whose process died is kept where the service is busy, for the chore and for its form', async () => {
  const { html } = await askFor(clerk, 'emergency');
  const [, submission] = /name="submission" value="([^"]+)"/.exec(html) ?? [];
  const { user_id } = await bank.db
    .selectFrom('customers')
    .select('user_id')
    .where('id', '=', 'senpoku-taro0001')
    .executeTakeFirstOrThrow();
  await bank.db
    .insertInto('reviews')
    .values({
      key: sha256(`staff act ${submission}`),
      institution: 'senpoku',
      customer_id: 'senpoku-taro0001',
      user_id: user_id ?? '',
      reason: '窓口での申し出',
      acted_by: 'staff01',
      acted_at: new Date(bank.dependencies.clock()),
    })
    .execute();
  bank.replaceService({ request: async () => askedTooOften() });
  bank.advance(LEFT);
  await round();
  expect(await reviews()).toHaveLength(1);
  expect((await clerk.send(pathOf('emergency'))).text).toContain('お手続きの結果を確認できませんでした');
  expect(await reviews()).toHaveLength(1);
  bank.replaceService(bank.service.app);
  bank.advance(LEFT);
  await round();
  expect(await acts()).toEqual(['emergency done']);
});

test('that does not fit any more is written down as refused, and there is nothing to review', async () => {
  await neverArrives();
  await bank.service.db.updateTable('tokens').set({ status: 'released' }).execute();
  bank.advance(LEFT);
  await round();
  await round();
  expect(await acts()).toEqual(['emergency unanswered', 'emergency refused']);
  expect(await reviews()).toEqual([]);
});

test('that was answered is not asked for again', async () => {
  await ask(clerk, 'emergency');
  const sent = keys().length;
  bank.advance(LEFT);
  await round();
  expect([keys().length, await acts()]).toEqual([sent, ['emergency done']]);
});
