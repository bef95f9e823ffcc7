import { beforeEach, describe, expect, test } from 'vitest';
import { continueRequests } from '../../../bank/request/chores.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { wrongCode } from '../../service/test-service.ts';
import type { Browser } from './browser.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import {
  type Desk,
  type Device,
  logIn,
  openDesk,
  positions,
  register,
  type SerialToken,
} from './test-shinkin.ts';
import { NEW_PAYEE } from './test-transfer.ts';

/** Transfers at ehime: 取引認証 on a software token; by the code of a hardware token, up to a sum; none without a token. */

const BALANCE = 3_000_000;

let bank: TestBank;
let desk: Desk;
let browser: Browser;

useTestBank(async (stage) => {
  ({ bank } = stage);
  desk = await openDesk(bank);
});

beforeEach(() => {
  browser = desk.browser();
});

const FROM = 'ehime-1234567890-0';

async function enter(fields: Record<string, string> = {}) {
  await browser.open('/transfer/new');
  return browser.send('/transfer/new', { ...NEW_PAYEE, from_account: FROM, ...fields });
}

/** 確定する on the shown page, with the right positions. */
const execute = (fields: Record<string, string> = {}) => {
  const [path] = /^\/transfer\/[\w-]{43}/.exec(browser.seen.path) ?? [];
  return browser.send(`${path}/execute`, { ...positions(browser.seen), ...fields });
};

const balance = async () => {
  const { balance: yen } = await bank.db
    .selectFrom('accounts')
    .select('balance')
    .where('id', '=', FROM)
    .executeTakeFirstOrThrow();
  return Number(yen);
};

test('without a registered token nothing is transferred, by the menu or by the form', async () => {
  await logIn(browser);
  const { text, html } = await browser.open('/transfer');
  expect(text).toContain('ワンタイムパスワードの利用登録が必要です');
  expect(html).not.toContain('/transfer/new');
  expect((await browser.open('/transfer/new')).text).toContain('利用登録が必要です');
});

describe('a software token', () => {
  let token: SerialToken;

  beforeEach(async () => {
    token = await desk.newToken();
    await register(bank, desk.browser(), token);
    await logIn(browser);
  });

  test('is asked to confirm, though the login asked for no code; then two digits decide', async () => {
    await enter();
    expect(browser.seen.heading).toBe('振込（取引認証）');
    const shown = confirmations(bank.service);
    const [one] = await shown.shown(token);
    const { confirmation } = JSON.parse(one?.details ?? '{}') as { confirmation: string };
    await shown.decide(token, { id: confirmation }, 'confirmed');
    await browser.open(browser.seen.path);
    expect(browser.seen.text).toContain('資金移動用パスワード');
    const asked = Object.keys(positions(browser.seen));
    expect((await execute()).heading).toBe('振込（完了）');
    expect(await balance()).toBe(BALANCE - 150_000);
    expect(asked).toHaveLength(2);
  });

  test('positions in the wrong fields are wrong, and stay the same', async () => {
    await enter({ way: 'own', own: 'ehime-1234567890-1', amount: '1000' });
    const asked = positions(browser.seen);
    const [first, second] = Object.keys(asked);
    if (first === undefined || second === undefined) throw new Error('no positions');
    await execute({ [first]: asked[second] ?? '', [second]: asked[first] ?? '' });
    expect(browser.seen.status).toBe(422);
    expect(positions(browser.seen)).toEqual(asked);
    expect((await execute()).heading).toBe('振替（完了）');
  });
});

