import { beforeEach, describe, expect, test } from 'vitest';
import { DEMO_STAFF } from '../../../bank/store/demo-staff.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import type { Browser } from './browser.ts';
import { createPasskeyDevice, type PasskeyDevice } from './passkey-device.ts';
import { clerkAt, consoleBrowser, signIn } from './staff-desk.ts';
import { type TestBank, useTestBank } from './test-bank.ts';

const PASSWORD = DEMO_STAFF.clerk.password;
const IDLE = DEFAULT_POLICY.idleMinutes * 60_000;

let bank: TestBank;
let clerk: Browser;
let device: PasskeyDevice;

useTestBank(async (stage) => {
  bank = stage.bank;
  clerk = await clerkAt(bank);
});

beforeEach(() => {
  device = createPasskeyDevice();
});

/** The options that a page gives the browser. */
function options({ seen }: Browser): {
  challenge: string;
  rp?: { id: string };
  rpId?: string;
  allowCredentials?: { id: string }[];
} {
  const [, json = ''] = /data-passkey="([^"]*)"/.exec(seen.html) ?? [];
  return JSON.parse(json.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
}

const passkeys = () => bank.db.selectFrom('staff_passkeys').selectAll().orderBy('added_at').execute();
const supervisorsDesk = () => clerkAt(bank, 'senpoku', 'supervisor');

async function add(by: Browser, one = device, typed: Record<string, string> = {}) {
  await by.open('/passkeys');
  const response = one.register({ challenge: options(by).challenge });
  return by.send('/passkeys', { name: '窓口のパソコン', password: PASSWORD, response, ...typed });
}

/** Signs in up to the question for the passkey. */
async function withPassword() {
  const browser = consoleBrowser(bank);
  await signIn(browser);
  return browser;
}

const finish = (browser: Browser, response: string) => browser.send('/sign-in/passkey', { response });

