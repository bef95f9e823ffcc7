import { describe, expect, test } from 'vitest';
import { endingMail, lockedMail, reissueMail, releasedMail, resumedMail } from '../../../bank/mail/texts.ts';
import { SHINKIN } from '../../../core/family/shinkin.ts';
import { EHIME } from './ehime.ts';
import { act, ask, clerkAt, decide, pathOf } from './staff-desk.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import { type Desk, openDesk, register, TARO } from './test-shinkin.ts';

/** ehime's customers and their tokens, at the staff console. */

let bank: TestBank;
let desk: Desk;

useTestBank(async (stage) => {
  ({ bank } = stage);
  desk = await openDesk(bank);
});

const TARO_AT_EHIME = `/customers/ehime-${TARO.loginId}`;

test('a customer is found by the 契約者ID, and by the シリアル番号 of a token or a device as they read it out', async () => {
  const clerk = await clerkAt(bank, 'ehime');
  expect((await clerk.open('/')).text).toContain(
    '契約者ID（利用者番号）、お名前の一部、受付番号、シリアル番号',
  );
  const token = await desk.newToken();
  const unbound = await desk.newToken();
  await register(bank, desk.browser(), token);
  const spoken = `${token.serial.slice(0, 5)}-${token.serial.slice(5)}`.toLowerCase();
  for (const q of [TARO.loginId, token.serial, spoken]) {
    await clerk.open('/');
    const seen = await clerk.send('/search', { q });
    expect([q, seen.path]).toEqual([q, TARO_AT_EHIME]);
    expect(seen.text).toContain(`トークンの種類 ソフトウェアトークン シリアル番号 ${token.serial}`);
  }
  for (const q of [unbound.serial, 'NOBODYS123']) {
    await clerk.open('/');
    expect([q, (await clerk.send('/search', { q })).status]).toEqual([q, 422]);
  }
});

test('監査 and the history say 契約者ID', async () => {
  const supervisor = await clerkAt(bank, 'ehime', 'supervisor');
  for (const path of ['/audit', `${TARO_AT_EHIME}/history`]) {
    const { text } = await supervisor.open(path);
    expect(text).toContain('契約者ID（利用者番号）');
    expect(text).not.toContain('ログインID');
  }
});

test('names in letters are still found by the name', async () => {
  const clerk = await clerkAt(bank, 'ehime');
  const call = (name: string) =>
    bank.db.updateTable('customers').set({ name }).where('id', '=', `ehime-${TARO.loginId}`).execute();
  await call('SMITH JOHN');
  const seen = await clerk.send('/search', { q: 'SMITHJ' });
  await call(TARO.name);
  expect(seen.path).toBe(TARO_AT_EHIME);
});

test('a lost token: staff release it, the mail says how to go on, and another is registered at once', async () => {
  const lost = await desk.newToken();
  await register(bank, desk.browser(), lost, { loginOtp: 'yes' });
  const clerk = await clerkAt(bank, 'ehime');
  await act(clerk, 'release', { customer: `ehime-${TARO.loginId}` });
  const [mail] = await desk.mails(TARO);
  expect(mail?.text).toContain('ログイン画面の「ワンタイムパスワード」の「利用開始」を行ってください。');
  expect(mail?.text).not.toContain('トークン発行');
  const next = await desk.newToken();
  await register(bank, desk.browser(), next);
  expect(await desk.customer()).toMatchObject({ user_id: next.userId });
});

test.each([
  ['replace', 'お客さまは、待つことなく「利用開始」を行えます。'],
  ['release', 'あらためて利用開始を行うまで、お振込はご利用いただけません。'],
])('%s says what it leads to at ehime, before it, in the proposal and after it', async (name, effect) => {
  await register(bank, desk.browser(), await desk.newToken());
  const customer = `ehime-${TARO.loginId}`;
  const clerk = await clerkAt(bank, 'ehime');
  const before = await clerk.open(pathOf(name, customer));
  const proposal = await ask(clerk, name, { customer });
  const supervisor = await clerkAt(bank, 'ehime', 'supervisor');
  await decide(supervisor, proposal.path, 'approved');
  expect(before.text).toContain(effect);
  expect(proposal.text).toContain(effect);
  expect(supervisor.seen.heading).toBe('お手続きの記録');
  for (const { text } of [before, proposal, supervisor.seen])
    expect(text).not.toMatch(/トークンの?発行|発行でき/);
});

test('the limit is said to allow no transfer before 利用開始, and nothing is added to it afterwards', async () => {
  const clerk = await clerkAt(bank, 'ehime');
  const { dailyLimitWithoutOtp } = EHIME.rules;
  const limit = `振込・振替限度額 ${dailyLimitWithoutOtp.toLocaleString('ja-JP')}円`;
  expect((await clerk.open(TARO_AT_EHIME)).text).toContain(`${limit}（利用開始前はお振込できません）`);
  await register(bank, desk.browser(), await desk.newToken());
  const { text } = await clerk.open(TARO_AT_EHIME);
  expect(text).toContain(limit);
  expect(text).not.toContain('お振込できません');
});

test('解約届 is the same form at the counter as in お困りのとき, with what follows from it at ehime', async () => {
  const clerk = await clerkAt(bank, 'ehime');
  const { text, html } = await clerk.open('/forms/cancellation');
  const customers = await desk.browser().open('/forms/cancellation');
  const { name, told } = SHINKIN.words.cancellation;
  for (const said of [name, ...told, '代表口座のお届印', 'スマートフォンの紛失・盗難']) {
    expect(text).toContain(said);
    expect(customers.text).toContain(said);
  }
  expect(html).toContain(`<h1>ワンタイムパスワードサービス ソフトウェアトークン解約届</h1>`);
  expect(text).not.toMatch(/利用解除|次回のログインから/);
  await clerk.open(`${TARO_AT_EHIME}/papers/cancellation`);
  expect(clerk.seen.heading).toBe(`${name}の登録`);
  const paper = await clerk.send(`${TARO_AT_EHIME}/papers/cancellation`, {
    received_on: '2026-11-20',
    brought_by: 'ご本人',
    asked: '紛失',
  });
  expect(paper.heading).toBe(name);
});

describe('mails', () => {
  const at = Date.UTC(2026, 10, 28);

  test.each([
    [
      'ending',
      endingMail(EHIME, at + 86_400_000, at),
      'ワンタイムパスワードの必要なログインとお振込ができなくなります',
    ],
    [
      'resumed',
      resumedMail(EHIME, at, 'locked'),
      'ワンタイムパスワードの必要なログインとお振込を再開するには',
    ],
    ['released', releasedMail(EHIME, at), 'あらためて利用開始を行うまで、お振込はご利用いただけません'],
    ['reissue', reissueMail(EHIME, at), 'お振込はご利用いただけませんので'],
    ['locked', lockedMail(EHIME, at), '当金庫にて停止状態の解除を実施いたします'],
  ])('%s says what is so at ehime', (_, { text }, said) => {
    expect(text).toContain(said);
    expect(text).not.toMatch(
      /当組合|ユーザID|サービスID|トークン発行|有効期限の更新|にログインできなくなります/,
    );
  });
});
