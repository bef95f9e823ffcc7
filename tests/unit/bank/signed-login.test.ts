import { describe, expect, test, vi } from 'vitest';
import type { Institution } from '../../../core/institution/directory.ts';
import { defaultInstitutions } from '../../service/test-service.ts';
import type { Browser, Seen } from './browser.ts';
import { FakeChallenges } from './fake-challenges.ts';
import { activate, type Codes, EMAIL, logIn, type TestBank, useTestBank } from './test-bank.ts';

const institutions = defaultInstitutions('approve').map((one) =>
  one.key === 'senpoku' ? { ...one, login: ['signed' as const, 'code' as const] } : one,
);

let bank: TestBank;
let codes: Codes;
let challenges: FakeChallenges;

useTestBank(
  async (stage) => {
    ({ bank } = stage);
    const { browser } = stage;
    challenges = new FakeChallenges(bank);
    challenges.refusal = 'state_conflict';
    codes = await activate(bank, browser, EMAIL);
    challenges.refusal = undefined;
    challenges.calls.length = 0;
  },
  { institutions },
);

const asked = async (browser: Browser = bank.browser()) => {
  await logIn(browser);
  return browser;
};

const followed = ({ html }: Seen) => /data-follow="([^"]+)"/.exec(html)?.[1] ?? '';

/** What the page is told when it asks how its challenge stands. */
const follow = (browser: Browser) => browser.open(followed(browser.seen));

const press = (browser: Browser) => browser.send('/login/otp');

const choose = (browser: Browser, way: 'code' | 'signed') => browser.send('/login/otp/way', { way });

