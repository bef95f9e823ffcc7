import { beforeEach, describe, expect, test } from 'vitest';
import { DEMO_STAFF } from '../../../bank/store/demo-staff.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import type { Browser } from './browser.ts';
import { act, ask, asked, askFor, clerkAt, decide, pathOf, recorded, signIn } from './staff-desk.ts';
import { type TestBank, useTestBankInUse } from './test-bank.ts';

const MINUTE = 60_000;
const { idleMinutes, staffDraftMinutes } = DEFAULT_POLICY;
const REASON = '紛失の届出 <b>"急ぎ"</b>';
const SHOWN = 'value="紛失の届出 &lt;b&gt;&quot;急ぎ&quot;&lt;/b&gt;"';
const BEFORE = 'サインインし直す前に入力した内容です。まだ送信されていません。';

let bank: TestBank;
let clerk: Browser;
let before: number;

useTestBankInUse(async (stage) => {
  bank = stage.bank;
  clerk = await clerkAt(bank);
});

beforeEach(async () => {
  before = (await recorded(bank)).length;
});

const acts = async () => (await recorded(bank)).slice(before);
const signInAs = (browser: Browser, role: keyof typeof DEMO_STAFF, institution = 'senpoku') =>
  signIn(browser, institution, undefined, DEMO_STAFF[role].staffId);
const idle = () => bank.advance(idleMinutes * MINUTE + 1_000);
const drafts = () => bank.db.selectFrom('staff_drafts').selectAll().execute();

