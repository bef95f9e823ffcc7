import { describe, expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { logIn, type TestBank, useTestBankInUse } from './test-bank.ts';
import { enter, NEW_PAYEE, PASSWORD, press, tokenOf, transfers } from './test-transfer.ts';

const MINUTE = 60_000;
const TYPED = ['9911', '001', '1234567', 'ミホン サブロウ', '150,000'];

let bank: TestBank;
let browser: Browser;
let token: ReturnType<typeof tokenOf>;

useTestBankInUse((stage) => {
  ({ bank, browser } = stage);
  token = tokenOf(bank, stage.codes);
});

const again = (who: Browser, fields: Record<string, string> = {}) =>
  who.send('/transfer/new', { ...NEW_PAYEE, ...fields });
const questions = () => bank.service.db.selectFrom('confirmations').select(['id', 'status']).execute();
const value = (who: Browser) => who.hidden('/transfer/new').submission;

/** The form is open in one window, and 確認画面 is pressed in another that shows the same page. */
async function pressed(fields: Record<string, string> = {}): Promise<Browser> {
  await browser.open('/transfer/new');
  const kept = browser.copy();
  await again(browser, fields);
  return kept;
}

function expectTyped() {
  for (const typed of TYPED) expect(browser.seen.html).toContain(`value="${typed}"`);
  expect(browser.seen.html).toContain('value="new" checked');
  expect(browser.seen.screenId).toBe('BFT001');
}

describe('確認画面 asks the token', () => {
  test('at once, and leads to 取引認証', async () => {
    const seen = await enter(browser);
    expect(seen).toMatchObject({ screenId: 'BFT003', heading: '振込（取引認証）', status: 200 });
    expect(await questions()).toMatchObject([{ status: 'waiting' }]);
  });

  test('the same form 20 times at once makes one transfer, one question, one page', async () => {
    await browser.open('/transfer/new');
    const windows = Array.from({ length: 20 }, () => browser.copy());
    const seen = await Promise.all(windows.map((window) => again(window)));
    expect(seen.map(({ screenId }) => screenId)).toEqual(seen.map(() => 'BFT003'));
    expect(new Set(seen.map(({ path }) => path)).size).toBe(1);
    expect(await transfers(bank)).toHaveLength(1);
    expect(await questions()).toHaveLength(1);
  });

  test('after a lost answer pressing again asks no second time', async () => {
    await browser.open('/transfer/new');
    const before = value(browser);
    bank.way.connection = 'lost';
    expect((await again(browser)).status).toBe(503);
    expect(browser.seen.text).toContain('お手続きができません');
    expectTyped();
    expect(value(browser)).toBe(before);
    expect(await questions()).toHaveLength(1);
    bank.way.connection = 'up';
    expect((await again(browser)).screenId).toBe('BFT003');
    expect(await questions()).toHaveLength(1);
    expect(await transfers(bank)).toMatchObject([{ state: 'waiting' }]);
  });

  test('an unreachable service: everything typed is kept, nothing is saved', async () => {
    await browser.open('/transfer/new');
    bank.way.connection = 'down';
    expect((await again(browser)).status).toBe(503);
    expectTyped();
    expect(browser.seen.text).not.toContain('お取引いただけます');
    expect(await transfers(bank)).toEqual([]);
    bank.way.connection = 'up';
    expect((await again(browser)).screenId).toBe('BFT003');
  });

  test('asked for too often: the page says when to try again, and keeps everything typed', async () => {
    for (let request = 1; request <= 5; request++) {
      expect((await enter(browser, { amount: '1' })).screenId).toBe('BFT003');
    }
    const seen = await enter(browser);
    expect(seen.status).toBe(409);
    expect(seen.text).toContain('1分ほど経ってから');
    expectTyped();
    expect((await browser.copy().open('/transfer')).text).not.toContain('150,000円');
    bank.advance(MINUTE + 1_000);
    expect((await again(browser)).screenId).toBe('BFT003');
    expect(await questions()).toHaveLength(6);
  });

  test.each([
    ['1', 1],
    ['60', 1],
    ['61', 2],
    ['420', 7],
    ['0', 1],
    ['soon', 1],
  ])('asked for too often, Retry-After %s: %i minutes', async (retryAfter, minutes) => {
    for (let request = 1; request <= 5; request++) await enter(browser, { amount: '1' });
    bank.way.retryAfter = retryAfter;
    expect((await enter(browser)).text).toContain(`。${minutes}分ほど経ってから`);
  });

  test('a token stopped meanwhile: the page says so, and nothing is asked', async () => {
    await browser.open('/transfer/new');
    await bank.service.db
      .updateTable('tokens')
      .set({ status: 'suspended', suspended_from: 'active' })
      .execute();
    const seen = await again(browser);
    expect(seen.status).toBe(409);
    expect(seen.text).toContain('トークンが利用停止になっているため');
    expect(await questions()).toEqual([]);
  });

  test('only with a form this session was given', async () => {
    await browser.open('/transfer/new');
    for (const submission of ['', 'made.up', `${value(browser)}x`]) {
      expect((await again(browser.copy(), { submission })).status).toBe(403);
    }
    const other = bank.browser();
    await logIn(other, 'hanako01');
    await other.open('/transfer/new');
    expect((await again(other, { submission: value(browser) ?? '' })).status).toBe(403);
    expect(await transfers(bank)).toEqual([]);
  });

  test('errors and searches keep the value of the form', async () => {
    await browser.open('/transfer/new');
    const before = value(browser);
    await again(browser, { amount: '' });
    expect(value(browser)).toBe(before);
    await again(browser, { search: 'bank' });
    expect(value(browser)).toBe(before);
  });
});

describe('back from 取引認証', () => {
  test('the same values lead to the same transfer, waiting or confirmed', async () => {
    const kept = await pressed();
    const { path } = browser.seen;
    expect((await again(kept.copy())).path).toBe(path);
    await token.decide('confirmed');
    const seen = await again(kept);
    expect(seen.path).toBe(path);
    expect(seen.text).toContain('確認されました');
    expect(await questions()).toHaveLength(1);
  });

  test.each([{ amount: '1' }, { payee: 'ミホン シロウ' }, { account_number: '7654321' }])(
    'changed values make another transfer: %j',
    async (fields) => {
      const kept = await pressed();
      const { path } = browser.seen;
      const seen = await again(kept, fields);
      expect(seen.screenId).toBe('BFT003');
      expect(seen.path).not.toBe(path);
      expect(await questions()).toHaveLength(2);
    },
  );

  const ENDINGS: Record<string, () => Promise<unknown>> = {
    rejected: () => token.decide('rejected'),
    cancelled: () => press(browser, 'cancel'),
    expired: async () => {
      bank.advance(3 * MINUTE);
      await browser.copy().open('/top');
      bank.advance(3 * MINUTE);
    },
    done: async () => {
      await token.decide('confirmed');
      await browser.open(browser.seen.path);
      await press(browser, 'execute', PASSWORD);
    },
  };

  test.each(Object.keys(ENDINGS))(
    '%s: the form again with a new value, and then another one',
    async (how) => {
      await bank.db.updateTable('accounts').set({ balance: 160_000 }).where('position', '=', 0).execute();
      const fields = { amount: '80000' };
      const kept = await pressed(fields);
      const before = value(kept);
      const { path } = browser.seen;
      await ENDINGS[how]?.();
      const told = await again(kept, fields);
      expect(told).toMatchObject({ status: 409, screenId: 'BFT001' });
      expect(told.text).toContain(
        how === 'done'
          ? 'すでに受け付けられています'
          : '先のお申込みは終了しており、お取引は行われていません',
      );
      expect(told.html).toContain('value="ミホン サブロウ"');
      expect(value(kept)).not.toBe(before);
      expect(await questions()).toHaveLength(1);
      const next = await again(kept, fields);
      expect(next.screenId).toBe('BFT003');
      expect(next.path).not.toBe(path);
    },
  );

  test('a cancelled transfer can be changed', async () => {
    await enter(browser);
    const seen = await press(browser, 'cancel');
    expect(seen.html).toContain(`action="${seen.path}/edit"`);
    await browser.open(`${seen.path}/edit`);
    expect(browser.seen.html).toContain('value="150000"');
    expect(browser.seen.text).not.toContain('取引認証が必要です');
  });
});

test('a transfer without the OTP: a form sent twice makes one, and after it is done says so', async () => {
  const hanako = bank.browser();
  await logIn(hanako, 'hanako01');
  await hanako.open('/transfer/new');
  const fields = { from_account: 'senpoku-hanako01-0', amount: '1000' };
  const windows = Array.from({ length: 5 }, () => hanako.copy());
  const seen = await Promise.all(windows.map((window) => again(window, fields)));
  expect(new Set(seen.map(({ path }) => path)).size).toBe(1);
  expect(await transfers(bank)).toHaveLength(1);
  for (const window of windows.slice(0, 1)) await press(window, 'execute', PASSWORD);
  expect((await again(hanako, fields)).text).toContain('すでに受け付けられています');
});
