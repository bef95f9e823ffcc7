import { beforeEach, describe, expect, test } from 'vitest';
import { wrongCode } from '../../service/test-service.ts';
import { act, clerkAt } from './staff-desk.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import { begin, type Desk, fill, logIn, openDesk, positions, register, TARO } from './test-shinkin.ts';

/** 再同期: how a hardware token whose codes are not taken any more is found again by its customer. */

let bank: TestBank;
let desk: Desk;

useTestBank(async (stage) => {
  ({ bank } = stage);
  desk = await openDesk(bank);
});

const DONE = 'ワンタイムパスワード再同期（処理結果）';
/** How often the button was pressed where nobody took a code. */
const PRESSES = 40;

/** 利用者認証, and two codes as the device shows them. */
async function resync([otp = '', otp_next = '']: readonly string[], browser = desk.browser()) {
  await begin(browser, 'resync');
  return fill(browser, 'resync', { otp, otp_next });
}

const failures = async () =>
  (await bank.service.db.selectFrom('tokens').select('failures').executeTakeFirstOrThrow()).failures;

async function loginWith(code: string): Promise<string> {
  const browser = desk.browser();
  await logIn(browser);
  return (await browser.send('/login/otp', { otp: code })).heading;
}

describe('a device with a button', () => {
  type Button = Awaited<ReturnType<Desk['newButton']>>;
  let device: Button;

  beforeEach(async () => {
    device = await desk.newButton();
    await register(bank, desk.browser(), device, { pair: await device.pair(0), loginOtp: 'yes' });
  });

  test('that was pressed too often is found again by two codes in a row, and a mail says so', async () => {
    expect(await loginWith(await device.code(PRESSES))).toBe('ワンタイムパスワード認証');
    const browser = desk.browser();
    expect((await browser.open('/')).html).toContain('>再同期</button>');
    const pair = await device.pair(PRESSES + 1);
    const done = await resync(pair, browser);
    expect(done.heading).toBe(DONE);
    expect(done.text).toMatch(/受付番号 \d{8}-\d{8} 受付時刻 \d{4}年/);
    expect(done.text).not.toContain('シリアル番号');
    const [mail] = (await desk.mails(TARO)).filter(({ subject }) => subject.includes('再同期'));
    expect(mail?.text).toContain('お心当たりのない場合は');
    expect(await failures()).toBe(0);
    for (const spent of pair) expect(await loginWith(spent)).toBe('ワンタイムパスワード認証');
    expect(await loginWith(await device.code(PRESSES + 3))).toBe('トップページ');
    expect(await desk.customer()).toMatchObject({ login_otp: true });
  });

  test('codes that are not in a row count as a wrong one; the words do not tell which it was', async () => {
    const [first, second] = await device.pair(PRESSES);
    for (const [times, typed] of [
      [second, first],
      [first, await device.code(PRESSES + 2)],
      [await wrongCode({ code: () => device.code(PRESSES) }), second],
    ].entries()) {
      const seen = await resync(typed);
      expect(seen.status).toBe(422);
      expect(seen.text).toContain('続けて表示されたものではありません');
      expect(await failures()).toBe(times + 1);
    }
    expect((await resync([first, second])).heading).toBe(DONE);
  });

  test('what is missing, malformed or the same twice is said at its field, and asks the token service nothing', async () => {
    const code = await device.code(PRESSES);
    const browser = desk.browser();
    await begin(browser, 'resync');
    const asked = bank.calls.length;
    for (const [typed, said] of [
      [{}, 'トークンに表示されている数字を、すべて半角数字で入力してください'],
      [{ otp: code }, 'トークンに表示されている数字を、すべて半角数字で入力してください'],
      [
        { otp: code, otp_next: '<b>1</b>' },
        'トークンに表示されている数字を、すべて半角数字で入力してください',
      ],
      [{ otp: code, otp_next: code }, '1つ目と同じワンタイムパスワードです'],
    ] as const) {
      const seen = await fill(browser, 'resync', { otp: '', otp_next: '', ...typed });
      expect([seen.status, seen.text]).toEqual([422, expect.stringContaining(said)]);
      expect(seen.html).not.toContain(code);
    }
    expect(bank.calls.slice(asked).filter(({ path }) => path.endsWith('/resync'))).toEqual([]);
    expect(await failures()).toBe(0);
  });

  test('a wrong positional password costs no code', async () => {
    const [otp, otp_next] = await device.pair(PRESSES);
    const browser = desk.browser();
    await begin(browser, 'resync');
    const wrong = Object.fromEntries(
      Object.entries(positions(browser.seen)).map(([name, digit]) => [name, digit === '1' ? '2' : '1']),
    );
    const refused = await fill(browser, 'resync', { otp, otp_next, ...wrong });
    expect(refused.text).toContain('資金移動用パスワードが正しくありません');
    expect((await fill(browser, 'resync', { otp, otp_next })).heading).toBe(DONE);
  });

  test('whose answer was lost is found once, with one mail, whoever goes on', async () => {
    const browser = desk.browser();
    bank.way.connection = 'lost';
    const running = await resync(await device.pair(PRESSES), browser);
    expect(running.status).toBe(503);
    expect(running.text).toContain('ワンタイムパスワード再同期の結果を確認しています');
    bank.way.connection = 'up';
    expect((await browser.open('/otp-service/resync/input')).heading).toBe(DONE);
    expect(await failures()).toBe(0);
    expect((await desk.mails(TARO)).filter(({ subject }) => subject.includes('再同期'))).toHaveLength(1);
    expect(await loginWith(await device.code(PRESSES + 2))).toBe('トップページ');
  });

  test('that is locked is refused, and found again once staff have unlocked it, as their mail says', async () => {
    await bank.service.db.updateTable('tokens').set({ status: 'locked', failures: 10 }).execute();
    const refused = await begin(desk.browser(), 'resync');
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('認証が停止しているため')]);
    await act(await clerkAt(bank, 'ehime'), 'unlock', { customer: `ehime-${TARO.loginId}` });
    const [mail] = (await desk.mails(TARO)).filter(({ subject }) => subject.includes('認証停止解除'));
    expect(mail?.text).toContain('「再同期」を行ってください');
    expect((await resync(await device.pair(PRESSES))).heading).toBe(DONE);
  });
});

