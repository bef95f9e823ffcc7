import { describe, expect, test } from 'vitest';
import { noteEnd } from '../../../bank/token/ends.ts';
import { continueProcedures } from '../../../bank/token/procedures.ts';
import { knownToken } from '../../../bank/token/state.ts';
import type { Browser } from './browser.ts';
import { EHIME } from './ehime.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import {
  begin,
  type Contract,
  type Desk,
  fill,
  HANAKO,
  logIn,
  openDesk,
  positions,
  register,
  type SerialToken,
  TARO,
} from './test-shinkin.ts';

/** 利用開始, 交換 and 利用中止 whose answer of the token service was lost, or came too late, or not at all. */

let bank: TestBank;
let desk: Desk;

useTestBank(async (stage) => {
  ({ bank } = stage);
  desk = await openDesk(bank);
  made = [];
});

/** Of one test. */
let made: SerialToken[] = [];

async function newToken(): Promise<SerialToken> {
  const token = await desk.newToken();
  made.push(token);
  return token;
}

const DONE = 'ワンタイムパスワード利用開始（処理結果）';

const rows = () => bank.db.selectFrom('otp_procedures').selectAll().orderBy('created_at').execute();
const goOn = () => continueProcedures({ ...bank.chores, directory: bank.directory });
const inService = (serial: string) =>
  bank.service.db
    .selectFrom('tokens')
    .select(['status', 'user_id', 'activation_failures', 'failures', 'drift'])
    .where('serial', '=', serial)
    .executeTakeFirstOrThrow();

async function lose<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  bank.way.connection = 'lost';
  const answer = await work();
  bank.way.connection = 'up';
  return answer;
}

/** Has the service say that it was asked too often, or has no time; it does nothing then. */
function refuse(status: 429 | 503) {
  const { app } = bank.service;
  const code = status === 429 ? 'rate_limited' : 'unavailable';
  const body = { type: 'about:blank', title: 'x', status, code };
  bank.replaceService({
    request: (url, init) =>
      init.method === 'POST'
        ? new Response(JSON.stringify(body), {
            status,
            headers: { 'content-type': 'application/problem+json' },
          })
        : app.request(url, init),
  });
  return () => bank.replaceService(app);
}

interface Lost {
  /** As it was before the form was sent: what 戻る shows. */
  readonly back: Browser;
  readonly browser: Browser;
  readonly token: SerialToken;
  readonly typed: Record<string, string>;
}

/** 利用開始 whose answer is lost. */
async function lostRegistration(contract: Contract = TARO): Promise<Lost> {
  const browser = desk.browser();
  const token = await newToken();
  await begin(browser, 'register', contract);
  const back = browser.copy();
  const typed = { serial: token.serial, otp: await token.code(), login_otp: 'no' };
  await lose(() => fill(browser, 'register', typed, contract));
  return { back, browser, token, typed };
}

/** 交換 of the token in use, whose answer is lost. */
async function lostExchange() {
  const { user_id } = await desk.customer();
  const old = made.find(({ userId }) => userId === user_id);
  if (old === undefined) throw new Error('there is nothing to exchange');
  const browser = desk.browser();
  const fresh = await newToken();
  await begin(browser, 'exchange');
  const back = browser.copy();
  const typed = { otp_old: await old.code(), serial: fresh.serial, otp: await fresh.code() };
  await lose(() => fill(browser, 'exchange', typed));
  return { browser, back, fresh, typed };
}

