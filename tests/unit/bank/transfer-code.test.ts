import { describe, expect, test } from 'vitest';
import { carryOut } from '../../../bank/request/carry-out.ts';
import { continueRequests } from '../../../bank/request/chores.ts';
import type { ServiceClient } from '../../../bank/token/client.ts';
import { TRANSFER } from '../../../bank/transfer/kind.ts';
import { SENPOKU } from '../../institutions.ts';
import type { Browser } from './browser.ts';
import { EMAIL, logIn, type TestBank, useTestBank } from './test-bank.ts';
import {
  AFTER,
  BEFORE,
  balance,
  confirmed,
  enter,
  PASSWORD,
  press,
  transfers,
  withToken,
} from './test-transfer.ts';

let bank: TestBank;
let browser: Browser;

useTestBank(
  (stage) => {
    ({ bank, browser } = stage);
  },
  { confirmation: 'code' },
);

const fullWidth = (code: string) =>
  code.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
const wrongOf = (code: string) => (code === '00000000' ? '11111111' : '00000000');

describe('取引認証, code', () => {
  test('asks for the code made for these details, in full-width digits too', async () => {
    const token = await confirmed(bank, browser);
    expect(browser.seen.text).toContain('取引認証コード');
    expect((await press(browser, 'execute', PASSWORD)).text).toContain('取引認証コードを入力してください');
    const confirmation_code = fullWidth(await token.confirmationCode());
    const seen = await press(browser, 'execute', { ...PASSWORD, confirmation_code });
    expect(seen.screenId).toBe('BFT004');
    expect(await balance(bank)).toBe(AFTER);
    const stored = JSON.stringify(await transfers(bank));
    expect(stored).not.toContain(await token.codes.code());
    expect((await transfers(bank))[0]?.code).toBeNull();
  });

  test('W3: a login code confirms no transfer, and the message explains it', async () => {
    const token = await confirmed(bank, browser);
    const login = await token.codes.code();
    const seen = await press(browser, 'execute', { ...PASSWORD, confirmation_code: login });
    expect(seen).toMatchObject({ status: 422, screenId: 'BFT003' });
    expect(seen.text).toContain('ログイン用のワンタイムパスワードでは確定できません');
    expect(seen.html).not.toContain(login);
    expect(await balance(bank)).toBe(BEFORE);
    const right = await token.confirmationCode();
    await press(browser, 'execute', { ...PASSWORD, confirmation_code: right });
    expect(await balance(bank)).toBe(AFTER);
    expect(bank.log.join('\n')).not.toContain(right);
  });

  test('W3: a confirmation code cannot log in', async () => {
    const token = await confirmed(bank, browser);
    const other = bank.browser();
    await logIn(other);
    const seen = await other.send('/login/otp', { otp: await token.confirmationCode() });
    expect(seen.text).toContain('ワンタイムパスワードが正しくない');
  });

  describe.each([
    ['確認用パスワード', { confirmation_password: 'machigai1234' }],
    ['取引認証コード', { confirmation_code: '00000000' }],
  ])('a wrong %s in one window', (name, mistake) => {
    const mistaken = `${name}が正しくありません`;
    const counted = async () => ({
      passwords: await bank.db.selectFrom('attempts').select('failures').execute(),
      codes: await bank.service.db.selectFrom('confirmations').select('wrong_codes').execute(),
    });

    test('is not held against the right one in another, which still shows the form', async () => {
      const token = await confirmed(bank, browser);
      const other = browser.copy();
      await other.open(other.seen.path);
      const right = { ...PASSWORD, confirmation_code: await token.confirmationCode() };
      expect((await press(browser, 'execute', { ...right, ...mistake })).text).toContain(mistaken);
      expect((await press(other, 'execute', right)).screenId).toBe('BFT004');
      expect(await balance(bank)).toBe(AFTER);
    });

    test('gets the same answer when the same form is sent again, and counts once', async () => {
      const token = await confirmed(bank, browser);
      const wrong = { ...PASSWORD, confirmation_code: await token.confirmationCode(), ...mistake };
      const again = browser.copy();
      expect((await press(browser, 'execute', wrong)).text).toContain(mistaken);
      const once = await counted();
      expect(await press(again, 'execute', wrong)).toMatchObject({ status: 422 });
      expect(again.seen.text).toContain(mistaken);
      expect(await counted()).toEqual(once);
    });
  });

  test('three wrong codes end the transfer', async () => {
    const token = await confirmed(bank, browser);
    const right = await token.confirmationCode();
    for (let attempt = 1; attempt <= 3; attempt++) {
      await press(browser, 'execute', { ...PASSWORD, confirmation_code: wrongOf(right) });
    }
    expect(browser.seen.screenId).toBe('BFT005');
    expect(browser.seen.text).toContain('取引認証コードの誤りが続いた場合も取り消されます');
    expect(await balance(bank)).toBe(BEFORE);
  });

  test('the code of another transfer is refused', async () => {
    const token = await withToken(bank, browser);
    await enter(browser, { amount: '1000' });
    await token.decide('confirmed');
    const other = await token.confirmationCode();
    await press(browser, 'cancel').catch(() => browser.seen);
    await enter(browser, { amount: '2000' });
    await token.decide('confirmed', (await transfers(bank)).at(-1)?.number ?? '');
    await browser.open(browser.seen.path);
    const seen = await press(browser, 'execute', { ...PASSWORD, confirmation_code: other });
    expect(seen.text).toContain('取引認証コードが正しくありません');
    expect(await balance(bank)).toBe(BEFORE);
  });

  test('after a lost answer the bank finishes by itself with the code it has', async () => {
    const token = await confirmed(bank, browser);
    bank.way.connection = 'lost';
    await press(browser, 'execute', { ...PASSWORD, confirmation_code: await token.confirmationCode() });
    expect(browser.seen.screenId).toBe('BFT006');
    bank.way.connection = 'up';
    bank.advance(11_000);
    await continueRequests(bank.chores);
    expect(await balance(bank)).toBe(AFTER);
    expect((await browser.open(browser.seen.path)).screenId).toBe('BFT004');
  });

  test('of simultaneous right and wrong codes from separate windows no right one is called wrong, and money moves once', async () => {
    const token = await confirmed(bank, browser);
    const right = await token.confirmationCode();
    const { path } = browser.seen;
    const codes = [wrongOf(right), right, right, right, wrongOf(right), right, right, right];
    const windows = codes.map((code) => ({ code, window: browser.copy() }));
    await Promise.all(windows.map(({ window }) => window.open(path)));
    await Promise.all(
      windows.map(({ code, window }) => press(window, 'execute', { ...PASSWORD, confirmation_code: code })),
    );
    for (const { window } of windows.filter(({ code }) => code === right)) {
      expect(window.seen.text).not.toContain('取引認証コードが正しくありません');
    }
    await browser.open(browser.seen.path);
    if (browser.seen.screenId === 'BFT003') {
      await press(browser, 'execute', { ...PASSWORD, confirmation_code: right });
    }
    expect(await balance(bank)).toBe(AFTER);
  });

  const failures = (count: number) =>
    bank.service.db.updateTable('tokens').set({ failures: count }).execute();
  const lockMails = async () =>
    (await bank.mails(EMAIL)).filter(({ subject }) => subject.includes('認証停止')).length;
  const openConfirmations = async () =>
    (await bank.service.db.selectFrom('confirmations').select('status').execute()).filter(({ status }) =>
      ['waiting', 'confirmed'].includes(status),
    );

  test('A14: the wrong code that ends the confirmation and locks the token is mailed, once', async () => {
    const token = await confirmed(bank, browser);
    const wrong = wrongOf(await token.confirmationCode());
    await failures(7);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await press(browser, 'execute', { ...PASSWORD, confirmation_code: wrong });
    }
    expect(browser.seen.screenId).toBe('BFT005');
    expect(await lockMails()).toBe(1);
    await logIn(bank.browser());
    expect(await lockMails()).toBe(1);
  });

  test('A14: a lock that the bank learns of later by itself is mailed', async () => {
    const token = await confirmed(bank, browser);
    await failures(9);
    bank.way.connection = 'lost';
    const wrong = wrongOf(await token.confirmationCode());
    await press(browser, 'execute', { ...PASSWORD, confirmation_code: wrong });
    expect(await lockMails()).toBe(0);
    bank.way.connection = 'up';
    bank.advance(11_000);
    await continueRequests(bank.chores);
    expect(await transfers(bank)).toMatchObject([{ state: 'refused', reason: 'token' }]);
    expect(await lockMails()).toBe(1);
  });

  test('a token locked since: the right code is not called wrong, and the confirmation is cancelled', async () => {
    const token = await confirmed(bank, browser);
    const right = await token.confirmationCode();
    await bank.service.db.updateTable('tokens').set({ status: 'locked' }).execute();
    const seen = await press(browser, 'execute', { ...PASSWORD, confirmation_code: right });
    expect(seen).toMatchObject({ status: 200, screenId: 'BFT005' });
    expect(seen.text).toContain('トークンがご利用いただけない状態のため');
    expect(await lockMails()).toBe(1);
    expect(await balance(bank)).toBe(BEFORE);
    await continueRequests(bank.chores);
    expect(await openConfirmations()).toEqual([]);
  });

  test('a late answer to an earlier code does not end what the next code has claimed', async () => {
    const token = await confirmed(bank, browser);
    bank.way.connection = 'lost';
    await press(browser, 'execute', {
      ...PASSWORD,
      confirmation_code: wrongOf(await token.confirmationCode()),
    });
    bank.way.connection = 'up';
    const [row] = await transfers(bank);
    const client = bank.chores.serviceFor(SENPOKU);
    const late: ServiceClient = {
      ...client,
      verifyConfirmation: async (userId, id, presented, key) => {
        await client.verifyConfirmation(userId, id, presented, key);
        const next = new Date((row?.claimed_at?.getTime() ?? 0) + 1_000);
        await bank.db.updateTable('transfers').set({ claimed_at: next }).execute();
        await bank.service.db.updateTable('confirmations').set({ status: 'spent' }).execute();
        return client.verifyConfirmation(userId, id, presented, key);
      },
    };
    const { institutions } = bank.directory;
    const institution = institutions.find(({ key }) => key === 'senpoku');
    if (row === undefined || institution === undefined) throw new Error('no transfer');
    await carryOut({ ...bank.chores, serviceFor: () => late }, institution, TRANSFER, row.id);
    expect(await transfers(bank)).toMatchObject([{ state: 'executing' }]);
  });
});