describe('a passkey', () => {
  test('must be used after the password once it is registered', async () => {
    expect((await withPassword()).seen.path).toBe('/');
    const added = await add(clerk);
    expect([added.status, added.text.includes('パスキーを登録しました。')]).toEqual([200, true]);
    expect(added.text).toContain('窓口のパソコン');
    const browser = await withPassword();
    expect(browser.seen).toMatchObject({ path: '/sign-in/passkey', heading: 'サインイン（パスキー）' });
    expect(options(browser)).toMatchObject({
      rpId: 'staff.localhost',
      allowCredentials: [{ id: device.id }],
    });
    // Nothing is accessible in between.
    for (const path of ['/', '/customers/senpoku-taro0001', '/passkeys']) {
      expect((await browser.copy().open(path)).path).toBe('/sign-in');
    }
    const done = await finish(browser, device.use({ challenge: options(browser).challenge }));
    expect(done).toMatchObject({ path: '/', heading: '対応待ち' });
  });

  test('changes the session’s id again; the id from the password step is no longer valid', async () => {
    await add(clerk);
    const browser = await withPassword();
    const half = browser.copy();
    await finish(browser, device.use({ challenge: options(browser).challenge }));
    expect(browser.cookie).not.toBe(half.cookie);
    expect((await half.open('/sign-in/passkey')).path).toBe('/sign-in');
  });

  test('can be one of several', async () => {
    const second = createPasskeyDevice({ counts: false });
    await add(clerk);
    await add(clerk, second);
    for (const one of [device, second, second]) {
      const browser = await withPassword();
      expect((await finish(browser, one.use({ challenge: options(browser).challenge }))).path).toBe('/');
    }
  });

  test.each(['ｘ'.repeat(41), '', 'a\nb'])('needs a name, not %j', async (name) => {
    expect((await add(clerk, device, { name })).status).toBe(422);
    expect(await passkeys()).toEqual([]);
  });

  test('is not added with a password in full width, which counts as no try', async () => {
    for (let count = 0; count < DEFAULT_POLICY.wrongPasswordsToStop; count++) {
      const refused = await add(clerk, device, { password: 'ｓｔａｆｆ１２３４' });
      expect(refused.text).toContain('パスワードは半角英数字で入力してください。');
    }
    expect((await add(clerk)).status).toBe(200);
  });

  test('is added and removed only with the password', async () => {
    for (const password of ['', 'wrong']) {
      const refused = await add(clerk, device, { password });
      expect([refused.status, refused.html.includes('#password')]).toEqual([422, true]);
      expect(refused.text.includes('分間、この操作もサインインもできなくなります。')).toBe(password !== '');
    }
    expect(await passkeys()).toEqual([]);
    await add(clerk);
    await clerk.open('/passkeys');
    expect(
      (await clerk.send('/passkeys/remove', { key: device.id, 'remove-password': 'wrong' })).status,
    ).toBe(422);
    expect(await passkeys()).toHaveLength(1);
    await clerk.send('/passkeys/remove', { key: device.id, 'remove-password': PASSWORD });
    expect(await passkeys()).toEqual([]);
    expect((await withPassword()).seen.path).toBe('/');
  });

  test('stays chosen for removal after a mistyped password, and is not said to be removed twice', async () => {
    const second = createPasskeyDevice();
    await add(clerk);
    await add(clerk, second, { name: '予備' });
    await clerk.open('/passkeys');
    const unchosen = await clerk.send('/passkeys/remove', { key: '', 'remove-password': PASSWORD });
    expect([unchosen.status, unchosen.html.includes('id="key-error"')]).toEqual([422, true]);
    const mistyped = await clerk.send('/passkeys/remove', { key: second.id, 'remove-password': 'wrong' });
    expect(mistyped.status).toBe(422);
    expect(mistyped.html).toContain(`<option value="${second.id}" selected>`);
    expect(mistyped.html).toContain('id="remove-password-error"');
    const tabs = [clerk.copy(), clerk.copy()];
    const seen = [];
    for (const tab of tabs) {
      seen.push(await tab.send('/passkeys/remove', { key: second.id, 'remove-password': PASSWORD }));
    }
    expect(seen.map(({ status }) => status)).toEqual([200, 409]);
    expect(seen[1]?.text).not.toContain('パスキーを削除しました。');
    expect(seen[1]?.text).toContain('選択したパスキーは、すでにありません。');
    expect((await passkeys()).map(({ id }) => id)).toEqual([device.id]);
  });

  test('cannot be removed by a colleague; everybody may add their own, auditors too', async () => {
    await add(clerk);
    const other = await supervisorsDesk();
    await add(other, createPasskeyDevice());
    await other.open('/passkeys');
    await other.send('/passkeys/remove', { key: device.id, 'remove-password': PASSWORD });
    expect((await passkeys()).map(({ clerk_id }) => clerk_id).sort()).toEqual([
      'senpoku-staff01',
      'senpoku-staff02',
    ]);
    const auditor = await clerkAt(bank, 'senpoku', 'auditor');
    expect((await add(auditor, createPasskeyDevice())).status).toBe(200);
  });
});

