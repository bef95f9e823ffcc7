import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { askFor, clerkAt, pathOf, recorded } from './staff-desk.ts';
import { activate, EMAIL, type TestBank, useTestBank } from './test-bank.ts';

let bank: TestBank;
let customer: Browser;
let clerk: Browser;
/** Acts recorded before the test; they cannot be deleted. */
let before: number;

useTestBank(async (stage) => {
  bank = stage.bank;
  customer = stage.browser;
  clerk = await clerkAt(bank);
});

beforeEach(async () => {
  before = (await recorded(bank)).length;
});

const acts = async () => (await recorded(bank)).slice(before);
const statusNow = async () => {
  const [row] = await bank.service.db.selectFrom('tokens').select('status').execute();
  return row?.status;
};

describe('お客さま検索', () => {
  test.each(['taro0001', ' taro0001 ', 'ｔａｒｏ０００１'])('finds %j', async (login_id) => {
    const found = await clerk.send('/search', { q: login_id });
    expect(found).toMatchObject({ path: '/customers/senpoku-taro0001', heading: '見本 太郎 様' });
  });

  test.each([
    'taro',
    'TARO0001',
    '%',
    '_',
    '見本%',
    '見_',
    '本見',
    '20261121-99999999',
    '123456789',
    "'",
    '\\',
    '％',
    'x'.repeat(10_000),
    '見'.repeat(3_000),
    "' or 1=1 --",
    'a\u0000b',
  ])('finds nobody by %j', async (login_id) => {
    const none = await clerk.send('/search', { q: login_id });
    expect(none.status).toBe(422);
    expect(none.text).toContain('お客さまは見つかりません');
  });

  test.each(['太郎', '見本 太郎', '見本　太郎', '本太'])(
    'finds the customer by a part of the name, %j',
    async (q) => {
      expect((await clerk.send('/search', { q })).path).toBe('/customers/senpoku-taro0001');
    },
  );

  test('finds the customer of a transfer by its 受付番号, at this institution only', async () => {
    await sql`
      insert into transfers (id, institution, customer_id, kind, from_account, bank_code, bank_name, branch_code,
        branch_name, account_type, account_number, payee, amount, state, attempt, created_at, cancel_due, receipt)
      values ('found', 'senpoku', 'senpoku-hanako01', 'transfer', 'senpoku-hanako01-0', '9911', '見本銀行', '001',
        '本店', 'ordinary', '1234567', 'ミホン サブロウ', 1, 'done', 0, now(), false, '20261121-00000042')`.execute(
      bank.db,
    );
    for (const dash of ['-', '－', 'ー', 'ｰ', '‐', '‑', '–', '—', '―', '−']) {
      await clerk.open('/');
      const { path } = await clerk.send('/search', { q: `２０２６１１２１${dash}00000042` });
      expect([dash, path]).toEqual([dash, '/customers/senpoku-hanako01']);
    }
    const akita = await clerkAt(bank, 'akita');
    expect((await akita.send('/search', { q: '20261121-00000042' })).status).toBe(422);
  });

  test('finds the customer of a change by its 受付番号, at this institution only', async () => {
    await sql`
      insert into changes (id, institution, customer_id, type, details, state, attempt, created_at, cancel_due, receipt)
      values ('found', 'senpoku', 'senpoku-hanako01', 'limit-change', '{}', 'done', 0, now(), false,
        '20261121-00000043')`.execute(bank.db);
    const found = '/customers/senpoku-hanako01';
    expect((await clerk.send('/search', { q: ' ２０２６１１２１－００００００４３' })).path).toBe(found);
    const akita = await clerkAt(bank, 'akita');
    expect((await akita.send('/search', { q: '20261121-00000043' })).status).toBe(422);
  });

  test('finds the customer by their token’s シリアルNo, at this institution only; says so if the service does not answer', async () => {
    await activate(bank, customer, EMAIL);
    const { serial } = await bank.service.db.selectFrom('tokens').select('serial').executeTakeFirstOrThrow();
    const wide = (serial ?? '').replace(/[0-9]/g, (digit) => '０１２３４５６７８９'[Number(digit)] ?? '');
    for (const q of [serial ?? '', wide]) {
      expect((await clerk.send('/search', { q })).path).toBe('/customers/senpoku-taro0001');
      await clerk.open('/');
    }
    const akita = await clerkAt(bank, 'akita');
    const nothing = await akita.send('/search', { q: serial ?? '' });
    expect([nothing.status, nothing.text.includes('見つかりません')]).toEqual([422, true]);
    await clerk.open('/');
    bank.way.connection = 'down';
    const down = await clerk.send('/search', { q: serial ?? '' });
    expect(down.status).toBe(503);
    expect(down.text).toContain('シリアルNoでの検索は、ただいま行えません。');
    expect(down.html).toContain(`value="${serial}"`);
  });

  test('records whose pages a search opened, and not what was typed', async () => {
    await clerk.send('/search', { q: '見本 太郎' });
    const line = bank.log.find((one) => one.includes('staff searched')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ staff: 'staff01', found: ['senpoku-taro0001'] });
    expect(line).not.toContain('見本');
  });

  test('shows markup as text', async () => {
    const none = await clerk.send('/search', { q: '"><script>alert(1)</script>' });
    expect(none.status).toBe(422);
    expect(none.html).not.toContain('<script>alert');
    expect(none.html).toContain('value="&quot;&gt;&lt;script&gt;');
  });

  test('lists customers whose names share a part, of this institution only', async () => {
    const { html, heading } = await clerk.send('/search', { q: '見' });
    expect(heading).toBe('お客さま検索');
    expect(html.match(/href="\/customers\/[^"]+"/g)?.sort()).toEqual([
      'href="/customers/senpoku-hanako01"',
      'href="/customers/senpoku-taro0001"',
    ]);
  });

  test('shows the service’s state of the token', async () => {
    expect((await clerk.open('/customers/senpoku-taro0001')).text).toContain('状態 未登録');
    await activate(bank, customer, EMAIL);
    const token = await bank.service.db.selectFrom('tokens').selectAll().executeTakeFirstOrThrow();
    const { text } = await clerk.open('/customers/senpoku-taro0001');
    expect(text).toContain('状態 サービス利用中');
    expect(text).toContain(`ユーザID ${token.user_id}`);
    expect(text).toContain(`シリアルNo ${token.serial}`);
    expect(text).toMatch(/利用開始日 \d{4}年\d\d月\d\d日 有効期限 \d{4}年\d\d月\d\d日 09:00/);
    expect(text).toContain(`メールアドレス ${EMAIL}`);
    expect(text).not.toContain('申込書');
  });

  test('says so and offers nothing if the service does not answer', async () => {
    await activate(bank, customer, EMAIL);
    bank.way.connection = 'down';
    const { text, html } = await clerk.open('/customers/senpoku-taro0001');
    expect(text).toContain('状態 確認できません');
    expect(html).not.toContain('/acts/');
  });

  test('for a customer of another institution gets the same answer as for an unknown one', async () => {
    expect((await clerk.send('/search', { q: 'taro0001' })).path).toContain('senpoku-');
    const akita = await clerkAt(bank, 'akita');
    const nothing = await akita.open('/customers/nobody');
    expect(nothing.status).toBe(404);
    const paths = ['', '/acts/suspend', '/acts/suspend/confirm', '/records/1'];
    for (const path of paths.filter((one) => !one.endsWith('confirm'))) {
      const { status, html } = await akita.open(`/customers/senpoku-taro0001${path}`);
      expect([status, html]).toEqual([404, nothing.html]);
    }
    await activate(bank, customer, EMAIL);
    await askFor(clerk, 'suspend');
    const fields = clerk.hidden(pathOf('suspend'));
    const { form_token = '' } = akita.hidden('/search');
    const sent = await akita.post(pathOf('suspend'), { ...fields, form_token });
    expect([sent.status, sent.html]).toEqual([404, nothing.html]);
    expect(await statusNow()).toBe('active');
    expect(await acts()).toEqual([]);
  });
});
