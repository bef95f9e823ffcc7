import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tellOfEnds } from '../../../bank/token/ends.ts';
import type { Token } from '../../../core/api/bank.ts';
import { type Codes, EMAIL, logIn, type TestBank, useTestBankInUse } from './test-bank.ts';
import { enter } from './test-transfer.ts';

const DAY = 24 * 60 * 60_000;

let bank: TestBank;
let codes: Codes;
let end: number;

useTestBankInUse((stage) => {
  ({ bank, codes } = stage);
});

/** Stops the clock, so that it does not pass 09:00 by itself. */
function standAt(at: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: at });
  bank.service.clock.move(0);
}

beforeEach(async () => {
  const shown = await bank.service.bank('GET', `/v1/tokens/${codes.customer.userId}`);
  end = Date.parse(((await shown.json()) as Token).expiresAt ?? '');
  bank.messages.clear();
});

afterEach(() => vi.useRealTimers());

describe('at 09:00 in Japan on the day', () => {
  test('the login by code ends: it succeeds at 08:59:59, and at 09:00:00 a page says why not', async () => {
    standAt(end - 1000);
    const early = bank.browser();
    expect((await logIn(early)).screenId).toBe('BLI023');
    const late = early.copy();
    expect((await early.send('/login/otp', { otp: await codes.code() })).path).toBe('/top');
    standAt(end);
    const next = await logIn(bank.browser());
    expect(next).toMatchObject({ path: '/login/expired', status: 403, heading: 'トークンの有効期限' });
    expect(next.text).toContain('0120-000-004');
    expect(late.seen.screenId).toBe('BLI023');
  });

  test('a code typed before and sent after leads to the same page, and is not counted as wrong', async () => {
    standAt(end - 1000);
    const typing = bank.browser();
    await logIn(typing);
    const otp = await codes.code();
    standAt(end);
    const refused = await typing.send('/login/otp', { otp });
    expect(refused).toMatchObject({ path: '/login/expired', heading: 'トークンの有効期限' });
    expect((await typing.open('/login/otp')).screenId).toBe('BLI001');
  });

  test('a session from before cannot transfer, and the page says why', async () => {
    standAt(end - 1000);
    const open = bank.browser();
    await logIn(open);
    await open.send('/login/otp', { otp: await codes.code() });
    expect((await enter(open)).screenId).toBe('BFT003');
    standAt(end);
    expect((await open.open('/transfer/new')).text).toContain(
      'トークンの有効期限が過ぎているため、お振込・お振替ができません',
    );
    const menu = await open.open('/otp');
    expect(menu.text).toContain('登録状況 有効期限切れ');
    const refused = await open.open('/otp/release');
    expect(refused).toMatchObject({ status: 409 });
    expect(refused.text).toContain('トークンの有効期限が過ぎているため、お手続きができません。');
    expect(refused.text).toContain('0120-000-004');
  });
});

describe('the warning', () => {
  const inDays = (days: number, ms = 0) => standAt(end - days * DAY + ms);
  const ENDING = 'トークンの有効期限が近づいているお知らせ';
  const told = async () => (await bank.mails(EMAIL)).filter(({ subject }) => subject === ENDING);

  /** Several rounds: a customer whose check was put off is checked when it is due. */
  const tell = () => Promise.all([1, 2, 3].map(() => tellOfEnds(bank.chores)));

  async function top(): Promise<string> {
    const customer = bank.browser();
    await logIn(customer);
    await customer.send('/login/otp', { otp: await codes.code() });
    return customer.seen.text;
  }

  test('is on the top page from 60 days before, and not earlier', async () => {
    inDays(60, -1);
    expect(await top()).not.toContain('有効期限');
    inDays(60, 60_000);
    const warned = await top();
    expect(warned).toMatch(
      /お使いのトークンの有効期限は\d{4}年\d\d月\d\d日 09:00（日本時間）です。あと60日で/,
    );
  });

  test('comes by mail 60, 30 and 7 days before, once each, however many nodes check', async () => {
    inDays(61);
    await tell();
    expect(await told()).toEqual([]);
    for (const [days, count] of [
      [60, 1],
      [59, 1],
      [30, 2],
      [8, 2],
      [7, 3],
      [1, 3],
      [0, 3],
    ] as const) {
      inDays(days);
      await tell();
      await tell();
      expect([days, (await told()).length]).toEqual([days, count]);
    }
    const [last] = await told();
    expect(last?.text).toMatch(/あと7日です。\n有効期限：\d{4}年\d\d月\d\d日 09:00（日本時間）/);
    expect(last?.text).not.toContain('http');
  });

  test('a bank that was down meanwhile sends one mail, with the days that are left', async () => {
    inDays(25);
    await tell();
    expect(await told()).toHaveLength(1);
    expect((await told())[0]?.text).toContain('あと25日です。');
  });

  test('sends nothing while the service is down, and everything an hour later', async () => {
    inDays(60);
    bank.way.connection = 'down';
    await tell();
    expect(await told()).toEqual([]);
    bank.way.connection = 'up';
    inDays(60, 61 * 60_000);
    await tell();
    expect(await told()).toHaveLength(1);
  });

  test('is not sent for a token that was released meanwhile', async () => {
    inDays(59);
    const act = { actor: 'staff01', reason: '解約届' };
    await bank.service.staff('POST', `/v1/staff/tokens/${codes.customer.userId}/release`, act);
    await tell();
    expect(await told()).toEqual([]);
  });
});
