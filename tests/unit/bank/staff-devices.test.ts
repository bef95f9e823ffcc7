import { describe, expect, test } from 'vitest';
import { finishUnpairings } from '../../../bank/staff/chores.ts';
import { type Desktop, pairings } from '../../service/test-pairing.ts';
import type { Browser } from './browser.ts';
import { ask, askFor, clerkAt, loseFirstAnswer, pathOf, recorded } from './staff-desk.ts';
import { type Codes, EMAIL, type TestBank, useTestBankInUse } from './test-bank.ts';

/** The devices of a customer's token at the console. */

const CUSTOMER = '/customers/senpoku-taro0001';
const LEFT = 31_000;

let bank: TestBank;
let clerk: Browser;
let codes: Codes;
let desktop: Desktop;
let pairing: ReturnType<typeof pairings>;
let before: number;

useTestBankInUse(async (stage) => {
  ({ bank, codes } = stage);
  pairing = pairings(bank.service);
  desktop = await pairing.pair(codes.customer);
  clerk = await clerkAt(bank);
  before = (await recorded(bank)).length;
});

const acts = async () => (await recorded(bank)).slice(before);
const kept = () => bank.db.selectFrom('unpairings').selectAll().execute();
const devices = async () => (await pairing.devices(codes.customer)).said?.devices ?? [];

test('are listed with what each may do and when it was there', async () => {
  const { text } = await clerk.open(CUSTOMER);
  expect(text).toContain('ブラウザーの拡張機能 Chrome (Windows)');
  expect(text).toContain('入力のみ（連携したパソコン）');
  expect(text).toContain('コードの表示・承認・入力');
});

test('a clerk removes one alone; the customer is mailed by the event, and it is written down', async () => {
  const second = await pairing.pair(codes.customer);
  await bank.deliverEvents();
  await bank.mails(EMAIL);
  bank.messages.clear();
  const record = await ask(clerk, 'unpair', { device: desktop.pairing });
  expect(record).toMatchObject({ status: 200 });
  expect(record.text).toContain('パソコンとの連携を解除しました。');
  expect(record.text).toMatch(/対象のパソコン[^対]*Chrome \(Windows\)（.* 連携）/);
  expect((await devices()).map(({ id }) => id)).not.toContain(desktop.pairing);
  expect((await devices()).map(({ id }) => id)).toContain(second.pairing);
  expect(await acts()).toEqual(['unpair done']);
  await bank.deliverEvents();
  expect((await bank.mails(EMAIL)).map(({ subject }) => subject)).toEqual([
    'トークンとパソコンの連携解除のお知らせ',
  ]);
  const audited = await bank.service.db
    .selectFrom('audit')
    .select(['event', 'actor', 'reason', 'device_id'])
    .where('event', '=', 'unpair')
    .execute();
  expect(audited).toEqual([
    { event: 'unpair', actor: 'staff01', reason: '窓口での申し出', device_id: desktop.pairing },
  ]);
});

test('the confirmation says which one, and one that is gone meanwhile is refused in words', async () => {
  const confirm = await askFor(clerk, 'unpair', { device: desktop.pairing });
  expect(confirm.text).toContain('解除するパソコン');
  expect(confirm.text).toContain('Chrome (Windows)');
  await pairing.remove(codes.customer, desktop.pairing);
  const late = await clerk.send(pathOf('unpair'));
  expect(late.status).toBe(409);
  expect(late.text).toContain('何も変更していません。');
  expect(await acts()).toEqual(['unpair refused']);
});

test('of a token that is stopped, the act does not say that it can be used', async () => {
  await bank.service.db
    .updateTable('tokens')
    .set({ status: 'suspended', suspended_from: 'active' })
    .execute();
  const { text } = await clerk.open(pathOf('unpair'));
  expect(text).toContain('トークンの状態は変わりません。');
  expect(text).not.toContain('そのままご利用いただけます');
});