describe('ログイン（ワンタイムパスワード認証） by signature', () => {
  test('shows a number and no field, and goes on once the token has signed', async () => {
    const browser = await asked();
    expect(browser.seen).toMatchObject({
      path: '/login/otp',
      status: 200,
      screenId: 'BLI023',
      heading: 'ログイン（ワンタイムパスワード認証）',
    });
    const { id, number } = challenges.last;
    expect(browser.seen.text).toContain('トークンアプリが、この画面のログインを確認しています。');
    expect(browser.seen.text).toContain(`確認番号 ${number}`);
    expect(browser.seen.html).not.toContain('name="otp"');
    expect(browser.seen.html.match(/name="challenge"/g)).toHaveLength(1);
    expect(browser.hidden('/login/otp')).toMatchObject({ challenge: id });
    expect(browser.seen.html).not.toContain('data-go-on');
    challenges.set('signed');
    const told = await follow(browser);
    expect(told.status).toBe(200);
    expect(told.html).toContain('data-go-on');
    const top = await press(browser);
    expect(top).toMatchObject({ path: '/top', screenId: 'BPT001' });
    expect(top.text).toContain('ログインパスワードとトークンアプリの確認');
    expect(challenges.last.status).toBe('spent');
  });

  test('is told at once when the token signs while the page waits', async () => {
    const browser = await asked();
    const waiting = follow(browser);
    await vi.waitFor(() => expect(challenges.calls).toContain('GET challenge'), { timeout: 20_000 });
    challenges.set('signed');
    expect((await waiting).html).toContain('data-go-on');
  });

  test('without scripts: 次へ before the token has signed says so, and after it goes on', async () => {
    const browser = await asked();
    const early = await press(browser);
    expect(early).toMatchObject({ status: 409, screenId: 'BLI023' });
    expect(early.text).toContain('トークンアプリでの確認がまだ行われていません');
    expect(early.text).toContain(`確認番号 ${challenges.last.number}`);
    challenges.set('signed');
    expect((await press(browser)).path).toBe('/top');
    expect(challenges.all).toHaveLength(1);
  });

  test('a reload keeps the challenge, and goes on where it was signed meanwhile', async () => {
    const browser = await asked();
    await browser.open('/login/otp');
    expect(challenges.all).toHaveLength(1);
    challenges.set('signed');
    expect((await browser.open('/login/otp')).html).toContain('data-go-on');
  });

  test('two tabs of a session show one challenge, and both get in', async () => {
    const browser = await asked();
    const [one, other] = [browser.copy(), browser.copy()];
    await Promise.all([one.open('/login/otp'), other.open('/login/otp')]);
    expect(challenges.all).toHaveLength(1);
    challenges.set('signed');
    const seen = await Promise.all([press(one), press(other)]);
    expect(seen.map(({ path }) => path)).toEqual(['/top', '/top']);
    expect(one.cookie).toBe(other.cookie);
    expect(challenges.calls.filter((call) => call === 'POST use')).toHaveLength(1);
  });

  test('of many tabs of a session that follow a few wait, and another session waits all the same', async () => {
    const browser = await asked();
    const few = Array.from({ length: 6 }, () => follow(browser.copy()));
    const waits = (count: number) => () =>
      expect(challenges.calls.filter((call) => call === 'GET challenge')).toHaveLength(count);
    await vi.waitFor(waits(6), { timeout: 20_000 });
    expect((await follow(browser.copy())).status).toBe(503);
    const [first] = challenges.all;
    const other = follow(await asked());
    await vi.waitFor(waits(7), { timeout: 20_000 });
    challenges.set('signed');
    challenges.set('signed', { id: first?.id ?? '' });
    expect((await other).status).toBe(200);
    expect((await Promise.all(few)).map(({ status }) => status)).toEqual(few.map(() => 200));
  });

  test('two tabs that come at once make one challenge', async () => {
    const browser = bank.browser();
    challenges.refusal = 'rate_limited';
    await logIn(browser);
    challenges.refusal = undefined;
    const [one, other] = [browser.copy(), browser.copy()];
    await Promise.all([one.open('/login/otp'), other.open('/login/otp')]);
    expect(one.hidden('/login/otp').challenge).toBe(other.hidden('/login/otp').challenge);
    expect(challenges.all).toHaveLength(1);
  });

  test('a tab that sends its form after another has logged in gets in too', async () => {
    const browser = await asked();
    const form = browser.hidden('/login/otp');
    challenges.set('signed');
    await press(browser);
    expect((await browser.post('/login/otp', form)).path).toBe('/top');
    expect((await browser.open('/login/otp')).path).toBe('/top');
  });

  test('a challenge of another session is never taken', async () => {
    const mine = await asked();
    const theirs = await asked();
    const [first, second] = challenges.all;
    expect(first?.id).not.toBe(second?.id);
    challenges.set('signed', { id: first?.id ?? '' });
    const stolen = await theirs.send('/login/otp', { challenge: first?.id ?? '' });
    expect(stolen).toMatchObject({ status: 409, screenId: 'BLI023' });
    expect(stolen.text).toContain(`確認番号 ${second?.number}`);
    const form = mine.hidden('/login/otp');
    expect((await theirs.post('/login/otp', form)).status).toBe(403);
    expect((await theirs.open(`/login/otp/status?challenge=${first?.id}`)).path).toBe('/login/otp');
    expect(challenges.calls).not.toContain('POST use');
    expect((await press(mine)).path).toBe('/top');
  });

  test('one that nobody signed in time: the page says so, and the next one has another number', async () => {
    const browser = await asked();
    const old = browser.copy();
    bank.advance(121_000);
    const told = await follow(browser);
    expect(told.text).toContain('有効期限までにトークンアプリで確認されませんでした');
    expect(told.html).not.toContain('name="challenge"');
    const anew = await browser.open('/login/otp');
    expect(anew.text).toContain('新しく確認を始めました');
    expect(challenges.all).toHaveLength(2);
    expect(anew.text).toContain(`確認番号 ${challenges.last.number}`);
    // A tab that still shows the old one.
    expect((await follow(old)).text).toContain(`確認番号 ${challenges.last.number}`);
    challenges.set('signed');
    expect((await press(browser)).path).toBe('/top');
  });

  test('one that was signed and left too long is not taken', async () => {
    const browser = await asked();
    challenges.set('signed');
    bank.advance(121_000);
    const late = await press(browser);
    expect(late).toMatchObject({ status: 409, screenId: 'BLI023' });
    expect(late.text).toContain(
      'トークンアプリで確認されましたが、有効期限までに次へ進まなかったため、新しく確認を始めました',
    );
    expect(late.text).not.toContain('有効期限までに確認されなかったため');
  });

  test('a page that learns late that it was signed in vain says the same', async () => {
    const browser = await asked();
    challenges.set('signed');
    bank.advance(121_000);
    expect((await follow(browser)).text).toContain('確認されましたが、有効期限までに次へ進まなかったため');
  });

  test('心当たりがない: the page says that it was refused and the token stopped, and the session is over', async () => {
    const browser = await asked();
    challenges.set('not-me');
    const told = await follow(browser.copy());
    expect(told).toMatchObject({ status: 200, heading: 'ログインの中止' });
    expect(told.text).toContain(
      '「心当たりがない」が選択されたため、ログインを中止し、トークンを利用停止にしました',
    );
    expect(told.text).toContain('0120-000-004');
    expect((await browser.open('/login/otp')).screenId).toBe('BLI001');
  });

  test('signed at another origin: the page says so plainly, and the session is over', async () => {
    const browser = await asked();
    challenges.set('refused');
    const refused = await press(browser);
    expect(refused).toMatchObject({ status: 403, heading: 'ログインの中止' });
    expect(refused.text).toContain('当組合のものではない画面から確認が送られたため、ログインをお断りし');
    expect((await browser.open('/login/otp')).screenId).toBe('BLI001');
    expect(challenges.calls).not.toContain('POST use');
  });

  test('中止する leaves no challenge waiting', async () => {
    const browser = await asked();
    await browser.send('/login/cancel');
    await expect.poll(() => challenges.last.status, { timeout: 20_000 }).toBe('cancelled');
    expect((await browser.open('/login/otp')).screenId).toBe('BLI001');
  });

  test('neither 中止する nor another way waits for a token service that is silent', async () => {
    const browser = await asked();
    bank.replaceService({ request: () => new Promise(() => {}) });
    expect((await choose(browser, 'code')).html).toContain('name="otp"');
    expect((await browser.send('/login/cancel')).screenId).toBe('BLI001');
  });
});

