import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { DEMO_STAFF } from '../../../bank/store/demo-staff.ts';
import type { Browser } from './browser.ts';
import { createPasskeyDevice } from './passkey-device.ts';
import { ask, clerkAt, consoleBrowser, decide, signIn } from './staff-desk.ts';
import { logIn, type TestBank, useTestBankInUse } from './test-bank.ts';

/** What is signed in already when the passkeys of a member of staff change. */

const PASSWORD = DEMO_STAFF.supervisor.password;
const SUPERVISOR = 'senpoku-staff02';

let bank: TestBank;
let stolen: Browser;

useTestBankInUse((stage) => {
  bank = stage.bank;
});

const challengeOf = ({ seen }: Browser): string => {
  const [, json = ''] = /data-passkey="([^"]*)"/.exec(seen.html) ?? [];
  return JSON.parse(json.replaceAll('&quot;', '"').replaceAll('&amp;', '&')).challenge;
};

async function add(by: Browser, device = createPasskeyDevice()) {
  await by.open('/passkeys');
  const response = device.register({ challenge: challengeOf(by) });
  return by.send('/passkeys', { name: '窓口のパソコン', password: PASSWORD, response });
}

const supervisorAt = () => clerkAt(bank, 'senpoku', 'supervisor');

/** Another supervisor of the institution, signed in. */
async function otherSupervisor(): Promise<Browser> {
  await bank.db
    .updateTable('staff')
    .set({ role: 'supervisor' })
    .where('id', '=', 'senpoku-staff03')
    .execute();
  return clerkAt(bank, 'senpoku', 'auditor');
}

async function reset(by: Browser, clerk = SUPERVISOR) {
  await by.open('/staff');
  return by.send('/staff/reset', { clerk, reason: 'パソコンの盗難' });
}

describe('パスキーの解除 for whose computer was stolen', () => {
  const device = createPasskeyDevice({ counts: false });

  beforeEach(async () => {
    stolen = await supervisorAt();
    await add(stolen, device);
  });

  test('ends what is signed in there: the thief approves nothing, and reads nothing', async () => {
    const { path } = await ask(await clerkAt(bank), 'release');
    await stolen.open(path);
    const form = { ...stolen.hidden(`${path}/decide`), decision: 'approved', reason: '確認済み' };
    const done = await reset(await otherSupervisor());
    expect(done.text).toContain('この職員のサインインは、すべて終了しました。');
    expect((await stolen.post(`${path}/decide`, form)).heading).toBe('サインイン');
    expect((await stolen.open('/')).path).toBe('/sign-in');
    const proposal = await bank.db.selectFrom('proposals').select('state').executeTakeFirstOrThrow();
    expect(proposal.state).toBe('waiting');
  });

  test('ends a sign-in that waits for the passkey', async () => {
    const half = consoleBrowser(bank);
    await signIn(half, 'senpoku', undefined, DEMO_STAFF.supervisor.staffId);
    expect(half.seen.path).toBe('/sign-in/passkey');
    await reset(await otherSupervisor());
    expect((await half.open('/sign-in/passkey')).path).toBe('/sign-in');
  });

  test('ends nobody else’s session: of colleagues, at other institutions, of customers', async () => {
    const others = [await clerkAt(bank), await clerkAt(bank, 'akita', 'supervisor'), await otherSupervisor()];
    const customer = bank.browser();
    await bank.db.updateTable('customers').set({ user_id: null }).execute();
    await logIn(customer);
    await reset(await clerkAt(bank, 'senpoku', 'auditor'));
    for (const other of others) expect((await other.open('/')).path).toBe('/');
    expect((await customer.open('/top')).path).toBe('/top');
  });

  test('waits for a sign-in that is just using the passkey: use and session are one step', async () => {
    const half = consoleBrowser(bank);
    await signIn(half, 'senpoku', undefined, DEMO_STAFF.supervisor.staffId);
    const use = { response: device.use({ challenge: challengeOf(half) }) };
    await sql`create rule none as on insert to sessions do instead select 1 / 0`.execute(bank.db);
    const { status } = await half.send('/sign-in/passkey', use);
    await sql`drop rule none on sessions`.execute(bank.db);
    expect(status).toBe(500);
    const { used_at } = await bank.db
      .selectFrom('staff_passkeys')
      .select('used_at')
      .executeTakeFirstOrThrow();
    expect(used_at).toBeNull();
  });

  test('that is refused ends nothing', async () => {
    const akita = await clerkAt(bank, 'akita', 'supervisor');
    const token = akita.hidden('/search').form_token ?? '';
    const refused = await akita.post('/staff/reset', { form_token: token, clerk: SUPERVISOR, reason: 'x' });
    expect(refused.status).toBe(409);
    expect((await stolen.open('/')).path).toBe('/');
  });

  test('lets the colleague sign in anew and go on', async () => {
    const { path } = await ask(await clerkAt(bank), 'release');
    await reset(await otherSupervisor());
    expect((await decide(await supervisorAt(), path, 'approved')).text).toContain('利用解除しました。');
  });
});

describe('one’s own passkey', () => {
  test('that is added ends what was signed in by the password alone, and not the page that added it', async () => {
    const elsewhere = await supervisorAt();
    const here = await supervisorAt();
    expect((await add(here)).text).toContain('そのサインインは終了しました。');
    expect((await elsewhere.open('/')).path).toBe('/sign-in');
    expect((await here.open('/')).path).toBe('/');
  });

  test('that is removed ends what was signed in elsewhere, perhaps with it', async () => {
    const device = createPasskeyDevice({ counts: false });
    const here = await supervisorAt();
    await add(here, device);
    const elsewhere = consoleBrowser(bank);
    await signIn(elsewhere, 'senpoku', undefined, DEMO_STAFF.supervisor.staffId);
    await elsewhere.send('/sign-in/passkey', { response: device.use({ challenge: challengeOf(elsewhere) }) });
    expect(elsewhere.seen.path).toBe('/');
    await here.open('/passkeys');
    await here.send('/passkeys/remove', { key: device.id, 'remove-password': 'wrong' });
    expect((await elsewhere.open('/')).path).toBe('/');
    await here.send('/passkeys/remove', { key: device.id, 'remove-password': PASSWORD });
    expect((await elsewhere.open('/')).path).toBe('/sign-in');
    expect((await here.open('/')).path).toBe('/');
  });
});
