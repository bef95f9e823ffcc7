import { describe, expect, test } from 'vitest';
import { continueRequests } from '../../../bank/request/chores.ts';
import type { Browser } from './browser.ts';
import { EMAIL, type TestBank, useTestBankInUse } from './test-bank.ts';
import { CHANGES, changes, enterChange, held } from './test-change.ts';
import { enter, PASSWORD, press, tokenOf, transfers } from './test-transfer.ts';

let bank: TestBank;
let browser: Browser;
let token: ReturnType<typeof tokenOf>;

useTestBankInUse(
  (stage) => {
    ({ bank, browser } = stage);
    token = tokenOf(bank, stage.codes);
  },
  { confirmation: 'code' },
);

const BEFORE = { email: EMAIL, limit: null };
const wrongOf = (code: string) => (code === '00000000' ? '11111111' : '00000000');

describe.each(Object.entries(CHANGES))('取引認証, code: %s', (_name, change) => {
  const { screens } = change;
  const confirm = async () => {
    await enterChange(browser, change);
    await token.decide('confirmed');
    await browser.open(browser.seen.path);
    return token.confirmationCode();
  };
  const execute = (confirmation_code: string, window = browser) =>
    press(window, 'execute', { ...PASSWORD, confirmation_code });

  test('asks for the code made for these details, and stores it nowhere', async () => {
    const code = await confirm();
    expect((await press(browser, 'execute', PASSWORD)).text).toContain('取引認証コードを入力してください');
    expect((await execute(code)).screenId).toBe(screens.complete);
    expect(await held(bank)).not.toEqual(BEFORE);
    expect((await changes(bank))[0]?.code).toBeNull();
    expect(bank.log.join('\n')).not.toContain(code);
  });

  test('W3: a login code makes no change; the right one still does', async () => {
    const code = await confirm();
    const seen = await execute(await token.codes.code());
    expect(seen).toMatchObject({ status: 422, screenId: screens.waiting });
    expect(seen.text).toContain('ログイン用のワンタイムパスワードでは確定できません');
    expect(await held(bank)).toEqual(BEFORE);
    expect((await execute(code)).screenId).toBe(screens.complete);
  });

  test('the code of a transfer or of another change makes no change', async () => {
    await enter(browser, { amount: '1000' });
    await token.decide('confirmed');
    const ofTransfer = await token.confirmationCode();
    const other = change === CHANGES.limit ? CHANGES.email : CHANGES.limit;
    await enterChange(browser, other);
    await token.decide('confirmed', (await changes(bank)).at(-1)?.number ?? '');
    const ofOther = await token.confirmationCode();
    await enterChange(browser, change);
    await token.decide('confirmed', (await changes(bank)).at(-1)?.number ?? '');
    await browser.open(browser.seen.path);
    for (const code of [ofTransfer, ofOther]) {
      expect((await execute(code)).text).toContain('取引認証コードが正しくありません');
    }
    expect(await held(bank)).toEqual(BEFORE);
    expect((await execute(await token.confirmationCode())).screenId).toBe(screens.complete);
  });

  test('the code of a change moves no money', async () => {
    const code = await confirm();
    await enter(browser, { amount: '1000' });
    await token.decide('confirmed', (await transfers(bank)).at(-1)?.number ?? '');
    await browser.open(browser.seen.path);
    expect((await execute(code)).text).toContain('取引認証コードが正しくありません');
    expect((await transfers(bank)).map(({ state }) => state)).toEqual(['waiting']);
  });

  test('three wrong codes end the request', async () => {
    const code = await confirm();
    for (let attempt = 1; attempt <= 3; attempt++) await execute(wrongOf(code));
    expect(browser.seen.screenId).toBe(screens.stopped);
    expect(browser.seen.text).toContain('取引認証コードの誤りが続いた場合も取り消されます');
    expect(await held(bank)).toEqual(BEFORE);
  });

  test('after a lost answer the bank finishes by itself with the code it has', async () => {
    const code = await confirm();
    bank.way.connection = 'lost';
    expect((await execute(code)).screenId).toBe(screens.running);
    bank.way.connection = 'up';
    bank.advance(11_000);
    await continueRequests(bank.chores);
    expect(await held(bank)).not.toEqual(BEFORE);
    expect((await browser.open(browser.seen.path)).screenId).toBe(screens.complete);
  });

  test('ten simultaneous tries with right and wrong codes make it at most once', async () => {
    const code = await confirm();
    const windows = Array.from({ length: 10 }, () => browser.copy());
    await Promise.all(
      windows.map((window, index) => execute(index % 2 === 0 ? code : wrongOf(code), window)),
    );
    await browser.open(browser.seen.path);
    if (browser.seen.screenId === screens.waiting) await execute(code);
    expect((await changes(bank)).map(({ state }) => state)).toEqual(['done']);
  });
});