describe('a hardware token', () => {
  let device: Device;

  beforeEach(async () => {
    device = await desk.newDevice();
    await register(bank, desk.browser(), device, { pair: await device.pair() });
    await logIn(browser);
  });

  test('confirms by its code, and the page says plainly what that means', async () => {
    await enter();
    expect(browser.seen.heading).toBe('振込（確認画面）');
    expect(browser.seen.text).toContain('ハードウェアトークンには、お取引の内容が表示されません');
    expect(browser.seen.text).toContain('300,000円');
    const path = `${browser.seen.path}/edit`;
    const edit = await browser.copy().open(path);
    expect(edit.text).toContain('ハードウェアトークンでのお振込は、1件あたり300,000円までです');
    expect(edit.text).not.toContain('取引認証');
    expect((await execute({ otp: await device.code() })).heading).toBe('振込（完了）');
    expect(await balance()).toBe(BALANCE - 150_000);
  });

  test('a code is good for one transfer', async () => {
    const code = await device.code();
    await enter();
    await execute({ otp: code });
    await enter({ amount: '1000' });
    expect((await execute({ otp: code })).status).toBe(422);
    expect(await balance()).toBe(BALANCE - 150_000);
  });

  test('without a code, with a wrong one, with wrong positions: nothing moves, and wrong positions cost no code', async () => {
    await enter();
    expect((await execute({ otp: '' })).status).toBe(422);
    expect((await execute({ otp: await wrongCode(device) })).status).toBe(422);
    const asked = positions(browser.seen);
    const wrong = Object.fromEntries(
      Object.entries(asked).map(([name, digit]) => [name, digit === '1' ? '2' : '1']),
    );
    const code = await device.code();
    expect((await execute({ otp: code, ...wrong })).status).toBe(422);
    expect(await balance()).toBe(BALANCE);
    expect((await execute({ otp: code })).heading).toBe('振込（完了）');
  });

  test('more than the directory allows is refused where it is typed, and where it is executed', async () => {
    const seen = await enter({ amount: '300,001' });
    expect(seen.status).toBe(422);
    expect(seen.text).toContain(
      'ハードウェアトークンでのお振込の上限（1件あたり300,000円）を超えるため、お振込できません',
    );
    expect(seen.text).toContain('「交換」でソフトウェアトークンに替えてください');
    await enter({ amount: '300,000' });
    await bank.db.updateTable('transfers').set({ amount: 300_001 }).where('state', '=', 'entered').execute();
    await execute({ otp: await device.code() });
    expect(browser.seen.heading).toBe('振込（お手続きの中止）');
    expect(browser.seen.text).toContain(
      'ハードウェアトークンでのお振込の上限（1件あたり300,000円）を超えるため',
    );
    expect(browser.seen.text).not.toContain('本日の振込・振替限度額');
    expect(await balance()).toBe(BALANCE);
  });

  const state = async () => (await bank.db.selectFrom('transfers').select(['state', 'reason']).execute())[0];
  const lose = async <Answer>(work: () => Promise<Answer>) => {
    bank.way.connection = 'lost';
    const answer = await work();
    bank.way.connection = 'up';
    return answer;
  };

  /** Has the service answer codes in this way. @returns what ends it */
  const answerCodes = (answer: () => Response) => {
    const { app } = bank.service;
    bank.replaceService({
      request: (url, init) => (url.endsWith('/verify') ? answer() : app.request(url, init)),
    });
    return () => bank.replaceService(app);
  };

  test('a lost answer: the page says that it goes on; asked for the result, it transfers once', async () => {
    await enter();
    const code = await device.code();
    const form = browser.copy();
    const seen = await lose(() => execute({ otp: code }));
    expect(seen.heading).toBe('振込（処理中）');
    expect(seen.text).toContain('二重にお手続きされることはありません');
    const [path = ''] = /^\/transfer\/[\w-]{43}/.exec(seen.path) ?? [];
    const again = { ...form.hidden(`${path}/execute`), ...positions(form.seen), otp: code };
    await Promise.all([browser.send(`${path}/execute`), form.post(`${path}/execute`, again)]);
    expect((await browser.open(path)).heading).toBe('振込（完了）');
    expect(await balance()).toBe(BALANCE - 150_000);
  });

  test('of which the bank died between code and money is ended by the bank, once', async () => {
    await enter();
    await lose(async () => execute({ otp: await device.code() }));
    expect(await state()).toMatchObject({ state: 'executing' });
    bank.advance(11_000);
    await Promise.all([continueRequests(bank.chores), continueRequests(bank.chores)]);
    expect(await state()).toMatchObject({ state: 'done' });
    expect(await balance()).toBe(BALANCE - 150_000);
  });

  test('that the service has no time for when asked again stays open, and is done later', async () => {
    await enter();
    await lose(async () => execute({ otp: await device.code() }));
    const body = { type: 'about:blank', title: 'x', status: 429, code: 'rate_limited' };
    const restore = answerCodes(() => Response.json(body, { status: 429 }));
    const [path = ''] = /^\/transfer\/[\w-]{43}/.exec(browser.seen.path) ?? [];
    expect((await browser.send(`${path}/execute`)).heading).toBe('振込（処理中）');
    bank.advance(11_000);
    await continueRequests(bank.chores);
    expect(await state()).toEqual({ state: 'executing', reason: null });
    restore();
    await browser.send(`${path}/execute`);
    expect((await browser.open(path)).heading).toBe('振込（完了）');
    expect(await balance()).toBe(BALANCE - 150_000);
  });

  test('whose code never arrived and has run out is ended without a transfer, and says so', async () => {
    await enter();
    const code = await device.code();
    // As after a crash before the code was sent.
    const restore = answerCodes(() => {
      throw new TypeError('fetch failed');
    });
    await execute({ otp: code });
    restore();
    bank.advance(240_000);
    await continueRequests(bank.chores);
    expect(await state()).toEqual({ state: 'refused', reason: 'code' });
    expect((await browser.open(browser.seen.path)).text).toContain('お振込は行われていません');
    expect(await balance()).toBe(BALANCE);
  });
});
