import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { ask, asked, askedTooOften, askFor, clerkAt, pathOf, recorded, signIn } from './staff-desk.ts';
import { activate, createTestBank, EMAIL, logIn, type TestBank } from './test-bank.ts';

let bank: TestBank;
let clerk: Browser;
let supervisor: Browser;
let auditor: Browser;
let before: number;

beforeAll(async () => {
  bank = await createTestBank();
}, 60_000);

beforeEach(async () => {
  await bank.reset();
  const customer = bank.browser();
  await logIn(customer);
  await activate(bank, customer, EMAIL);
  clerk = await clerkAt(bank);
  supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
  auditor = await clerkAt(bank, 'senpoku', 'auditor');
  before = (await recorded(bank)).length;
});

afterAll(() => bank.close());

const acts = async () => (await recorded(bank)).slice(before);
const statusNow = async () => {
  const [row] = await bank.service.db.selectFrom('tokens').select('status').execute();
  return row?.status;
};
/** The entries under a heading of the queue. */
const under = (html: string, heading: string) =>
  new RegExp(`<h2>${heading}</h2>([\\s\\S]*?)</section>`).exec(html)?.[1] ?? '';

describe('緊急利用停止', () => {
  test('is done at once by one clerk alone, and waits for a supervisor’s review', async () => {
    const done = await ask(clerk, 'emergency', { reason: '盗難の電話' });
    expect([done.status, done.text.includes('役席者の確認待ちに入りました。')]).toEqual([200, true]);
    expect(await statusNow()).toBe('suspended');
    const home = await supervisor.open('/');
    const [, path = ''] = /href="(\/reviews\/\d+)"/.exec(under(home.html, '緊急利用停止の確認待ち')) ?? [];
    expect((await clerk.open(path)).html).not.toContain('確認済にする');
    await supervisor.open(path);
    expect((await supervisor.send(path, { reason: '' })).status).toBe(422);
    const windows = [supervisor.copy(), supervisor.copy()];
    for (const window of windows) await window.open(path);
    const seen = await Promise.all(windows.map((window) => window.send(path, { reason: '妥当' })));
    expect(seen.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(seen.find(({ status }) => status === 409)?.text).toContain('すでにstaff02が確認しています');
    expect(await acts()).toEqual(['emergency done', 'emergency reviewed']);
    expect(under((await supervisor.open('/')).html, '緊急利用停止の確認待ち')).not.toContain('/reviews/');
    expect((await supervisor.open(path)).text).toContain('この緊急利用停止は確認済です。');
  });

  test('by a supervisor is reviewed by another', async () => {
    await ask(supervisor, 'emergency');
    const home = await supervisor.open('/');
    const [, path = ''] = /href="(\/reviews\/\d+)"/.exec(home.html) ?? [];
    expect((await supervisor.open(path)).html).not.toContain('確認済にする');
    const { id } = await bank.db.selectFrom('reviews').select('id').executeTakeFirstOrThrow();
    expect(path).toBe(`/reviews/${id}`);
  });

  test('whose answer was lost also waits for a review; one that does not fit does not', async () => {
    await askFor(clerk, 'emergency');
    bank.way.connection = 'lost';
    expect((await clerk.send(pathOf('emergency'))).status).toBe(503);
    bank.way.connection = 'up';
    expect((await supervisor.open('/')).html).toContain('/reviews/');
    const other = await clerkAt(bank);
    expect((await ask(other, 'emergency').catch(() => other.seen)).status).toBe(409);
    expect(await bank.db.selectFrom('reviews').select('id').execute()).toHaveLength(1);
  });
});

describe('監査', () => {
  test('reads everything and changes nothing, whatever form it sends', async () => {
    const proposal = (await ask(clerk, 'release')).path;
    for (const path of ['/', '/customers/senpoku-taro0001', proposal]) {
      const { status, html } = await auditor.open(path);
      expect([path, status]).toEqual([path, 200]);
      expect(html).not.toMatch(/\/acts\/|\/decide|\/withdraw/);
    }
    expect((await auditor.open(pathOf('suspend'))).status).toBe(403);
    const { form_token = '' } = auditor.hidden('/search');
    for (const path of [
      pathOf('emergency'),
      `${pathOf('suspend')}/confirm`,
      `${proposal}/decide`,
      '/reviews/1',
    ]) {
      const sent = await auditor.copy().post(path, { form_token, decision: 'approved', reason: 'x' });
      expect([path, sent.status, sent.text.includes('閲覧だけができます')]).toEqual([path, 403, true]);
    }
    expect((await auditor.post('/search', { form_token, q: 'taro0001' })).status).toBe(200);
    expect(await acts()).toEqual(['release proposed']);
  });

  test('counts at the next form for a clerk who became an auditor after the page was opened', async () => {
    await askFor(clerk, 'emergency');
    const role = (role: 'auditor' | 'clerk') =>
      bank.db.updateTable('staff').set({ role }).where('id', '=', 'senpoku-staff01').execute();
    await role('auditor');
    expect((await clerk.send(pathOf('emergency'))).status).toBe(403);
    await role('clerk');
    expect(await statusNow()).toBe('active');
  });
});

describe('対応待ち', () => {
  test('shows a supervisor what waits for them, without their own, with the time left', async () => {
    await ask(clerk, 'suspend');
    await ask(supervisor, 'release');
    const waiting = under((await supervisor.open('/')).html, '承認をお待ちしている申請');
    expect(waiting).toContain('利用停止');
    expect(waiting).toContain('あと24時間0分');
    expect(waiting).not.toContain('利用解除');
    expect(under(supervisor.seen.html, 'ご自分の申請')).toContain('利用解除');
    expect(under((await clerk.open('/')).html, 'ご自分の申請')).toContain('利用停止');
    const others = await clerkAt(bank, 'akita', 'supervisor');
    expect((await others.open('/')).html).not.toContain('/proposals/');
  });

  test('shows what waits behind more of one’s own than are listed, and says where it does not list everything', async () => {
    const taro = await bank.db
      .selectFrom('customers')
      .select(['institution', 'name', 'password_hash'])
      .where('id', '=', 'senpoku-taro0001')
      .executeTakeFirstOrThrow();
    const at = new Date(bank.service.clock.now());
    for (let no = 0; no <= 51; no++) {
      const id = `senpoku-many${no}`;
      const by = no === 51 ? 'staff01' : 'staff02';
      await bank.db
        .insertInto('customers')
        .values({ ...taro, id, login_id: `many${no}` })
        .execute();
      const of = { institution: 'senpoku', customer_id: id, user_id: id, reason: `${by}の申請` };
      await bank.db
        .insertInto('proposals')
        .values({
          ...of,
          act: 'suspend',
          token_status: 'active',
          state: 'waiting',
          proposed_by: by,
          proposed_at: at,
          ends_at: new Date(at.getTime() + 60_000),
        })
        .execute();
      await bank.db
        .insertInto('reviews')
        .values({ ...of, key: id, acted_by: by, acted_at: at })
        .execute();
    }
    const waiting = under((await supervisor.open('/')).html, '承認をお待ちしている申請');
    expect(waiting).toContain('staff01の申請');
    expect(waiting).not.toContain('ほかにもあります。');
    await auditor.open('/');
    for (const [heading, path] of [
      ['役席者の承認待ち', '/proposals/'],
      ['緊急利用停止の確認待ち', '/reviews/'],
    ] as const) {
      const shown = under(auditor.seen.html, heading);
      expect(shown).toContain('古いものから50件を表示しています。ほかにもあります。');
      expect(shown.split(`href="${path}`)).toHaveLength(51);
    }
  });

  test('roles of the demo staff are in the bar', async () => {
    const roles = { staff01: '担当者', staff02: '役席者', staff03: '監査' };
    for (const [staffId, role] of Object.entries(roles)) {
      const browser = clerk.another();
      const home = await signIn(browser, 'akagi', undefined, staffId);
      expect(home.text).toContain(`${staffId} ${role}`);
    }
  });
});

describe('a busy token service', () => {
  test('is reported as busy, not as silent', async () => {
    await askFor(clerk, 'emergency');
    const { app } = bank.service;
    bank.replaceService({ request: async () => askedTooOften() });
    const refused = await clerk.send(pathOf('emergency'));
    expect([refused.status, refused.text.includes('混み合っている')]).toEqual([503, true]);
    expect((await clerk.open('/customers/senpoku-taro0001')).text).toContain('混み合っている');
    bank.replaceService(app);
    expect(await bank.db.selectFrom('reviews').select('id').execute()).toEqual([]);
    expect(await acts()).toEqual([]);
  });
});

describe('what to ask a caller', () => {
  test('must be ticked before 認証停止の解除 and 利用停止の解除, also without the page; other acts ask nothing', async () => {
    await ask(clerk, 'emergency');
    await askFor(clerk, 'resume');
    const { callerQuestions = [] } =
      bank.directory.institutions.find(({ key }) => key === 'senpoku')?.rules ?? {};
    expect(callerQuestions.length).toBeGreaterThan(0);
    for (const question of callerQuestions) expect(clerk.seen.text).toContain(question);
    expect(clerk.seen.html.match(/type="checkbox"[^>]* required/g)).toHaveLength(callerQuestions.length);
    const ticked = asked(clerk);
    const missing = await clerk.send(pathOf('resume'), { ...ticked, 'asked-1': 'no' });
    expect(missing.status).toBe(422);
    expect(missing.text).toContain(`確認していない項目があります：${callerQuestions[0]}`);
    expect(missing.html).toContain('value="窓口での申し出"');
    expect((await clerk.send(pathOf('resume'), ticked)).path).toMatch(/^\/proposals\//);
    await askFor(clerk, 'release');
    expect(asked(clerk)).toEqual({});
  });
});
