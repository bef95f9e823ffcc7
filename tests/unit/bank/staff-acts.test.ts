import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import type { Browser } from './browser.ts';
import { act, askFor, clerkAt, pathOf, recorded } from './staff-desk.ts';
import {
  activate,
  type Codes,
  createTestBank,
  EMAIL,
  enrol,
  issue,
  logIn,
  type TestBank,
} from './test-bank.ts';

const ACTS = ['unlock', 'emergency', 'suspend', 'resume', 'replace', 'release'] as const;

let bank: TestBank;
/** Logged in once, and so in every test. */
let loggedIn: { readonly customer: Browser; readonly clerk: Browser };
let customer: Browser;
let clerk: Browser;
/** Acts recorded before the test; they cannot be deleted. */
let before: number;

beforeAll(async () => {
  bank = await createTestBank();
  await bank.reset();
  customer = bank.browser();
  await logIn(customer);
  loggedIn = { customer, clerk: await clerkAt(bank) };
  await bank.keep();
}, 60_000);

const begin = async () => {
  await bank.reset();
  customer = loggedIn.customer.copy();
  clerk = loggedIn.clerk.copy();
  before = (await recorded(bank)).length;
};
beforeEach(begin);

afterAll(() => bank.close());

const acts = async () => (await recorded(bank)).slice(before);
const subjects = async () => (await bank.mails(EMAIL)).map(({ subject }) => subject);
const statusNow = async () => {
  const [row] = await bank.service.db.selectFrom('tokens').select('status').execute();
  return row?.status;
};

/** Lets a time of the token pass. */
const end = (column: 'expires_at' | 'enrol_by') =>
  bank.service.db
    .updateTable('tokens')
    .set({ [column]: new Date(bank.service.clock.now() - 1_000) })
    .execute();

/** Sends wrong codes until the token is locked. */
async function lock({ wrong }: Codes) {
  const browser = bank.browser();
  await logIn(browser);
  for (let count = 0; count < DEFAULT_POLICY.wrongCodesToLock; count++) {
    await browser.send('/login/otp', { otp: await wrong() });
  }
}

const SET_UP = {
  none: async () => {},
  issued: async () => {
    await issue(bank, customer, EMAIL);
  },
  enrolled: async () => {
    await enrol(bank, await issue(bank, customer, EMAIL));
  },
  active: async () => {
    await activate(bank, customer, EMAIL);
  },
  locked: async () => lock(await activate(bank, customer, EMAIL)),
  suspended: async () => {
    await activate(bank, customer, EMAIL);
    await act(clerk, 'suspend');
  },
  'suspended when it was issued': async () => {
    await issue(bank, customer, EMAIL);
    await act(clerk, 'suspend');
  },
  'suspended and past its 有効期限': async () => {
    await SET_UP.suspended();
    await end('expires_at');
  },
  'locked and past its 有効期限': async () => {
    await SET_UP.locked();
    await end('expires_at');
  },
  'suspended when it was locked, and past its 有効期限': async () => {
    await SET_UP.locked();
    await act(clerk, 'suspend');
    await end('expires_at');
  },
  'suspended until its 初期設定 was too late': async () => {
    await SET_UP['suspended when it was issued']();
    await end('enrol_by');
  },
  'issued until its 初期設定 was too late': async () => {
    await SET_UP.issued();
    await end('enrol_by');
  },
  released: async () => {
    await activate(bank, customer, EMAIL);
    await act(clerk, 'release');
  },
} as const;

type State = keyof typeof SET_UP;

/** For each state, the acts that fit and the status after each. */
const LEADS_TO: Record<State, Partial<Record<(typeof ACTS)[number], string>>> = {
  none: {},
  issued: { emergency: 'suspended', suspend: 'suspended' },
  enrolled: { emergency: 'suspended', suspend: 'suspended' },
  active: { emergency: 'suspended', suspend: 'suspended', replace: 'released', release: 'released' },
  locked: {
    unlock: 'active',
    emergency: 'suspended',
    suspend: 'suspended',
    replace: 'released',
    release: 'released',
  },
  suspended: { resume: 'active', replace: 'released', release: 'released' },
  'suspended when it was issued': { resume: 'issued' },
  'suspended and past its 有効期限': { replace: 'released', release: 'released' },
  'locked and past its 有効期限': {
    emergency: 'suspended',
    suspend: 'suspended',
    replace: 'released',
    release: 'released',
  },
  'suspended when it was locked, and past its 有効期限': { replace: 'released', release: 'released' },
  // Else its customer could not have another issued.
  'suspended until its 初期設定 was too late': { resume: 'issued' },
  'issued until its 初期設定 was too late': {},
  released: {},
};

