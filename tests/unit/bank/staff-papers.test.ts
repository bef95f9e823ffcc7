import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import type { Browser } from './browser.ts';
import { clerkAt, decide, pathOf, recorded, signIn } from './staff-desk.ts';
import { type TestBank, useTestBankInUse } from './test-bank.ts';

const TARO = 'senpoku-taro0001';
const AKITA = 'akita-taro0001';
const GOOD = { received_on: '2026-11-20', brought_by: 'ご本人', asked: 'トークンの利用停止' };

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
const papers = () => bank.db.selectFrom('papers').selectAll().orderBy('id').execute();
const paperPath = (kind: string, customer = TARO) => `/customers/${customer}/papers/${kind}`;
async function register(kind: string, typed: Partial<typeof GOOD> = {}, customer = TARO, by = clerk) {
  await by.open(paperPath(kind, customer));
  return by.send(paperPath(kind, customer), { ...GOOD, ...typed });
}

describe('a form on paper', () => {
  test('is registered with who brought it, when and what it asks for; it is the reason of its act', async () => {
    const paper = await register('suspension', { received_on: '２０２６/11/5' });
    expect(paper).toMatchObject({ status: 200, heading: 'ワンタイムパスワード利用停止届' });
    for (const said of [
      '受付日 2026年11月05日',
      'お持ちになった方 ご本人',
      'ご依頼の内容 トークンの利用停止',
    ]) {
      expect(paper.text).toContain(said);
    }
    expect(await acts()).toEqual(['suspend filed']);
    const [{ id } = { id: '' }] = await papers();
    expect((await clerk.open(`/customers/${TARO}`)).html).toContain(`href="/papers/${id}"`);
    const form = await clerk.open(`${pathOf('suspend')}?paper=${id}`);
    const reason = `ワンタイムパスワード利用停止届 第${id}号（2026年11月05日受付）による`;
    expect(form.html).toContain(`value="${reason}"`);
    await clerk.send(`${pathOf('suspend')}/confirm`, { reason });
    const proposal = (await clerk.send(pathOf('suspend'))).path;
    const done = await decide(await clerkAt(bank, 'senpoku', 'supervisor'), proposal, 'approved');
    expect(done.text).toContain(reason);
    expect(await acts()).toEqual(['suspend filed', 'suspend proposed', 'suspend approved', 'suspend done']);
  });

  test.each(['20261105', '2026.11.5', '2026年11月5日', '2026-11-05'])(
    'takes %s for a day',
    async (received_on) => {
      expect((await register('suspension', { received_on })).text).toContain('受付日 2026年11月05日');
    },
  );

  test('for an application leads to 申込書の登録 only where the institution takes paper', async () => {
    const akita = await clerkAt(bank, 'akita');
    const paper = await register('application', {}, AKITA, akita);
    expect(paper.html).toContain(`action="/customers/${AKITA}/acts/register"`);
    expect((await clerk.open(paperPath('application'))).status).toBe(404);
    expect((await clerk.open('/forms/application')).status).toBe(404);
    expect((await akita.open('/forms/application')).status).toBe(200);
    expect((await clerk.open(paperPath('anything'))).status).toBe(404);
  });

  test('for an application waits while nobody can say whether the token of one who applied before is locked', async () => {
    const akita = await clerkAt(bank, 'akita');
    await bank.db
      .updateTable('customers')
      .set({ applied_at: new Date(), user_id: '123456789012' })
      .where('id', '=', AKITA)
      .execute();
    bank.way.connection = 'down';
    const page = await akita.open(paperPath('application', AKITA));
    expect(page.text).toContain('トークンの状態を確認できないため、ただいま行えません。');
    expect(page.text).not.toContain('申込書は、すでに登録されています。');
    const refused = await akita.send(paperPath('application', AKITA), GOOD);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('トークンの状態を確認できないため、ただいま行えません。');
    expect(await papers()).toEqual([]);
  });

  test('for a cancellation leads to 利用解除; if it does not fit, the page says so and does not offer it', async () => {
    const paper = await register('cancellation');
    expect(paper.html).toContain(`action="/customers/${TARO}/acts/release"`);
    const other = await register('cancellation', {}, 'senpoku-hanako01');
    expect(other.text).toContain('利用解除は、トークンの利用が始まっている');
    expect(other.html).not.toContain('/acts/release"');
  });

  test.each([
    [{ received_on: '' }, 'received_on'],
    [{ received_on: '2026-02-30' }, 'received_on'],
    [{ received_on: '2999-01-01' }, 'received_on'],
    [{ received_on: '2026111' }, 'received_on'],
    [{ received_on: '2026-1102' }, 'received_on'],
    [{ received_on: '1999-12-31' }, 'received_on'],
    [{ received_on: '1026-11-02' }, 'received_on'],
    [{ received_on: '0001-01-01' }, 'received_on'],
    [{ received_on: "'; --" }, 'received_on'],
    [{ received_on: '9'.repeat(10_000) }, 'received_on'],
    [{ brought_by: '' }, 'brought_by'],
    [{ brought_by: 'あ'.repeat(61) }, 'brought_by'],
    [{ brought_by: 'a\nb' }, 'brought_by'],
    [{ asked: ' ' }, 'asked'],
    [{ asked: 'あ'.repeat(201) }, 'asked'],
    [{ asked: 'a\u202eb' }, 'asked'],
  ])('needs values that can be recorded, not %j', async (typed, field) => {
    const refused = await register('suspension', typed);
    expect(refused.status).toBe(422);
    expect(refused.html).toContain(`href="#${field}"`);
    expect(await papers()).toEqual([]);
    expect(await acts()).toEqual([]);
  });

  test('shows markup as text, on the screen and on paper', async () => {
    const paper = await register('suspension', {
      asked: '<img src=x onerror=alert(1)>',
      brought_by: '<b>代理</b>',
    });
    const print = await clerk.open(`${paper.path}/print`);
    for (const { html } of [paper, print]) {
      expect(html).not.toMatch(/<img|<b>/);
      expect(html).toContain('&lt;b&gt;代理&lt;/b&gt;');
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=/);
    }
  });

  test('is registered once when sent twice, at once and later', async () => {
    await clerk.open(paperPath('suspension'));
    const windows = [clerk.copy(), clerk.copy(), clerk.copy()];
    const seen = await Promise.all(windows.map((one) => one.send(paperPath('suspension'), GOOD)));
    expect(new Set(seen.map(({ path }) => path)).size).toBe(1);
    expect(await papers()).toHaveLength(1);
    expect(await acts()).toEqual(['suspend filed']);
  });

  test('is printed filled in, with the institution’s name and telephone', async () => {
    const paper = await register('suspension');
    const print = await clerk.open(`${paper.path}/print`);
    for (const said of [
      '仙北信用組合',
      '御中',
      '見本 太郎',
      'taro0001',
      '2026年11月20日',
      'ご本人',
      'staff01',
      '金融機関使用欄',
      'お届出印',
    ]) {
      expect(print.text).toContain(said);
    }
    const blank = await clerk.open('/forms/suspension');
    expect(blank.text).toContain('仙北信用組合');
    for (const said of ['見本 太郎', 'taro0001', 'staff01']) expect(blank.text).not.toContain(said);
    expect(blank.text).toContain('実在の金融機関の用紙ではありません');
  });

  test('for an application is printed without the address of today: the customer wrote one, which may be another', async () => {
    await bank.db
      .updateTable('customers')
      .set({ email: 'today@example.jp' })
      .where('id', '=', AKITA)
      .execute();
    const akita = await clerkAt(bank, 'akita');
    const paper = await register('application', {}, AKITA, akita);
    const print = await akita.open(`${paper.path}/print`);
    expect(print.text).toContain('メールアドレス');
    expect(print.text).not.toContain('today@example.jp');
  });

  test('belongs to one institution, customer and act; auditors read it and cannot register one', async () => {
    const { path } = await register('suspension');
    const no = path.split('/')[2] ?? '';
    const akita = await clerkAt(bank, 'akita');
    for (const one of [path, `${path}/print`, '/papers/0', '/papers/99999999999999999999', '/papers/%27']) {
      expect([one, (await akita.open(one)).status]).toEqual([one, 404]);
    }
    for (const act of [pathOf('release'), pathOf('suspend', 'senpoku-hanako01')]) {
      expect((await clerk.open(`${act}?paper=${no}`)).html).not.toContain(`第${no}号`);
    }
    expect((await clerk.open(`${pathOf('suspend')}?paper=%27`)).status).toBe(200);
    const auditor = await clerkAt(bank, 'senpoku', 'auditor');
    expect((await auditor.open(path)).status).toBe(200);
    expect(auditor.seen.html).not.toContain('/acts/');
    expect((await auditor.open(paperPath('suspension'))).status).toBe(403);
    expect((await auditor.open(`/customers/${TARO}`)).html).not.toContain('/papers/suspension');
  });

  test('comes back if it was sent after the session had ended', async () => {
    await clerk.open(paperPath('suspension'));
    bank.advance(DEFAULT_POLICY.idleMinutes * 60_000 + 1_000);
    await clerk.send(paperPath('suspension'), { ...GOOD, brought_by: '代理 花子' });
    const back = await signIn(clerk);
    expect(back.path).toBe(paperPath('suspension'));
    expect(back.html).toContain('value="代理 花子"');
    expect(await papers()).toEqual([]);
  });

  test('cannot be registered by somebody whose role was removed since', async () => {
    await clerk.open(paperPath('suspension'));
    const setRole = (role: 'auditor' | 'clerk') =>
      bank.db.updateTable('staff').set({ role }).where('id', '=', 'senpoku-staff01').execute();
    await setRole('auditor');
    expect((await clerk.send(paperPath('suspension'), GOOD)).status).toBe(403);
    await setRole('clerk');
    expect(await papers()).toEqual([]);
  });
});