describe('a form sent after the session has ended', () => {
  test.each([
    [
      'on its way to the confirmation',
      async () => {
        await clerk.open(pathOf('suspend'));
        idle();
        return clerk.send(`${pathOf('suspend')}/confirm`, { reason: REASON });
      },
    ],
    [
      'from the confirmation',
      async () => {
        await askFor(clerk, 'suspend', { reason: REASON });
        idle();
        return clerk.send(pathOf('suspend'));
      },
    ],
  ])('%s comes back after signing in with what was typed, and nothing was done', async (_, send) => {
    const timedOut = await send();
    expect(timedOut).toMatchObject({ path: '/timeout', heading: 'タイムアウト' });
    const back = await signInAs(clerk, 'clerk');
    expect(back).toMatchObject({ status: 200, path: pathOf('suspend'), heading: '利用停止' });
    expect(back.text).toContain(BEFORE);
    expect(back.html).toContain(SHOWN);
    // A reload loses nothing.
    expect((await clerk.open(pathOf('suspend'))).html).toContain(SHOWN);
    expect(await acts()).toEqual([]);
    await clerk.send(`${pathOf('suspend')}/confirm`, { reason: REASON });
    expect((await clerk.send(pathOf('suspend'))).path).toMatch(/^\/proposals\//);
    expect(await drafts()).toEqual([]);
    expect(await acts()).toEqual(['suspend proposed']);
  });

  test('is shown to nobody else: not to another clerk in that browser, nor to one of another institution', async () => {
    await askFor(clerk, 'suspend', { reason: REASON });
    idle();
    await clerk.send(pathOf('suspend'));
    for (const [role, institution] of [
      ['supervisor', 'senpoku'],
      ['clerk', 'akita'],
    ] as const) {
      expect((await signInAs(clerk, role, institution)).path).toBe('/');
      expect((await clerk.open(pathOf('suspend'))).html).not.toContain('急ぎ');
      await clerk.send('/sign-out');
    }
    expect((await signInAs(clerk.another(), 'clerk')).path).toBe(pathOf('suspend'));
    const [kept] = await drafts();
    expect(Buffer.from(kept?.typed ?? []).toString('utf8')).not.toContain('急ぎ');
  });

  test('is kept for a while, and only a clerk’s newest forms', async () => {
    await askFor(clerk, 'suspend', { reason: REASON });
    idle();
    await clerk.send(pathOf('suspend'));
    bank.advance(idleMinutes * MINUTE + staffDraftMinutes * MINUTE + 2_000);
    expect((await signInAs(clerk, 'clerk')).path).toBe('/');
    expect((await clerk.open(pathOf('suspend'))).html).not.toContain('急ぎ');
    await clerk.open(pathOf('suspend'));
    const { form_token = '' } = clerk.hidden(`${pathOf('suspend')}/confirm`);
    idle();
    for (let no = 1; no <= 30; no++) {
      await clerk.copy().post(`/proposals/${no}/decide`, { form_token, reason: 'x'.repeat(50_000) });
    }
    const rows = await drafts();
    expect(rows.length).toBeLessThanOrEqual(10);
    for (const { typed } of rows) expect(typed.length).toBeLessThan(2_000);
  });

  test('keeps a decision and its reason, and the comment of a review', async () => {
    const proposal = (await ask(clerk, 'release')).path;
    const supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
    await supervisor.open(proposal);
    idle();
    await supervisor.send(`${proposal}/decide`, { decision: 'declined', reason: REASON });
    const back = await signInAs(supervisor, 'supervisor');
    expect(back.path).toBe(proposal);
    expect(back.html).toContain(SHOWN);
    expect(back.html).toMatch(/value="declined" checked/);
    await supervisor.send(`${proposal}/decide`, { decision: 'declined', reason: REASON });
    await signInAs(clerk, 'clerk');
    await ask(clerk, 'emergency');
    const review = /href="(\/reviews\/\d+)"/.exec((await supervisor.open('/')).html)?.[1] ?? '';
    await supervisor.open(review);
    idle();
    await supervisor.send(review, { reason: REASON });
    expect(await signInAs(supervisor, 'supervisor')).toMatchObject({ path: review });
    expect(supervisor.seen.html).toContain(SHOWN);
  });
});

describe('a form of a session that another replaced', () => {
  test('in another tab, by the same clerk: comes back with what was typed, and nothing was done', async () => {
    await askFor(clerk, 'suspend', { reason: REASON });
    const old = { ...clerk.hidden(pathOf('suspend')), reason: REASON };
    await clerk.send('/sign-out');
    await signInAs(clerk, 'clerk');
    const back = await clerk.post(pathOf('suspend'), old);
    expect(back).toMatchObject({ status: 200, path: pathOf('suspend') });
    expect(back.html).toContain(SHOWN);
    expect(await acts()).toEqual([]);
  });

  test('sent before signing in, is kept until then', async () => {
    await askFor(clerk, 'suspend', { reason: REASON });
    const old = { ...clerk.hidden(pathOf('suspend')), reason: REASON };
    await clerk.send('/sign-out');
    expect((await clerk.post(pathOf('suspend'), old)).path).toBe('/sign-in');
    expect((await signInAs(clerk, 'clerk')).path).toBe(pathOf('suspend'));
  });

  test('sent by somebody else, is refused, and kept for its owner', async () => {
    await askFor(clerk, 'suspend', { reason: REASON });
    const old = { ...clerk.hidden(pathOf('suspend')), reason: REASON };
    await clerk.send('/sign-out');
    await signInAs(clerk, 'supervisor');
    expect((await clerk.post(pathOf('suspend'), old)).status).toBe(403);
    expect((await clerk.open(pathOf('suspend'))).html).not.toContain('急ぎ');
    await clerk.send('/sign-out');
    expect((await signInAs(clerk, 'clerk')).path).toBe(pathOf('suspend'));
  });

  test('with a forged clerk’s name, is not kept', async () => {
    const [session = '', , mark = ''] = (clerk.hidden('/search').form_token ?? '').split('.');
    const forged = Buffer.from('senpoku-staff02').toString('base64url');
    await clerk.send('/sign-out');
    for (const form_token of [
      `${session}.${forged}.${mark}`,
      `${session}.${forged}.`,
      `${session}.${forged}`,
    ]) {
      const sent = await clerk.another().post(pathOf('suspend'), { form_token, reason: REASON });
      expect([403, 200]).toContain(sent.status);
    }
    expect(await drafts()).toEqual([]);
  });
});

describe('a refusal keeps the reason', () => {
  const sent = async (name = 'suspend') => {
    await askFor(clerk, name, { reason: REASON });
    return clerk.send(pathOf(name), asked(clerk));
  };

  test('if the same is already proposed', async () => {
    await ask(await clerkAt(bank, 'senpoku', 'supervisor'), 'suspend');
    const refused = await sent();
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('同じお手続きの申請が、すでに出ています。');
    expect(refused.html).toContain(SHOWN);
  });

  test('if the token has changed since', async () => {
    await askFor(clerk, 'suspend', { reason: REASON });
    await act(await clerkAt(bank), 'emergency');
    const refused = await clerk.send(pathOf('suspend'));
    expect(refused.status).toBe(409);
    expect(refused.html).toContain(SHOWN);
    await clerk.open(pathOf('resume'));
    await bank.db.updateTable('customers').set({ user_id: null }).execute();
    const other = await clerk.send(`${pathOf('resume')}/confirm`, { reason: REASON });
    expect([other.status, other.html.includes(SHOWN)]).toEqual([409, true]);
  });

  test('if a question was not asked, and the other questions stay ticked', async () => {
    await ask(clerk, 'emergency');
    await askFor(clerk, 'resume', { reason: REASON });
    const ticked = asked(clerk);
    expect(Object.keys(ticked).length).toBeGreaterThan(1);
    const missing = await clerk.send(pathOf('resume'), { ...ticked, 'asked-1': 'no' });
    expect(missing.status).toBe(422);
    expect(missing.html).toContain(SHOWN);
    expect(missing.html.match(/type="checkbox"[^>]* checked/g)).toHaveLength(Object.keys(ticked).length - 1);
  });

  test('if a proposal was decided meanwhile, or the role was removed', async () => {
    const proposal = (await ask(clerk, 'release')).path;
    const supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
    const late = supervisor.copy();
    await late.open(proposal);
    await decide(supervisor, proposal, 'declined');
    const refused = await late.send(`${proposal}/decide`, { decision: 'approved', reason: REASON });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('入力した内容（送信されていません）');
    expect(refused.html).toContain('紛失の届出 &lt;b&gt;');
    await askFor(clerk, 'suspend', { reason: REASON });
    const setRole = (role: 'auditor' | 'clerk') =>
      bank.db.updateTable('staff').set({ role }).where('id', '=', 'senpoku-staff01').execute();
    await setRole('auditor');
    const forbidden = await clerk.send(pathOf('suspend'));
    await setRole('clerk');
    expect([forbidden.status, forbidden.html.includes('紛失の届出 &lt;b&gt;')]).toEqual([403, true]);
  });
});