describe.each(Object.keys(SET_UP) as State[])('a token that is %s', (state) => {
  const leadsTo = LEADS_TO[state];
  let leave: () => void;
  beforeAll(async () => {
    await begin();
    await SET_UP[state]();
    leave = await bank.keep();
  });
  afterAll(() => leave());

  test('is offered the acts that fit, and each other one is refused and changes nothing', async () => {
    const was = await statusNow();
    const { html } = await clerk.open('/customers/senpoku-taro0001');
    expect(ACTS.filter((name) => html.includes(`/acts/${name}"`))).toEqual(
      ACTS.filter((name) => name in leadsTo),
    );
    for (const name of ACTS.filter((one) => !(one in leadsTo))) {
      const refused = await clerk.open(pathOf(name));
      expect(refused.status).toBe(409);
      expect(refused.text).toContain('場合に行えます。現在の状態は「');
      expect(await statusNow()).toBe(was);
    }
  });

  test.each(ACTS.filter((name) => name in leadsTo))('%s is done', async (name) => {
    const done = await act(clerk, name);
    expect(done).toMatchObject({ status: 200, heading: 'お手続きの記録' });
    expect(await statusNow()).toBe(leadsTo[name]);
    expect((await acts()).at(-1)).toBe(`${name} done`);
  });
});

test.each([
  ['unlock', 'locked', '認証停止中'],
  ['resume', 'suspended', '利用停止中'],
] as const)('%s of a token past its 有効期限 says what can be done instead', async (name, state, said) => {
  await SET_UP[`${state} and past its 有効期限`]();
  const { text } = await clerk.open(pathOf(name));
  expect(text).toContain(`現在の状態は「${said}（有効期限切れ）」です。`);
  expect(text).toContain('ご利用を再開するには、「交換（再発行）」を行ってください。');
});

test('利用停止の解除 of a token whose 初期設定 was too late says on page and in mail that it is void', async () => {
  await SET_UP['suspended until its 初期設定 was too late']();
  expect((await clerk.open(pathOf('resume'))).text).toContain(
    '停止前の状態 トークン発行済（初期設定の期限切れ）',
  );
  await act(clerk, 'resume');
  const [mail] = await bank.mails(EMAIL);
  expect(mail?.subject).toBe('ワンタイムパスワード利用停止解除のお知らせ');
  expect(mail?.text).toContain('初期設定の期限が過ぎたため、トークンは無効になりました。');
  expect(mail?.text).toContain('もう一度「トークン発行」を行ってください。');
  expect(mail?.text).not.toContain('利用停止になる前の状態に戻りました');
});

