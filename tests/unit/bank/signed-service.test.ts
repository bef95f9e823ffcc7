import { expect, test } from 'vitest';
import type { ChallengeUse } from '../../../core/api/challenge.ts';
import { challenges, PAGE } from '../../service/test-challenge.ts';
import { defaultInstitutions } from '../../service/test-service.ts';
import type { Browser } from './browser.ts';
import { type Codes, EMAIL, enrol, issue, logIn, type TestBank, useTestBank } from './test-bank.ts';
import { PASSWORD } from './test-transfer.ts';

/** Login by signature from page to page, before the real token service. */
const institutions = defaultInstitutions('approve').map((one) =>
  one.key === 'senpoku' ? { ...one, login: ['signed' as const, 'code' as const] } : one,
);

let bank: TestBank;
let browser: Browser;
let codes: Codes;

useTestBank(
  async (stage) => {
    ({ bank, browser } = stage);
    codes = await enrol(bank, await issue(bank, browser, EMAIL));
  },
  { institutions },
);

/** Signs the challenge that a page carries. */
async function sign(page: Browser, action: string, use: ChallengeUse, claims?: object): Promise<void> {
  const { challenge: id = '' } = page.hidden(action);
  await challenges(bank.service).sign(codes.customer, { id, use }, claims);
}

async function activate(): Promise<void> {
  await browser.open('/otp/activate');
  await sign(browser, '/otp/activate', 'activate');
  await browser.send('/otp/activate');
}

test('利用開始, login and 利用解除, without a code', async () => {
  await activate();
  expect(browser.seen.path).toBe('/otp/activate/complete');
  const login = bank.browser();
  await logIn(login);
  await sign(login, '/login/otp', 'verify');
  expect((await login.send('/login/otp')).path).toBe('/top');
  await login.open('/otp/release');
  await sign(login, '/otp/release', 'release');
  expect((await login.send('/otp/release', PASSWORD)).path).toBe('/otp/release/complete');
  expect((await logIn(bank.browser())).path).toBe('/top');
});

test('a page that follows is told when the token signs, and spends it once', async () => {
  await activate();
  const login = bank.browser();
  await logIn(login);
  const [one, other] = [login.copy(), login.copy()];
  const follow = /data-follow="([^"]+)"/.exec(login.seen.html)?.[1] ?? '';
  const told = login.copy().open(follow);
  await sign(login, '/login/otp', 'verify');
  expect((await told).html).toContain('data-go-on');
  const seen = await Promise.all([one.send('/login/otp'), other.send('/login/otp')]);
  expect(seen.map(({ path }) => path)).toEqual(['/top', '/top']);
});

test('a lost answer to the use: the same form gets in', async () => {
  await activate();
  const login = bank.browser();
  await logIn(login);
  await sign(login, '/login/otp', 'verify');
  bank.way.connection = 'lost';
  expect((await login.send('/login/otp')).status).toBe(503);
  bank.way.connection = 'up';
  expect((await login.send('/login/otp')).path).toBe('/top');
});

test('signed at the page of a relay: the session is over, and nobody is in', async () => {
  await activate();
  const login = bank.browser();
  await logIn(login);
  await sign(login, '/login/otp', 'verify', { origin: PAGE.replace('senpoku', 'senp0ku') });
  expect(await login.send('/login/otp')).toMatchObject({ status: 403, heading: 'ログインの中止' });
  expect((await login.open('/top')).screenId).toBe('BLI001');
});

test('心当たりがない: the token is stopped, and the customer hears of it', async () => {
  await activate();
  const login = bank.browser();
  await logIn(login);
  const { challenge: id = '' } = login.hidden('/login/otp');
  await challenges(bank.service).disown(codes.customer, { id });
  expect(await login.open('/login/otp')).toMatchObject({ status: 403, heading: 'ログインの中止' });
  expect((await logIn(bank.browser())).path).toBe('/login/suspended');
  await bank.deliverEvents();
  const subjects = (await bank.mails(EMAIL)).map(({ subject }) => subject);
  expect(subjects).toContain('ワンタイムパスワード利用停止のお知らせ');
  expect((await browser.open('/top')).screenId).toBe('BLI001');
});

test('too many sessions at once: the next is told to wait, or to type a code', async () => {
  await activate();
  for (let session = 1; session <= 5; session++) await logIn(bank.browser());
  const sixth = bank.browser();
  expect(await logIn(sixth)).toMatchObject({ status: 429, screenId: 'BLI023' });
  await sixth.send('/login/otp/way', { way: 'code' });
  bank.advance(60_000);
  expect((await sixth.send('/login/otp', { otp: await codes.code() })).path).toBe('/top');
});

test.each([
  ['sent', (page: Browser) => page.send('/login/otp')],
  ['shown again', (page: Browser) => page.open('/login/otp')],
])(
  'a token released in another browser meanwhile: the form that is %s leads to the login page',
  async (_, act) => {
    await activate();
    const login = bank.browser();
    await logIn(login);
    await sign(login, '/login/otp', 'verify');
    await browser.open('/otp/release');
    await sign(browser, '/otp/release', 'release');
    expect((await browser.send('/otp/release', PASSWORD)).path).toBe('/otp/release/complete');
    expect(await act(login)).toMatchObject({ status: 200, screenId: 'BLI001' });
    expect(login.seen.text).toContain('登録状況が変わりました');
    expect((await logIn(login)).path).toBe('/top');
  },
);

test('2 minutes without a signature: another challenge, another number', async () => {
  await activate();
  const login = bank.browser();
  await logIn(login);
  const { challenge: before } = login.hidden('/login/otp');
  bank.advance(121_000);
  expect((await login.open('/login/otp')).text).toContain('新しく確認を始めました');
  expect(login.hidden('/login/otp').challenge).not.toBe(before);
  await sign(login, '/login/otp', 'verify');
  expect((await login.send('/login/otp')).path).toBe('/top');
});