test('where none is chosen, the form says so; where none is paired, the act is not offered', async () => {
  const wrong = await askFor(clerk, 'unpair', { device: '' });
  expect(wrong).toMatchObject({ status: 422 });
  expect(wrong.text).toContain('パソコンを選択してください。');
  await pairing.remove(codes.customer, desktop.pairing);
  const { text } = await clerk.open(CUSTOMER);
  expect(text).toContain('トークンにパソコンが連携されている場合に行えます。');
});

test('a lost answer is found out by the same form, and removes once', async () => {
  await askFor(clerk, 'unpair', { device: desktop.pairing });
  bank.way.connection = 'lost';
  const lost = await clerk.send(pathOf('unpair'));
  bank.way.connection = 'up';
  expect(lost.status).toBe(503);
  expect(lost.text).toContain('もう一度同じボタンを押してください');
  expect(lost.text).toContain('この画面を閉じても、応答がありしだい、お手続きを続けます');
  expect(await clerk.send(pathOf('unpair'))).toMatchObject({ status: 200 });
  expect(await acts()).toEqual(['unpair unanswered', 'unpair done']);
  expect(await kept()).toEqual([]);
});

describe('where the answer was lost and nobody sends the form again, the bank', () => {
  /** The console’s form as far as the answer, which does not come. */
  async function lost() {
    await askFor(clerk, 'unpair', { device: desktop.pairing });
    bank.way.connection = 'lost';
    expect(await clerk.send(pathOf('unpair'))).toMatchObject({ status: 503 });
    bank.way.connection = 'up';
  }
  async function neverArrives() {
    const { app } = bank.service;
    await askFor(clerk, 'unpair', { device: desktop.pairing });
    bank.replaceService({
      request: (url, init) =>
        init.method === 'POST' ? new Response(null, { status: 502 }) : app.request(url, init),
    });
    await clerk.send(pathOf('unpair'));
    bank.replaceService(app);
  }
  const round = () => finishUnpairings(bank.dependencies);

  test('writes down that it was done, of which device, once for any number of nodes', async () => {
    await lost();
    await round();
    expect(await acts(), 'left to the form at first').toEqual(['unpair unanswered']);
    bank.advance(LEFT);
    await Promise.all([round(), round(), round()]);
    await round();
    expect(await acts()).toEqual(['unpair unanswered', 'unpair done']);
    expect(await kept()).toEqual([]);
    const written = await bank.db.selectFrom('staff_acts').select(['device_id', 'device']).execute();
    const ofThis = written.filter(({ device_id }) => device_id === desktop.pairing);
    expect(ofThis).toHaveLength(2);
    for (const { device } of ofThis) expect(device).toContain('Chrome (Windows)');
  });

  test('writes it down where the repeat of the call found the service busy', async () => {
    await askFor(clerk, 'unpair', { device: desktop.pairing });
    loseFirstAnswer(bank);
    await clerk.send(pathOf('unpair'));
    bank.replaceService(bank.service.app);
    bank.advance(LEFT);
    await round();
    expect(await acts()).toEqual(['unpair unanswered', 'unpair done']);
    expect(await kept()).toEqual([]);
  });

  test('does it where the request never arrived', async () => {
    await neverArrives();
    expect((await devices()).map(({ id }) => id)).toContain(desktop.pairing);
    bank.advance(LEFT);
    await round();
    expect((await devices()).map(({ id }) => id)).not.toContain(desktop.pairing);
    expect(await acts()).toEqual(['unpair unanswered', 'unpair done']);
  });

  test('writes down that it was refused where the customer was first', async () => {
    await neverArrives();
    await pairing.remove(codes.customer, desktop.pairing);
    bank.advance(LEFT);
    await round();
    expect(await acts()).toEqual(['unpair unanswered', 'unpair refused']);
    expect(await kept()).toEqual([]);
  });
});

test('an auditor sees them and removes none', async () => {
  const auditor = await clerkAt(bank, 'senpoku', 'auditor');
  expect((await auditor.open(CUSTOMER)).text).toContain('Chrome (Windows)');
  expect(await auditor.open(pathOf('unpair'))).toMatchObject({ status: 403 });
});
