import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StaffRole } from '../../../bank/store/schema.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import type { Browser } from './browser.ts';
import { act, ask, askedTooOften, askFor, clerkAt, decide, pathOf, recorded, signIn } from './staff-desk.ts';
import { activate, createTestBank, EMAIL, issue, logIn, type TestBank } from './test-bank.ts';

const HOUR = 60 * 60_000;
const DAY = DEFAULT_POLICY.proposalHours * HOUR;

let bank: TestBank;
let customer: Browser;
let clerk: Browser;
let supervisor: Browser;
/** Acts recorded before the test; they cannot be deleted. */
let before: number;

beforeAll(async () => {
  bank = await createTestBank();
}, 60_000);

beforeEach(async () => {
  await bank.reset();
  customer = bank.browser();
  await logIn(customer);
  await activate(bank, customer, EMAIL);
  clerk = await clerkAt(bank);
  supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
  before = (await recorded(bank)).length;
});

afterAll(() => bank.close());

const acts = async () => (await recorded(bank)).slice(before);
const statusNow = async () => {
  const [row] = await bank.service.db.selectFrom('tokens').select('status').execute();
  return row?.status;
};
const propose = async (name = 'suspend', by = clerk) => (await ask(by, name)).path;
const setRole = (staffId: string, role: StaffRole) =>
  bank.db.updateTable('staff').set({ role }).where('id', '=', `senpoku-${staffId}`).execute();
/** Signs in again after a wait that ends the session. */
const back = async (browser: Browser, staffId: string) => {
  await browser.open('/timeout');
  await signIn(browser, 'senpoku', undefined, staffId);
};
const calls = () => bank.calls.filter(({ path }) => path.endsWith('/suspend'));

