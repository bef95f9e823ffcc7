import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { japaneseMinute } from '../../../bank/format.ts';
import { finishApproved } from '../../../bank/staff/chores.ts';
import { sweep } from '../../../server/store/sweep.ts';
import type { Browser } from './browser.ts';
import { ask, clerkAt, decide, recorded } from './staff-desk.ts';
import { activate, createTestBank, EMAIL, logIn, type TestBank } from './test-bank.ts';

/** Approved acts whose answer was lost: the bank finishes them. */

const LEFT = 31_000;
const HOUR = 60 * 60_000;

let bank: TestBank;
let clerk: Browser;
let supervisor: Browser;
/** Acts recorded before the test; they cannot be deleted. */
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
  before = (await recorded(bank)).length;
});

afterAll(() => bank.close());

const acts = async () => (await recorded(bank)).slice(before);
const round = () => finishApproved(bank.dependencies);
const calls = () =>
  bank.calls.filter(({ path }) => path.startsWith('/v1/staff/') && path.endsWith('/suspend'));
const tokenNow = () =>
  bank.service.db.selectFrom('tokens').select(['id', 'status', 'user_id']).executeTakeFirstOrThrow();
const stateOf = async (path: string) => {
  const id = path.split('/')[2] ?? '';
  return (
    await bank.db.selectFrom('proposals').select('state').where('id', '=', id).executeTakeFirstOrThrow()
  ).state;
};

/** Makes a proposal, approves it, and loses the answer. @returns its path */
async function approved(connection: 'lost' | 'up' = 'lost', act = 'suspend'): Promise<string> {
  const { path } = await ask(clerk, act);
  await supervisor.open(path);
  bank.way.connection = connection;
  const sent = await supervisor.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' });
  bank.way.connection = 'up';
  expect(sent.status).toBe(503);
  return path;
}

describe('an approved act whose answer was lost', () => {
  test('is recorded as done once by any number of nodes; the customer is told once', async () => {
    const path = await approved();
    expect([await stateOf(path), (await tokenNow()).status]).toEqual(['approved', 'suspended']);
    bank.advance(LEFT);
    await Promise.all([round(), round(), round()]);
    await round();
    expect(await stateOf(path)).toBe('done');
    expect(await acts()).toEqual([
      'suspend proposed',
      'suspend approved',
      'suspend unanswered',
      'suspend done',
    ]);
    expect(new Set(calls().map(({ key }) => key)).size).toBe(1);
    // The first request sent it twice and lost both answers; then one node sent it once.
    expect(calls()).toHaveLength(3);
    const { id } = await tokenNow();
    const audited = await bank.service.db
      .selectFrom('audit')
      .select('outcome')
      .where('token_id', '=', id)
      .where('event', '=', 'suspend')
      .execute();
    expect(audited).toEqual([{ outcome: 'done' }]);
    const told = (await bank.mails(EMAIL)).filter(({ subject }) => subject.includes('利用停止'));
    expect(told).toHaveLength(1);
    expect((await supervisor.open(path)).text).toContain('この申請は承認され、実行されました。');
  });

  test('is first left to the form that waits for it, and to supervisors when the service may have forgotten it', async () => {
    const path = await approved();
    const sent = calls().length;
    await round();
    bank.advance(21 * HOUR);
    await round();
    expect([await stateOf(path), calls().length]).toEqual(['approved', sent]);
  });

  test('is done if the request never arrived', async () => {
    const { app } = bank.service;
    bank.replaceService({
      request: (url, init) =>
        init.method === 'POST' ? new Response(null, { status: 502 }) : app.request(url, init),
    });
    const path = await approved('up');
    bank.replaceService(app);
    expect((await tokenNow()).status).toBe('active');
    bank.advance(LEFT);
    await round();
    expect([await stateOf(path), (await tokenNow()).status]).toEqual(['done', 'suspended']);
  });

  test('that no longer fits ends without being done', async () => {
    const { app } = bank.service;
    bank.replaceService({
      request: (url, init) =>
        init.method === 'POST' ? new Response(null, { status: 502 }) : app.request(url, init),
    });
    const path = await approved('up');
    bank.replaceService(app);
    await decide(supervisor, (await ask(clerk, 'release')).path, 'approved');
    bank.advance(LEFT);
    await round();
    expect([await stateOf(path), (await tokenNow()).status]).toEqual(['failed', 'released']);
    expect((await acts()).at(-1)).toBe('suspend refused');
  });
});