describe('an act', () => {
  test.each([
    ['suspend', 'active', 'ワンタイムパスワード利用停止のお知らせ'],
    ['resume', 'suspended', 'ワンタイムパスワード利用停止解除のお知らせ'],
    ['unlock', 'locked', 'ワンタイムパスワード認証停止解除のお知らせ'],
    ['release', 'active', 'ワンタイムパスワード利用解除のお知らせ'],
    ['replace', 'suspended', 'トークン再発行のお手続きのご案内'],
  ] as const)('%s is reported to the customer by mail, without the reason', async (name, state, subject) => {
    await SET_UP[state]();
    await act(clerk, name, { reason: '内部の事情' });
    const [mail] = await bank.mails(EMAIL);
    expect(mail?.subject).toBe(subject);
    expect(mail?.text).not.toContain('内部の事情');
    expect(mail?.text).not.toContain('再同期');
    expect((await clerk.open(clerk.seen.path)).text).toMatch(/お客さまへのメール taro@example\.jp .*送信済/);
  });

  test('tells where its mail could not be delivered', async () => {
    await SET_UP.active();
    await act(clerk, 'suspend');
    await bank.db.updateTable('outbox').set({ sent_at: new Date(), given_up: true }).execute();
    expect((await clerk.open(clerk.seen.path)).text).toMatch(/お客さまへのメール taro@example\.jp .*不達/);
  });

  test('is in the audits of bank and service, with who and why', async () => {
    await activate(bank, customer, EMAIL);
    await act(clerk, 'suspend', { reason: '  紛失の届出 ' });
    const row = await bank.db
      .selectFrom('staff_acts')
      .selectAll()
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    const { user_id } = await bank.service.db
      .selectFrom('tokens')
      .select('user_id')
      .executeTakeFirstOrThrow();
    const by = { institution: 'senpoku', staff_id: 'staff01', customer_id: 'senpoku-taro0001' };
    expect(row).toMatchObject({ ...by, user_id, act: 'suspend', reason: '紛失の届出', outcome: 'done' });
    const audited = await bank.service.db
      .selectFrom('audit')
      .select(['event', 'outcome', 'actor', 'reason', 'approval'])
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    expect(audited).toEqual({
      ...{ event: 'suspend', outcome: 'done', actor: 'staff01', reason: '紛失の届出' },
      approval: `P-${row.proposal}`,
    });
    for (const change of [
      sql`update staff_acts set reason = 'x'`,
      sql`delete from staff_acts`,
      sql`truncate staff_acts`,
    ]) {
      await expect(change.execute(bank.db)).rejects.toThrow('append-only');
    }
  });

  test.each([
    ['', '理由を入力してください'],
    ['   ', '理由を入力してください'],
    ['あ'.repeat(201), '200文字以内'],
    ['一行目\n二行目', '改行や目に見えない文字'],
    ['a\u202eb', '改行や目に見えない文字'],
  ])('needs a reason that can be recorded, not %j', async (reason, message) => {
    await activate(bank, customer, EMAIL);
    const refused = await askFor(clerk, 'suspend', { reason });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(message);
    // The confirmation cannot be reached without the form either.
    await askFor(clerk, 'suspend');
    expect((await clerk.send(pathOf('suspend'), { reason })).status).toBe(400);
    expect(await statusNow()).toBe('active');
  });

  test('takes a reason with the 異体字 of a name, at the bank and at the token service', async () => {
    await activate(bank, customer, EMAIL);
    const reason = '辻\u{e0100}様からの届出';
    expect((await act(clerk, 'suspend', { reason })).heading).toBe('お手続きの記録');
    expect(await statusNow()).toBe('suspended');
    expect(clerk.seen.text).toContain(reason);
    expect((await askFor(clerk, 'resume', { reason: '辻\u{200b}' })).status).toBe(422);
    expect((await askFor(clerk, 'resume', { reason: 'a\u{e0100}' })).status).toBe(422);
  });

  test('keeps what was typed when the clerk goes back to correct it', async () => {
    await activate(bank, customer, EMAIL);
    await askFor(clerk, 'suspend', { reason: '<b>届出</b>' });
    const form = await clerk.send(`${pathOf('suspend')}/edit`);
    expect(form.html).toContain('value="&lt;b&gt;届出&lt;/b&gt;"');
    expect((await clerk.open(`${pathOf('suspend')}/confirm`)).path).toBe(pathOf('suspend'));
  });

  test('is done once when sent twice, at once and later', async () => {
    await activate(bank, customer, EMAIL);
    await askFor(clerk, 'emergency');
    const windows = [clerk.copy(), clerk.copy(), clerk.copy()];
    const seen = await Promise.all(windows.map((window) => window.send(pathOf('emergency'))));
    expect(new Set(seen.map(({ path }) => path)).size).toBe(1);
    expect((await clerk.send(pathOf('emergency'))).path).toBe(seen[0]?.path);
    expect(await acts()).toEqual(['emergency done']);
    expect((await subjects()).filter((subject) => subject.includes('利用停止'))).toHaveLength(1);
  });

  test('in two windows is done once, and the other window says that it does not fit', async () => {
    await activate(bank, customer, EMAIL);
    const other = clerk.copy();
    await askFor(clerk, 'emergency');
    await askFor(other, 'emergency');
    expect((await clerk.send(pathOf('emergency'))).status).toBe(200);
    const late = await other.send(pathOf('emergency'));
    expect(late.status).toBe(409);
    expect(late.text).toContain('現在の状態は「利用停止中」です。何も変更していません。');
    expect(await acts()).toEqual(['emergency done', 'emergency refused']);
  });

  test('whose answer was lost: the same form finds it done', async () => {
    await activate(bank, customer, EMAIL);
    await askFor(clerk, 'emergency');
    bank.way.connection = 'lost';
    const lost = await clerk.send(pathOf('emergency'));
    expect(lost.status).toBe(503);
    expect(lost.text).toContain('結果を確認できませんでした');
    bank.way.connection = 'up';
    expect(await statusNow()).toBe('suspended');
    const found = await clerk.send(pathOf('emergency'));
    expect(found).toMatchObject({ status: 200, heading: 'お手続きの記録' });
    expect(found.text).toContain('利用停止にしました。');
    expect(await acts()).toEqual(['emergency unanswered', 'emergency done']);
    expect((await subjects()).filter((subject) => subject.includes('利用停止'))).toHaveLength(1);
  });

  test('does not reach a token that was issued after the confirmation was shown', async () => {
    await issue(bank, customer, EMAIL);
    await askFor(clerk, 'emergency');
    await issue(bank, customer, EMAIL);
    const late = await clerk.send(pathOf('emergency'));
    expect(late.status).toBe(409);
    expect(late.text).toContain('お客さまのトークンが変わりました。何も変更していません。');
    expect(await acts()).toEqual(['emergency refused']);
    const statuses = await bank.service.db.selectFrom('tokens').select('status').execute();
    expect(statuses.map(({ status }) => status)).not.toContain('suspended');
  });

  test('needs the form of this act, customer and session', async () => {
    await activate(bank, customer, EMAIL);
    await askFor(clerk, 'suspend');
    const fields = clerk.hidden(pathOf('suspend'));
    expect((await clerk.copy().post(pathOf('release'), fields)).status).toBe(403);
    expect((await clerk.copy().post(pathOf('suspend', 'senpoku-hanako01'), fields)).status).toBe(403);
    expect((await clerk.copy().post(pathOf('suspend'), { ...fields, token: '' })).status).toBe(403);
    expect(
      (await (await clerkAt(bank, 'senpoku', 'supervisor')).post(pathOf('suspend'), fields)).status,
    ).toBe(403);
    expect((await clerk.copy().open(pathOf('nothing'))).status).toBe(404);
    expect(await statusNow()).toBe('active');
  });
});