test('there is room for ten: of several at once with nine there, one is registered', async () => {
  const [{ clerk_id } = { clerk_id: '' }] = await bank.db
    .selectFrom('staff')
    .select('id as clerk_id')
    .where('institution', '=', 'senpoku')
    .where('staff_id', '=', DEMO_STAFF.clerk.staffId)
    .execute();
  for (let at = 0; at < 9; at += 1) {
    const key = { id: `key${at}`, clerk_id, name: 'x', public_key: new Uint8Array([at]) };
    await bank.db
      .insertInto('staff_passkeys')
      .values({ ...key, counter: 0, added_at: new Date(), used_at: null })
      .execute();
  }
  const windows = await Promise.all(
    [1, 2, 3].map(async () => {
      const window = clerk.copy();
      await window.open('/passkeys');
      return window;
    }),
  );
  const seen = await Promise.all(
    windows.map((window) => {
      const response = createPasskeyDevice().register({ challenge: options(window).challenge });
      return window.send('/passkeys', { name: 'x', password: PASSWORD, response });
    }),
  );
  expect(seen.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
  expect(await passkeys()).toHaveLength(10);
});

/** What was written down of passkeys, oldest first: who, what, about what. */
const written = async () =>
  (
    await bank.db
      .selectFrom('staff_acts')
      .select(['staff_id', 'act', 'reason'])
      .where('act', 'in', ['passkey-add', 'passkey-remove', 'passkey-reset'])
      .orderBy('id')
      .execute()
  ).map(({ staff_id, act, reason }) => [staff_id, act, reason]);

test('the audit has what was done with passkeys, and not what was refused without effect', async () => {
  const before = (await written()).length;
  await add(clerk, device, { password: 'wrong' });
  await add(clerk);
  await add(clerk, createPasskeyDevice(), { name: '予備' });
  await clerk.open('/passkeys');
  for (const password of ['wrong', PASSWORD, PASSWORD]) {
    await clerk.send('/passkeys/remove', { key: device.id, 'remove-password': password });
  }
  const supervisor = await supervisorsDesk();
  for (const reason of ['', '紛失の届け出']) {
    await supervisor.open('/staff');
    await supervisor.send('/staff/reset', { clerk: 'senpoku-staff01', reason });
  }
  expect((await written()).slice(before)).toEqual([
    ['staff01', 'passkey-add', '窓口のパソコン'],
    ['staff01', 'passkey-add', '予備'],
    ['staff01', 'passkey-remove', '窓口のパソコン'],
    ['staff02', 'passkey-reset', '職員ID staff01：紛失の届け出'],
  ]);
});

describe('an answer', () => {
  const refused = async (browser: Browser, response: string) => {
    const seen = await finish(browser, response);
    expect([seen.status, seen.path]).toEqual([422, '/sign-in/passkey']);
    expect(seen.text).toContain('パスキーを確認できませんでした。');
    expect((await browser.copy().open('/')).path).toBe('/sign-in');
  };

  beforeEach(async () => {
    await add(clerk);
  });

  test('to another origin, another RP or from another device is refused', async () => {
    const browser = await withPassword();
    for (const [one, more] of [
      [device, { origin: 'http://staff.localhost:9' }],
      [device, { origin: 'https://evil.example' }],
      [device, { rpId: 'localhost' }],
      [createPasskeyDevice(), {}],
    ] as const) {
      await refused(browser, one.use({ challenge: options(browser).challenge, ...more }));
    }
    const fresh = options(browser).challenge;
    expect((await finish(browser, device.use({ challenge: fresh }))).path).toBe('/');
  });

  test('is accepted once, for its session and its purpose', async () => {
    const browser = await withPassword();
    const { challenge } = options(browser);
    const elsewhere = await withPassword();
    await refused(elsewhere, device.use({ challenge }));
    const response = device.use({ challenge });
    await clerk.open('/passkeys');
    await refused(browser, device.use({ challenge: options(clerk).challenge }));
    const windows = [browser.copy(), browser.copy(), browser.copy()];
    const form_token = browser.hidden('/sign-in/passkey').form_token ?? '';
    const seen = await Promise.all(
      windows.map((window) => window.post('/sign-in/passkey', { form_token, response })),
    );
    expect(seen.filter(({ path }) => path === '/')).toHaveLength(1);
    const again = await withPassword();
    await refused(again, response);
  });

  test('is too late after a while', async () => {
    const browser = await withPassword();
    const response = device.use({ challenge: options(browser).challenge });
    bank.advance(IDLE + 1_000);
    expect((await finish(browser, response)).path).toBe('/timeout');
  });

  test('with a repeated counter, as from a copied device, is refused', async () => {
    const first = await withPassword();
    await finish(first, device.use({ challenge: options(first).challenge, counter: 7 }));
    const browser = await withPassword();
    for (const counter of [7, 3, 0]) {
      await refused(browser, device.use({ challenge: options(browser).challenge, counter }));
    }
    expect(
      (await finish(browser, device.use({ challenge: options(browser).challenge, counter: 8 }))).path,
    ).toBe('/');
  });

  test.each(['', '{}', 'null', '[]', '"x"', '{"id":1}', '<b>', 'x'.repeat(50_000)])(
    'that is malformed, %j, is refused',
    async (response) => {
      await refused(await withPassword(), response);
      await clerk.open('/passkeys');
      const added = await clerk.send('/passkeys', { name: 'x', password: PASSWORD, response });
      expect(added.status).toBe(422);
    },
  );

  test('to the question of a registration of another session registers nothing', async () => {
    const other = await clerkAt(bank);
    expect(other.seen.path).toBe('/sign-in/passkey');
    const second = createPasskeyDevice();
    await clerk.open('/passkeys');
    const { challenge } = options(clerk);
    for (const more of [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { challenge: 'AAAA' },
    ]) {
      await clerk.open('/passkeys');
      const response = second.register({ challenge, ...more });
      expect((await clerk.send('/passkeys', { name: 'x', password: PASSWORD, response })).status).toBe(422);
    }
    expect(await passkeys()).toHaveLength(1);
  });
});

describe('パスキーの解除', () => {
  beforeEach(async () => {
    await add(clerk);
  });

  test('is done by a supervisor for a colleague at the same institution, with a reason', async () => {
    const supervisor = await supervisorsDesk();
    await supervisor.open('/staff');
    expect(supervisor.seen.text).toContain('staff01 見本 職員 担当者 1件');
    const silent = await supervisor.send('/staff/reset', { clerk: 'senpoku-staff01', reason: ' ' });
    expect([silent.status, (await passkeys()).length]).toEqual([422, 1]);
    const done = await supervisor.send('/staff/reset', { clerk: 'senpoku-staff01', reason: '紛失' });
    expect(done.text).toContain('パスキーを解除しました（1件）。');
    expect(await passkeys()).toEqual([]);
    expect(bank.log.some((line) => line.includes('passkeys reset') && line.includes('senpoku-staff01'))).toBe(
      true,
    );
    expect((await withPassword()).seen.path).toBe('/');
  });

  test('is of nobody until a colleague is chosen, and still of that colleague after a timeout', async () => {
    await add(await clerkAt(bank, 'senpoku', 'auditor'), createPasskeyDevice());
    const supervisor = await supervisorsDesk();
    await supervisor.open('/staff');
    expect(supervisor.seen.html).toContain(
      '<select id="clerk" name="clerk" aria-required="true"><option value="" selected>',
    );
    const none = await supervisor.send('/staff/reset', { clerk: '', reason: '紛失' });
    expect([none.status, none.text.includes('職員を選択してください。')]).toEqual([422, true]);
    bank.advance(IDLE + 1_000);
    await supervisor.send('/staff/reset', { clerk: 'senpoku-staff03', reason: '紛失' });
    const again = await signIn(supervisor, 'senpoku', undefined, DEMO_STAFF.supervisor.staffId);
    expect(again.path).toBe('/staff');
    expect(again.html).toContain('<option value="senpoku-staff03" selected>');
    expect(again.html).toContain('value="紛失"');
  });

  test('is refused for one’s own passkeys, to clerks, to other institutions and to former supervisors', async () => {
    const supervisor = await supervisorsDesk();
    await add(supervisor, createPasskeyDevice());
    await supervisor.open('/staff');
    expect((await supervisor.send('/staff/reset', { clerk: 'senpoku-staff02', reason: 'x' })).status).toBe(
      409,
    );
    await supervisor.open('/staff');
    const fields = { ...supervisor.hidden('/staff/reset'), clerk: 'senpoku-staff01', reason: 'x' };
    const setRole = (role: 'clerk' | 'supervisor') =>
      bank.db.updateTable('staff').set({ role }).where('id', '=', 'senpoku-staff02').execute();
    await setRole('clerk');
    const taken = await supervisor.copy().post('/staff/reset', fields);
    await setRole('supervisor');
    expect([403, 409]).toContain(taken.status);
    expect((await clerk.open('/staff')).status).toBe(403);
    const { form_token = '' } = clerk.hidden('/search');
    expect(
      (await clerk.post('/staff/reset', { form_token, clerk: 'senpoku-staff02', reason: 'x' })).status,
    ).toBe(403);
    const akita = await clerkAt(bank, 'akita', 'supervisor');
    await akita.open('/staff');
    const token = akita.hidden('/search').form_token ?? '';
    expect(
      (await akita.post('/staff/reset', { form_token: token, clerk: 'senpoku-staff01', reason: 'x' })).status,
    ).toBe(409);
    expect(await passkeys()).toHaveLength(2);
  });
});