describe('an answer that was lost', () => {
  test('the page says that it goes on, where its end is told, and that nothing is to be typed again', async () => {
    const { browser, token } = await lostRegistration();
    expect(browser.seen.status).toBe(503);
    expect(browser.seen.text).not.toContain('お手続きは行われていません');
    for (const said of [
      '結果を確認しています',
      'もう一度入力していただく必要はありません',
      'Eメールアドレス',
    ]) {
      expect(browser.seen.text).toContain(said);
    }
    const [, of = ''] = /name="of" value="([^"]+)"/.exec(browser.seen.html) ?? [];
    const seen = await browser.open(`/otp-service/register/input?of=${of}`);
    expect(seen.heading).toBe(DONE);
    expect(seen.text).toContain(token.serial);
  });

  test('is no trouble where the form is sent again: what the service accepted is registered', async () => {
    const { back, token, typed } = await lostRegistration();
    expect(await desk.customer()).toMatchObject({ user_id: null });
    expect((await fill(back, 'register', typed)).heading).toBe(DONE);
    expect(await desk.customer()).toMatchObject({ user_id: token.userId });
  });

  test('is no trouble where the customer begins anew: the result is shown, and no form', async () => {
    await lostRegistration();
    bank.advance(30_000);
    const second = desk.browser();
    expect((await begin(second, 'register')).heading).toBe(DONE);
    expect(await rows()).toHaveLength(1);
  });

  test('is found by the bank itself, where the customer never comes back', async () => {
    const { back, token, typed } = await lostRegistration();
    await goOn();
    expect(await desk.customer()).toMatchObject({ user_id: null });
    bank.advance(31_000);
    await Promise.all([goOn(), goOn()]);
    expect(await desk.customer()).toMatchObject({ user_id: token.userId });
    expect(await desk.mails(TARO)).toHaveLength(1);
    expect((await fill(back, 'register', typed)).heading).toBe(DONE);
  });

  test('the positions that were given are not asked for again, whoever ends it; others asked for since stay', async () => {
    const asked = () => bank.db.selectFrom('position_challenges').select(['first', 'second']).execute();
    await lostRegistration();
    const given = await asked();
    bank.advance(31_000);
    await goOn();
    expect([given.length, await asked()]).toEqual([1, []]);
    const { back } = await lostExchange();
    const others = positions(back.seen).position_1 === undefined ? [1, 2] : [9, 10];
    const [first = 0, second = 0] = others;
    await bank.db.updateTable('position_challenges').set({ first, second }).execute();
    bank.advance(31_000);
    await goOn();
    expect((await rows()).map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await asked()).toEqual([{ first, second }]);
  });

  test('codes under way are sealed, and gone when it is decided', async () => {
    const { back, typed } = await lostRegistration();
    const [open] = await rows();
    expect(open?.state).toBe('claimed');
    expect(Buffer.from(open?.codes ?? []).includes(typed.otp ?? '')).toBe(false);
    await fill(back, 'register', typed);
    expect((await rows()).map(({ codes }) => codes)).toEqual([null]);
  });

  test('交換 is found by a login, and told once, by the mail of 交換', async () => {
    await register(bank, desk.browser(), await newToken());
    const { browser, back, fresh, typed } = await lostExchange();
    expect(browser.seen.status).toBe(503);
    const other = desk.browser();
    await logIn(other);
    expect((await other.open('/otp')).text).toContain(`シリアル番号 ${fresh.serial}`);
    expect((await fill(back, 'exchange', typed)).heading).toBe('ワンタイムパスワード交換（処理結果）');
    expect(await desk.customer()).toMatchObject({ user_id: fresh.userId });
    const subjects = (await desk.mails(TARO)).map(({ subject }) => subject);
    expect(subjects).toHaveLength(2);
    expect(subjects[0]).toContain('ワンタイムパスワード交換完了のお知らせ');
  });

  test.each(['exchange', 'stop'] as const)(
    '%s whose codes have run out is ended by the bank as well',
    async (kind) => {
      const old = await desk.newToken();
      await register(bank, desk.browser(), old);
      const fresh = await desk.newToken();
      const browser = desk.browser();
      await begin(browser, kind);
      const typed: Record<typeof kind, Record<string, string>> = {
        exchange: { otp_old: await old.code(), serial: fresh.serial, otp: await fresh.code() },
        stop: { otp: await old.code() },
      };
      await lose(() => fill(browser, kind, typed[kind]));
      bank.advance(3_600_000);
      await goOn();
      expect((await rows()).map(({ state }) => state)).toEqual(['done', 'done']);
      expect((await inService(old.serial)).failures).toBe(0);
    },
  );
});