describe('a proposal', () => {
  test('changes nothing until another approves it; then it is done, with both in the records', async () => {
    const path = await propose();
    expect(path).toMatch(/^\/proposals\/\d+$/);
    expect(clerk.seen.text).toContain('承認待ち');
    expect(clerk.seen.text).toContain('あと24時間0分');
    expect(await statusNow()).toBe('active');
    expect(calls()).toEqual([]);
    const done = await decide(supervisor, path, 'approved', '電話で本人確認');
    expect(done).toMatchObject({ status: 200, heading: 'お手続きの記録' });
    expect(done.text).toContain('利用停止にしました。');
    expect(await statusNow()).toBe('suspended');
    expect(await acts()).toEqual(['suspend proposed', 'suspend approved', 'suspend done']);
    const { text } = await clerk.open(path);
    for (const said of ['申請者 staff01', '承認者 staff02', '電話で本人確認', '窓口での申し出']) {
      expect(text).toContain(said);
    }
    expect((await bank.mails(EMAIL))[0]?.subject).toBe('ワンタイムパスワード利用停止のお知らせ');
  });

  test('to resume a token cannot be approved once its 有効期限 has passed', async () => {
    await act(clerk, 'suspend');
    const path = await propose('resume');
    await bank.service.db
      .updateTable('tokens')
      .set({ expires_at: new Date(bank.service.clock.now() - 1_000) })
      .execute();
    const why = 'この申請は承認できません。却下してください。';
    const { text, html } = await supervisor.open(path);
    expect(text).toContain(`ご利用を再開するには、「交換（再発行）」を行ってください。${why}`);
    expect(html).not.toContain('value="approved"');
    const refused = await decide(supervisor, path, 'approved');
    expect(refused.status).toBe(409);
    expect(refused.text).toContain(why);
    expect(await statusNow()).toBe('suspended');
    expect((await bank.mails(EMAIL))[0]?.subject).toBe('ワンタイムパスワード利用停止のお知らせ');
    expect((await decide(supervisor, path, 'declined')).text).toContain('この申請は却下されました。');
  });

  test('is declined with a reason, and nothing is done', async () => {
    const path = await propose('release');
    const declined = await decide(supervisor, path, 'declined', '書類が足りない');
    expect(declined).toMatchObject({ status: 200, path });
    expect(declined.text).toContain('この申請は却下されました。何も変更していません。');
    expect(await statusNow()).toBe('active');
    expect(await acts()).toEqual(['release proposed', 'release declined']);
    // Then it may be proposed again.
    expect(await propose('release')).not.toBe(path);
  });

  test('can be withdrawn only by who made it', async () => {
    const path = await propose();
    await supervisor.open(path);
    const fields = { ...supervisor.hidden(`${path}/decide`), reason: '誤り' };
    const other = await supervisor.post(`${path}/withdraw`, fields);
    expect([other.status, other.text.includes('申請した方だけが行えます。何も変更していません。')]).toEqual([
      409,
      true,
    ]);
    await clerk.open(path);
    expect((await clerk.send(`${path}/withdraw`, { reason: '' })).status).toBe(422);
    expect((await clerk.send(`${path}/withdraw`, { reason: '誤り' })).text).toContain('取り下げられました');
    expect(await acts()).toEqual(['suspend proposed', 'suspend withdrawn']);
    expect((await decide(supervisor, path, 'approved').catch(() => supervisor.seen)).text).toContain(
      '取り下げられました',
    );
    expect(await statusNow()).toBe('active');
  });

  test('can be open only once for each act on a customer', async () => {
    const path = await propose();
    const again = await clerk.open(`/customers/senpoku-taro0001`);
    expect(again.html).toContain(`<a href="${path}">利用停止（申請中）</a>`);
    const second = await ask(clerk, 'suspend');
    expect(second.status).toBe(409);
    expect(second.text).toContain('同じお手続きの申請が、すでに出ています。何も変更していません。');
    expect(await propose('release')).toMatch(/^\/proposals\//);
  });

  test('is made once when sent twice, at once and later', async () => {
    await askFor(clerk, 'suspend');
    const windows = [clerk.copy(), clerk.copy(), clerk.copy()];
    const seen = await Promise.all(windows.map((window) => window.send(pathOf('suspend'))));
    expect(new Set(seen.map(({ path }) => path)).size).toBe(1);
    expect(await acts()).toEqual(['suspend proposed']);
  });
});

describe('a proposal that is sent while the token service', () => {
  test.each([
    ['is silent', async () => new Response(null, { status: 502 }), '申請を確認できませんでした'],
    ['is busy', async () => askedTooOften(), '混み合っているため、ただいま行えません'],
  ])('%s is not recorded, and the same form is sent again', async (_, request, said) => {
    await askFor(clerk, 'suspend');
    bank.replaceService({ request });
    const seen = await clerk.send(pathOf('suspend'));
    expect(seen).toMatchObject({ status: 503, heading: '利用停止（確認）' });
    expect(seen.text).toContain(said);
    expect(await acts()).toEqual([]);
    bank.replaceService(bank.service.app);
    expect((await clerk.send(pathOf('suspend'))).path).toMatch(/^\/proposals\//);
    expect(await acts()).toEqual(['suspend proposed']);
  });
});

describe('four eyes', () => {
  test('a supervisor cannot approve a proposal of their own', async () => {
    const path = await propose('suspend', supervisor);
    expect(supervisor.seen.html).not.toContain('value="approved"');
    const fields = supervisor.hidden(`${path}/withdraw`);
    for (const decision of ['approved', 'declined']) {
      const own = await supervisor.copy().post(`${path}/decide`, { ...fields, decision, reason: 'x' });
      expect(own.status).toBe(409);
      expect(own.text).toContain('ご自分の申請は、承認も却下もできません。');
      await supervisor.open(path);
      Object.assign(fields, supervisor.hidden(`${path}/withdraw`));
    }
    expect(await statusNow()).toBe('active');
    expect(await acts()).toEqual(['suspend proposed']);
  });

  test('a clerk cannot approve, nor can somebody whose role was removed a moment ago', async () => {
    const path = await propose('suspend', supervisor);
    const seen = await clerk.open(path);
    expect(seen.html).not.toContain('value="approved"');
    await setRole('staff01', 'supervisor');
    await clerk.open(path);
    const fields = { ...clerk.hidden(`${path}/decide`), decision: 'approved', reason: '確認済み' };
    await setRole('staff01', 'clerk');
    const refused = await clerk.post(`${path}/decide`, fields);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('役席者だけが行えます。権限が変わっていないか確認してください。');
    expect(await statusNow()).toBe('active');
    expect(await acts()).toEqual(['suspend proposed']);
  });

  test('simultaneous approvals by two supervisors, each in two browsers, count once', async () => {
    const path = await propose('suspend');
    const { staff_id: _, ...row } = await bank.db
      .selectFrom('staff')
      .selectAll()
      .where('id', '=', 'senpoku-staff02')
      .executeTakeFirstOrThrow();
    await bank.db
      .insertInto('staff')
      .values({ ...row, id: 'senpoku-staff04', staff_id: 'staff04' })
      .execute();
    const second = supervisor.another();
    await signIn(second, 'senpoku', undefined, 'staff04');
    const desks = [supervisor, supervisor.copy(), second, second.copy()];
    for (const desk of desks) await desk.open(path);
    const seen = await Promise.all(
      desks.map((desk) => desk.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' })),
    );
    const approved = seen.flatMap(({ status }, index) =>
      status === 200 ? [index < 2 ? 'first' : 'second'] : [],
    );
    // The second browser of the approver may come while the act is carried out: it asks for the outcome with the same key.
    expect(new Set(approved).size).toBe(1);
    for (const { status, text } of seen.filter((one) => one.status !== 200)) {
      expect([status, text.includes('すでに承認され')]).toEqual([409, true]);
    }
    expect(new Set(calls().map(({ key }) => key)).size).toBe(1);
    expect(await acts()).toEqual(['suspend proposed', 'suspend approved', 'suspend done']);
    expect((await bank.mails(EMAIL)).filter(({ subject }) => subject.includes('利用停止'))).toHaveLength(1);
    await bank.db.deleteFrom('staff').where('id', '=', 'senpoku-staff04').execute();
  });

  test('a decision must be chosen and needs a reason that can be recorded', async () => {
    const path = await propose();
    await supervisor.open(path);
    const none = await supervisor.send(`${path}/decide`, { reason: '<b>確認</b>' });
    expect(none.status).toBe(422);
    expect(none.text).toContain('承認するか却下するかを選択してください。');
    expect(none.html).toContain('value="&lt;b&gt;確認&lt;/b&gt;"');
    const silent = await supervisor.send(`${path}/decide`, { decision: 'approved', reason: ' ' });
    expect(silent.text).toContain('理由を入力してください。');
    expect(silent.html).toMatch(/value="approved" checked/);
    expect(await acts()).toEqual(['suspend proposed']);
  });

  test('another institution cannot find the proposal, and an impossible number finds nothing', async () => {
    const path = await propose();
    const akita = await clerkAt(bank, 'akita', 'supervisor');
    const nothing = await akita.open('/proposals/0');
    expect(nothing.status).toBe(404);
    const number = path.split('/')[2];
    const paths = [
      path,
      '/proposals/99999999999999999999',
      '/proposals/%27',
      '/reviews/1',
      `/reviews/${number}`,
    ];
    for (const one of paths) {
      const { status, html } = await akita.open(one);
      expect([one, status, html]).toEqual([one, 404, nothing.html]);
    }
    await supervisor.open(path);
    const fields = { ...supervisor.hidden(`${path}/decide`), decision: 'approved', reason: 'x' };
    const { form_token = '' } = akita.hidden('/search');
    expect((await akita.post(`${path}/decide`, { ...fields, form_token })).status).toBe(404);
    expect(await statusNow()).toBe('active');
  });
});

describe('what changed meanwhile', () => {
  test('the token’s state: the page says so and does not offer 承認する, and a form opened before is refused', async () => {
    const path = await propose('release');
    const early = supervisor.copy();
    await early.open(path);
    await act(clerk, 'emergency');
    const late = await early.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('「サービス利用中」から「利用停止中」に変わりました。');
    expect(late.text).toContain('何も変更していません。');
    const { html } = await supervisor.open(path);
    expect(html).not.toContain('value="approved"');
    expect(await statusNow()).toBe('suspended');
    expect((await decide(supervisor, path, 'declined')).text).toContain('却下されました');
  });

  test('the token itself: a proposal never reaches one that was issued after it', async () => {
    await act(clerk, 'release');
    bank.advance(2 * 24 * HOUR);
    const again = bank.browser();
    await logIn(again);
    await issue(bank, again, EMAIL);
    await back(clerk, 'staff01');
    const path = await propose('suspend');
    await issue(bank, again, EMAIL);
    await back(supervisor, 'staff02');
    expect((await supervisor.open(path)).text).toContain('お客さまのトークンが変わりました。');
    const fields = { ...supervisor.hidden(`${path}/decide`), decision: 'approved', reason: '確認済み' };
    const refused = await supervisor.post(`${path}/decide`, fields);
    expect([refused.status, refused.text.includes('この申請は承認できません')]).toEqual([409, true]);
    const statuses = await bank.service.db.selectFrom('tokens').select('status').execute();
    expect(statuses.map(({ status }) => status)).not.toContain('suspended');
  });

  test('the time: after a day it cannot be approved, and a bookmark after a week shows what became of it', async () => {
    const path = await propose();
    bank.advance(DAY - 60_000);
    await back(supervisor, 'staff02');
    const last = await supervisor.open(path);
    expect(last.text).toContain('あと1分');
    const fields = { ...supervisor.hidden(`${path}/decide`), decision: 'approved', reason: '確認済み' };
    bank.advance(61_000);
    const late = await supervisor.post(`${path}/decide`, fields);
    expect([
      late.status,
      late.text.includes('この申請は、期限が過ぎています。何も変更していません。'),
    ]).toEqual([409, true]);
    bank.advance(7 * 24 * HOUR);
    await back(supervisor, 'staff02');
    const old = await supervisor.open(path);
    expect([
      old.status,
      old.text.includes('承認されないまま期限が過ぎました。何も変更していません。'),
    ]).toEqual([200, true]);
    expect(old.html).not.toContain('/decide');
    expect(await statusNow()).toBe('active');
    await back(clerk, 'staff01');
    expect(await propose()).not.toBe(path);
  });
});

describe('without an answer of the token service', () => {
  test('an approval whose answer was lost stays approved, and any supervisor can find out the outcome', async () => {
    const path = await propose();
    await supervisor.open(path);
    bank.way.connection = 'lost';
    const lost = await supervisor.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' });
    expect(lost.status).toBe(503);
    expect(lost.text).toContain('結果を確認できませんでした');
    expect((await supervisor.open('/')).text).toContain('承認済（結果の確認待ち）');
    bank.way.connection = 'up';
    await supervisor.open(path);
    const found = await supervisor.send(`${path}/carry-out`);
    expect([found.status, found.text.includes('利用停止にしました。')]).toEqual([200, true]);
    expect(new Set(calls().map(({ key }) => key)).size).toBe(1);
    expect(await acts()).toEqual([
      'suspend proposed',
      'suspend approved',
      'suspend unanswered',
      'suspend done',
    ]);
  });

  test('nothing is approved if the service is unreachable from the start', async () => {
    const path = await propose();
    await supervisor.open(path);
    bank.way.connection = 'down';
    const none = await supervisor.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' });
    expect(none.status).toBe(503);
    expect(none.html).toContain('value="確認済み"');
    bank.way.connection = 'up';
    const now = await supervisor.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' });
    expect(now.text).toContain('利用停止にしました。');
  });
});