describe('an approved 解除 that is carried out only after the 有効期限', () => {
  const HOLDS = 'トークンの有効期限が過ぎているため、トークンはご利用になれません。';
  /** Approves an act of the token in a status, and carries it out when the token has ended. @returns its mail */
  async function late(act: string, was: object): Promise<string> {
    await bank.service.db.updateTable('tokens').set(was).execute();
    const { app } = bank.service;
    bank.replaceService({
      request: (url, init) =>
        init.method === 'POST' ? new Response(null, { status: 502 }) : app.request(url, init),
    });
    await approved('up', act);
    bank.replaceService(app);
    bank.advance(LEFT);
    await bank.service.db
      .updateTable('tokens')
      .set({ expires_at: new Date(bank.service.clock.now() - 1_000) })
      .execute();
    await round();
    return (await bank.mails(EMAIL))[0]?.text ?? '';
  }

  test('of 利用停止 mails that the token has ended', async () => {
    const text = await late('resume', { status: 'suspended', suspended_from: 'active' });
    expect(text).toContain('トークンの利用停止を解除しました。');
    expect(text).toContain(HOLDS);
    expect(text).not.toContain('前の状態に戻りました');
  });

  test('of 利用停止 of a locked token does not mail that it can be unlocked', async () => {
    const text = await late('resume', { status: 'suspended', suspended_from: 'locked' });
    expect(text).toContain(HOLDS);
    expect(text).not.toContain('認証停止の解除のお手続きが必要です');
  });

  test('of 認証停止 mails that the token has ended', async () => {
    const text = await late('unlock', { status: 'locked' });
    expect(text).toContain('認証停止を解除しました。');
    expect(text).toContain(HOLDS);
  });
});

describe('an approved act that the service may have forgotten', () => {
  /** A supervisor asks what came of it, more than a day later. */
  async function askLater(path: string) {
    bank.advance(25 * HOUR);
    await sweep(bank.service.db, new Date(bank.service.clock.now()));
    const later = await clerkAt(bank, 'senpoku', 'supervisor');
    await later.open(path);
    return later.send(`${path}/carry-out`);
  }

  test('is recorded as done where the audit of the token names it, and not done again', async () => {
    const path = await approved();
    await bank.service.db.updateTable('tokens').set({ status: 'active', suspended_from: null }).execute();
    const sent = calls().length;
    expect((await askLater(path)).path).toMatch(/^\/customers\/senpoku-taro0001\/records\//);
    expect([await stateOf(path), (await tokenNow()).status, calls().length]).toEqual([
      'done',
      'active',
      sent,
    ]);
    expect((await acts()).at(-1)).toBe('suspend done');
  });

  test('mails when it was done, not when that was found out', async () => {
    const done = japaneseMinute(bank.service.clock.now());
    await askLater(await approved());
    const [mail] = await bank.mails(EMAIL);
    expect(mail?.text).toContain(`停止日時：${done}`);
  });

  test('ends without being done where the audit does not name it', async () => {
    const { app } = bank.service;
    bank.replaceService({
      request: (url, init) =>
        init.method === 'POST' ? new Response(null, { status: 502 }) : app.request(url, init),
    });
    const path = await approved('up');
    bank.replaceService(app);
    const sent = calls().length;
    expect((await askLater(path)).text).toContain('期限までに実行できなかったため、行われませんでした。');
    expect([await stateOf(path), (await tokenNow()).status, calls().length]).toEqual([
      'failed',
      'active',
      sent,
    ]);
    expect((await acts()).at(-1)).toBe('suspend refused');
  });

  test('stays approved while the audit cannot be read', async () => {
    const path = await approved();
    bank.replaceService({ request: async () => new Response(null, { status: 502 }) });
    expect((await askLater(path)).status).toBe(503);
    expect(await stateOf(path)).toBe('approved');
  });
});

describe('a service that does not answer', () => {
  test('is asked once in a round, and a proposal that cannot be finished does not block the others', async () => {
    const path = await approved();
    const [row] = await bank.db.selectFrom('proposals').selectAll().execute();
    if (row === undefined) throw new Error('nothing was proposed');
    const { id: _, ...left } = row;
    const decided = (ms: number) => new Date((row.decided_at?.getTime() ?? 0) - ms);
    for (const index of [1, 2]) {
      await bank.db
        .insertInto('proposals')
        .values({
          ...left,
          old_limit: null,
          new_limit: null,
          customer_id: index === 1 ? 'senpoku-hanako01' : 'senpoku-taro0001',
          act: index === 1 ? 'suspend' : 'resume',
          user_id: `00000000000${index}`,
          decided_at: decided(index),
        })
        .execute();
    }
    bank.advance(LEFT);
    const sent = bank.calls.length;
    await round();
    expect(bank.calls.slice(sent).map(({ path: to }) => to)).toEqual([
      '/v1/staff/tokens/000000000002/resume',
    ]);
    await round();
    await round();
    expect(await stateOf(path)).toBe('done');
  });
});