test('a device whose clock has drifted is found again, and the drift is kept', async () => {
  const device = await desk.newDevice();
  await register(bank, desk.browser(), device, { pair: await device.pair(), loginOtp: 'yes' });
  const BEHIND = -15;
  // It shows what others showed a while ago.
  bank.advance(20 * 30_000);
  expect(await loginWith(await device.code(BEHIND))).toBe('ワンタイムパスワード認証');
  const pair = [await device.code(BEHIND), await device.code(BEHIND + 1)];
  expect((await resync(pair)).heading).toBe(DONE);
  bank.advance(60_000);
  expect(await loginWith(await device.code(BEHIND + 1))).toBe('トップページ');
});

test('is not for software tokens, nor for who has none: the page says what is', async () => {
  const none = await begin(desk.browser(), 'resync');
  expect([none.status, none.text]).toEqual([
    409,
    expect.stringContaining('ワンタイムパスワードは登録されていません'),
  ]);
  await register(bank, desk.browser(), await desk.newToken());
  const app = await begin(desk.browser(), 'resync');
  expect([app.status, app.text]).toEqual([
    409,
    expect.stringContaining('ソフトウェアトークンのため、再同期は必要ありません'),
  ]);
});

test('a form that was opened for a device is refused once a software token has taken its place', async () => {
  const device = await desk.newDevice();
  await register(bank, desk.browser(), device, { pair: await device.pair() });
  const browser = desk.browser();
  await begin(browser, 'resync');
  const app = await desk.newToken();
  const other = desk.browser();
  await begin(other, 'exchange');
  const exchanged = { otp_old: await device.code(), serial: app.serial, otp: await app.code() };
  expect((await fill(other, 'exchange', exchanged)).heading).toBe('ワンタイムパスワード交換（処理結果）');
  bank.advance(60_000);
  const [otp, otp_next] = await device.pair();
  const seen = await fill(browser, 'resync', { otp, otp_next });
  expect(seen.text).toContain('ソフトウェアトークンのため、再同期は必要ありません');
  expect(bank.calls.filter(({ path }) => path.endsWith('/resync'))).toEqual([]);
});
