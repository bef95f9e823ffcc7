import { describe, expect, test } from 'vitest';
import { createBank } from '../../../bank/app.ts';
import type { Browser, Seen } from './browser.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import {
  begin,
  type Desk,
  fill,
  HANAKO,
  openDesk,
  positions,
  register,
  type SerialToken,
  TARO,
} from './test-shinkin.ts';

/** What customers, and others, type into ehime's procedures. */

let bank: TestBank;
let desk: Desk;

useTestBank(async (stage) => {
  ({ bank } = stage);
  desk = await openDesk(bank);
});

const DONE = 'ワンタイムパスワード利用開始（処理結果）';

const calls = () => bank.calls.filter(({ path }) => path.includes('/bind') || path.endsWith('/exchange'));
const summary = ({ html }: Seen) => /<div class="summary"[\s\S]*?<\/div>/.exec(html)?.[0] ?? '';
const fullWidth = (text: string) =>
  [...text].map((one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)).join('');

const registration = async (
  token: SerialToken,
  browser: Browser = desk.browser(),
): Promise<{ browser: Browser; typed: Record<string, string> }> => {
  await begin(browser, 'register');
  return { browser, typed: { serial: token.serial, otp: await token.code(), login_otp: 'no' } };
};

describe('a シリアル番号', () => {
  test.each(['O', '0', '1', 'I', 'L'])(
    'with %s, which no token’s has, is found at its field',
    async (other) => {
      const token = await desk.newToken();
      const { browser, typed } = await registration(token);
      expect(browser.seen.text).toContain(
        '数字の0（ゼロ）と1（いち）、英字のO（オー）、I（アイ）、L（エル）は使われていません',
      );
      const seen = await fill(browser, 'register', { ...typed, serial: `${other}${token.serial.slice(1)}` });
      expect([seen.status, seen.html.includes('href="#serial"'), calls()]).toEqual([422, true, []]);
      expect(seen.text).toContain('シリアル番号に誤りがあります');
      expect((await fill(browser, 'register', typed)).heading).toBe(DONE);
    },
  );

  test('with a hyphen, in small letters and full width is the same at 交換 as well', async () => {
    const old = await desk.newToken();
    const fresh = await desk.newToken();
    await register(bank, desk.browser(), old);
    const browser = desk.browser();
    await begin(browser, 'exchange');
    const spoken = `${fresh.serial.slice(0, 5)}-${fresh.serial.slice(5)}`;
    const seen = await fill(browser, 'exchange', {
      otp_old: fullWidth(await old.code()),
      serial: fullWidth(spoken.toLowerCase()),
      otp: fullWidth(await fresh.code()),
    });
    expect(seen.heading).toBe('ワンタイムパスワード交換（処理結果）');
    expect(seen.text).toContain(`シリアル番号 ${fresh.serial}`);
  });

  test.each(['', '12345', 'A'.repeat(25), 'ABCDE.FGHJ', '../tokens/x', 'シリアル'])(
    '%j is none, and asks the token service nothing',
    async (serial) => {
      const { browser, typed } = await registration(await desk.newToken());
      const seen = await fill(browser, 'register', { ...typed, serial });
      expect([seen.status, seen.html.includes('href="#serial"'), calls()]).toEqual([422, true, []]);
    },
  );

  test('that another contract has, with its very code at 交換, is answered as a wrong code is', async () => {
    const theirs = await desk.newToken();
    await register(bank, desk.browser(), theirs, { contract: HANAKO });
    const old = await desk.newToken();
    const fresh = await desk.newToken();
    await register(bank, desk.browser(), old);
    const answers: string[] = [];
    for (const [serial, otp] of [
      [theirs.serial, await theirs.code()],
      [fresh.serial, await theirs.code()],
    ] as const) {
      const browser = desk.browser();
      await begin(browser, 'exchange');
      answers.push(summary(await fill(browser, 'exchange', { otp_old: await old.code(), serial, otp })));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('いずれかの入力が正しくないか、ご登録いただけないトークンです');
    expect(await desk.customer(HANAKO)).toMatchObject({ user_id: theirs.userId });
    expect(await desk.customer()).toMatchObject({ user_id: old.userId });
  });

  test('twice at once, by two contracts on two nodes: one has the token, the other hears what anybody hears', async () => {
    const token = await desk.newToken();
    const other = createBank(bank.dependencies);
    const first = await registration(token);
    const otherBrowser = desk.browser().copy(other);
    await begin(otherBrowser, 'register', HANAKO);
    const seen = await Promise.all([
      fill(first.browser, 'register', first.typed),
      fill(otherBrowser, 'register', first.typed, HANAKO),
    ]);
    expect(seen.map(({ heading }) => heading).sort()).toEqual([DONE, 'ワンタイムパスワード登録'].sort());
    const [lost] = seen.filter(({ status }) => status === 422);
    expect(lost?.text).toContain('ご登録いただけないトークンです');
    const holders = [await desk.customer(), await desk.customer(HANAKO)].map(({ user_id }) => user_id);
    expect(holders.filter((userId) => userId === token.userId)).toHaveLength(1);
    expect(holders.filter((userId) => userId === null)).toHaveLength(1);
    const mails = [...(await desk.mails(TARO)), ...(await desk.mails(HANAKO))];
    expect(mails).toHaveLength(1);
  });
});

describe('the 資金移動用パスワード', () => {
  test('with its two digits in each other’s places is wrong, costs no code, and asks for the same again', async () => {
    const { browser, typed } = await registration(await desk.newToken());
    const asked = positions(browser.seen);
    const [first = '', second = ''] = Object.keys(asked);
    const swapped = { [first]: asked[second] ?? '', [second]: asked[first] ?? '' };
    const seen = await fill(browser, 'register', { ...typed, ...swapped });
    expect(seen.text).toContain('資金移動用パスワードが正しくありません');
    expect([positions(seen), calls()]).toEqual([asked, []]);
    expect((await fill(browser, 'register', typed)).heading).toBe(DONE);
  });

  test('sent in the other order of fields is the same; of other positions it is no try', async () => {
    const { browser, typed } = await registration(await desk.newToken());
    const asked = positions(browser.seen);
    const others = Object.fromEntries(
      Object.entries(TARO.positional.split(''))
        .map(([at, digit]) => [`position_${Number(at) + 1}`, digit])
        .filter(([name = '']) => asked[name] === undefined)
        .slice(0, 2),
    );
    const path = '/otp-service/register/input';
    const seen = await browser.send(path, { ...typed, ...others });
    expect(seen.text).toContain('入力する桁が変わりました');
    expect(
      await bank.db.selectFrom('attempts').selectAll().where('kind', '=', 'positions').execute(),
    ).toEqual([]);
    const reversed = Object.fromEntries(Object.entries(positions(seen)).reverse());
    expect((await browser.send(path, { ...reversed, ...typed })).heading).toBe(DONE);
  });
});