describe('a request that did not arrive', () => {
  test('is not made late: codes that have run out are presented nowhere, and count nowhere', async () => {
    const { token, browser } = await lostRegistration();
    await bank.service.db
      .updateTable('tokens')
      .set({ status: 'enrolled', activated_at: null })
      .where('serial', '=', token.serial)
      .execute();
    await bank.service.db.deleteFrom('idempotency').execute();
    bank.advance(31_000);
    bank.calls.length = 0;
    await goOn();
    expect(bank.calls.filter(({ path }) => path.endsWith('/bind'))).toEqual([]);
    expect(await inService(token.serial)).toMatchObject({ status: 'enrolled', activation_failures: 0 });
    expect((await rows()).map(({ state }) => state)).toEqual(['refused']);
    const [, of = ''] = /name="of" value="([^"]+)"/.exec(browser.seen.html) ?? [];
    const seen = await browser.open(`/otp-service/register/input?of=${of}`);
    expect(seen.text).toContain('先ほどのお手続きは完了していません');
    await fill(browser, 'register', { serial: token.serial, otp: await token.code(), login_otp: 'no' });
    expect(browser.seen.heading).toBe(DONE);
  });

  test('is asked for no more once the service has forgotten its key', async () => {
    await lostRegistration();
    bank.advance(21 * 3_600_000);
    bank.calls.length = 0;
    await goOn();
    expect(bank.calls).toEqual([]);
    expect((await rows()).map(({ state }) => state)).toEqual(['refused']);
  });

  test('503: it may have been done, so it goes on', async () => {
    const browser = desk.browser();
    const token = await desk.newToken();
    await begin(browser, 'register');
    const back = browser.copy();
    const typed = { serial: token.serial, otp: await token.code(), login_otp: 'no' };
    const restore = refuse(503);
    expect((await fill(browser, 'register', typed)).text).toContain('結果を確認しています');
    restore();
    expect((await fill(back, 'register', typed)).heading).toBe(DONE);
  });

  test('429: nothing was done, the page says so, and nothing goes on', async () => {
    const browser = desk.browser();
    const token = await desk.newToken();
    await begin(browser, 'register');
    const typed = { serial: token.serial, otp: await token.code(), login_otp: 'no' };
    const restore = refuse(429);
    expect((await fill(browser, 'register', typed)).text).toContain('お手続きは行われていません');
    restore();
    expect(await rows()).toEqual([]);
    expect((await fill(browser, 'register', typed)).heading).toBe(DONE);
  });
});

describe('procedures that the bank goes on with', () => {
  test('one that cannot be read does not keep the others from their turn', async () => {
    await lostRegistration(HANAKO);
    await bank.db
      .updateTable('otp_procedures')
      .set({ codes: new Uint8Array(40) })
      .execute();
    const { token } = await lostRegistration();
    bank.advance(31_000);
    await goOn();
    expect(await desk.customer()).toMatchObject({ user_id: token.userId });
    expect((await rows()).map(({ state }) => state)).toEqual(['claimed', 'done']);
    expect(bank.log.some((line) => line.includes('could not finish procedure'))).toBe(true);
  });

  test('利用中止 ends the token in the contract’s list, whatever end was known of it', async () => {
    const token = await desk.newToken();
    await register(bank, desk.browser(), token);
    await bank.db.updateTable('customers').set({ token_ends_at: null }).execute();
    const browser = desk.browser();
    await begin(browser, 'stop');
    await fill(browser, 'stop', { otp: await token.code() });
    const [held] = await bank.db.selectFrom('customer_tokens').selectAll().execute();
    expect(held?.held_until).not.toBeNull();
  });

  test('what is said of another token than the contract has is no end of that one', async () => {
    const old = await desk.newToken();
    await register(bank, desk.browser(), old);
    const customer = await desk.customer();
    const other = await desk.newToken();
    await register(bank, desk.browser(), other, { contract: HANAKO });
    const state = await knownToken(bank.dependencies, EHIME, other.userId);
    if (state === undefined) throw new Error('the service does not say');
    await noteEnd(bank.dependencies, customer, { ...state, kind: 'released' });
    expect((await desk.customer()).token_ends_at).toEqual(customer.token_ends_at);
    const held = await bank.db.selectFrom('customer_tokens').select('held_until').execute();
    expect(held).toEqual([{ held_until: null }, { held_until: null }]);
  });
});