describe('the typed code', () => {
  test('is asked for in the same screen when the customer wants to type, for the rest of the session', async () => {
    const browser = await asked();
    const typing = await choose(browser, 'code');
    expect(typing).toMatchObject({ path: '/login/otp', status: 200, screenId: 'BLI023' });
    expect(typing.html).toContain('name="otp"');
    expect(typing.html).not.toContain('name="challenge"');
    await expect.poll(() => challenges.last.status, { timeout: 20_000 }).toBe('cancelled');
    expect((await browser.open('/login/otp')).html).toContain('name="otp"');
    const top = await browser.send('/login/otp', { otp: await codes.code() });
    expect(top.path).toBe('/top');
    expect(top.text).toContain('ログインパスワードとワンタイムパスワード');
  });

  test('and back: another challenge is made', async () => {
    const browser = await asked();
    const other = browser.copy();
    await choose(browser, 'code');
    const signing = await choose(browser, 'signed');
    expect(signing.text).toContain(`確認番号 ${challenges.last.number}`);
    expect(signing.text).not.toContain('新しく確認を始めました');
    expect(challenges.all).toHaveLength(2);
    expect((await follow(other)).text).toContain(`確認番号 ${challenges.last.number}`);
  });

  test('is what a token is asked for that cannot sign', async () => {
    challenges.refusal = 'state_conflict';
    const browser = await asked();
    expect(browser.seen).toMatchObject({ status: 200, screenId: 'BLI023' });
    expect((await browser.send('/login/otp', { otp: await codes.code() })).path).toBe('/top');
  });
});

describe('when the service', () => {
  test('does not answer, the page says so and offers the code', async () => {
    const browser = bank.browser();
    challenges.loses = /challenges/;
    const refused = await logIn(browser);
    expect(refused).toMatchObject({ status: 503, screenId: 'BLI023' });
    expect(refused.text).toContain('ただいまお手続きができません');
    challenges.loses = undefined;
    expect((await browser.open('/login/otp')).text).toContain(`確認番号 ${challenges.last.number}`);
    expect(challenges.all).toHaveLength(1);
  });

  test('lost the answers for longer than a challenge lives, another is asked for', async () => {
    const browser = bank.browser();
    challenges.loses = /challenges/;
    await logIn(browser);
    for (let lost = 1; lost <= 2; lost++) {
      bank.advance(121_000);
      await browser.open('/login/otp');
    }
    challenges.loses = undefined;
    bank.advance(121_000);
    const page = await browser.open('/login/otp');
    expect(page).toMatchObject({ status: 200, screenId: 'BLI023' });
    expect(page.text).not.toContain('確認されました');
    expect(page.text).toContain(`確認番号 ${challenges.last.number}`);
    challenges.set('signed');
    expect((await press(browser)).path).toBe('/top');
  });

  test('does not answer while a page follows, the page asks again later', async () => {
    const browser = await asked();
    challenges.loses = /challenges/;
    challenges.set('signed');
    expect((await follow(browser.copy())).status).toBe(503);
    challenges.loses = undefined;
    expect((await follow(browser)).html).toContain('data-go-on');
  });

  test('loses the answer to the use, the same form gets in', async () => {
    const browser = await asked();
    challenges.set('signed');
    challenges.loses = /\/use$/;
    const refused = await press(browser);
    expect(refused).toMatchObject({ status: 503, screenId: 'BLI023' });
    expect(refused.html).not.toContain('data-go-on');
    challenges.loses = undefined;
    const reloaded = browser.copy();
    expect((await reloaded.open('/login/otp')).html).toContain('data-go-on');
    expect((await press(browser)).path).toBe('/top');
    expect(challenges.all).toHaveLength(1);
  });

  test('has too many that wait, the page says so, leads to 利用停止 and offers the code', async () => {
    challenges.refusal = 'rate_limited';
    const browser = await asked();
    expect(browser.seen).toMatchObject({ status: 429, screenId: 'BLI023' });
    expect(browser.seen.text).toContain('ほかの画面でもトークンアプリでの確認をお待ちしているため');
    expect(browser.seen.text).toContain('「端末を紛失したとき（利用停止）」からトークンを利用停止にするか');
    expect(browser.seen.html).toContain('href="/login/suspend"');
    expect((await choose(browser, 'code')).html).toContain('name="otp"');
  });

  test('has stopped the token meanwhile, the login says why', async () => {
    const browser = await asked();
    challenges.set('cancelled');
    challenges.refusal = 'state_conflict';
    const service = bank.dependencies.serviceFor({ key: 'senpoku' } as Institution);
    await service.suspend(codes.customer.userId, 'suspended-meanwhile');
    expect(await browser.open('/login/otp')).toMatchObject({ path: '/login/suspended', status: 403 });
    expect((await browser.open('/login/otp')).screenId).toBe('BLI001');
  });
});