describe('the customer', () => {
  test('who is suspended cannot log in, and can again once it is lifted', async () => {
    await activate(bank, customer, EMAIL);
    await act(clerk, 'suspend');
    expect((await logIn(bank.browser())).path).toBe('/login/suspended');
    await act(clerk, 'resume');
    expect((await logIn(bank.browser())).path).toBe('/login/otp');
  });

  test('who is unlocked is told of the next lock as well', async () => {
    const codes = await activate(bank, customer, EMAIL);
    await lock(codes);
    await act(clerk, 'unlock');
    const browser = bank.browser();
    await logIn(browser);
    expect((await browser.send('/login/otp', { otp: await codes.code() })).path).toBe('/top');
    bank.advance(60_000);
    await lock(codes);
    await act(clerk, 'unlock');
    await lock(codes);
    const told = (await subjects()).filter((subject) => subject.includes('認証停止のお知らせ'));
    expect(told).toHaveLength(3);
  });

  test('whose 利用停止 ends in 認証停止 is told that', async () => {
    await lock(await activate(bank, customer, EMAIL));
    await act(clerk, 'suspend');
    await act(clerk, 'resume');
    const [mail] = await bank.mails(EMAIL);
    expect(mail?.text).toContain('認証停止は続いています');
  });

  test('without an address gets no mail, and the clerk sees that', async () => {
    await activate(bank, customer, EMAIL);
    await bank.db.updateTable('customers').set({ email: null }).execute();
    const done = await act(clerk, 'suspend');
    expect(done.text).toContain('メールは送信していません');
    expect((await subjects()).filter((subject) => subject.includes('利用停止'))).toEqual([]);
  });
});
