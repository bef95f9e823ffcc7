import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditCsv } from '../../../bank/staff/audit-csv.ts';
import { filterErrors, queryOf, readFilter } from '../../../bank/staff/audit-filter.ts';
import { findClerk } from '../../../bank/store/staff.ts';
import type { Browser } from './browser.ts';
import { tokenIdOf, writeEntries } from './staff-audit-rows.ts';
import { act, ask, clerkAt } from './staff-desk.ts';
import { activate, createTestBank, logIn, type TestBank } from './test-bank.ts';

/** 監査 and 状況 of the console. */

let bank: TestBank;
let clerk: Browser;
let supervisor: Browser;
let auditor: Browser;
let userId: string;
let tokenId: string;

beforeAll(async () => {
  bank = await createTestBank();
  const customer = bank.browser();
  await logIn(customer);
  ({
    customer: { userId },
  } = await activate(bank, customer, 'taro@example.jp'));
  tokenId = await tokenIdOf(bank, userId);
  clerk = await clerkAt(bank);
  supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
  auditor = await clerkAt(bank, 'senpoku', 'auditor');
  await act(clerk, 'suspend', { reason: '=1+1 紛失' });
}, 60_000);
afterAll(() => bank.close());

const read = async (filter: Parameters<typeof queryOf>[0] = {}, browser = auditor) =>
  browser.open(`/audit${queryOf(filter)}`);
const lines = (html: string) =>
  [...html.matchAll(/<td class="what">([^<]*)/g)].map(([, words = '']) => words.trim());

describe('監査', () => {
  test('is for supervisors and auditors; clerks have no link to it and are refused', async () => {
    for (const path of ['/audit', '/status', '/status?by=day']) {
      expect([path, (await clerk.open(path)).status]).toEqual([path, 403]);
      expect([path, (await supervisor.open(path)).status]).toEqual([path, 200]);
      expect([path, (await auditor.open(path)).status]).toEqual([path, 200]);
    }
    expect((await clerk.open('/')).html).not.toContain('href="/audit"');
    expect((await auditor.open('/')).html).toContain('href="/audit"');
    const { form_token = '' } = clerk.hidden('/sign-out');
    expect((await clerk.post('/audit/export', { form_token })).status).toBe(403);
  });

  test('shows both audits, newest first', async () => {
    const found = lines((await read()).html);
    expect(found).toContain('トークン発行');
    expect(found).toContain('利用停止（申請）');
    // the service's own entry, and the bank's record of it
    expect(found.filter((words) => words === '利用停止')).toHaveLength(2);
    expect(found.at(-1)).toBe('トークン発行');
  });

  test('can be filtered by event, outcome, member of staff, customer, token, days and an hour', async () => {
    const of = async (filter: Parameters<typeof queryOf>[0]) => lines((await read(filter)).html);
    expect(await of({ event: 'token suspend' })).toEqual(['利用停止']);
    expect(await of({ event: 'staff suspend', outcome: 'proposed' })).toEqual(['利用停止（申請）']);
    expect(await of({ event: 'token suspend', outcome: 'proposed' })).toEqual([]);
    expect(new Set(await of({ actor: 'staff02' }))).toEqual(new Set(['利用停止（承認）']));
    expect((await of({ id: 'taro0001' })).length).toBe((await of({ id: userId })).length);
    expect(await of({ id: 'hanako01' })).toEqual([]);
    const at = Date.parse('2026-04-30T14:59:59.000Z');
    await writeEntries(bank, { tokenId, count: 1, event: 'renew', outcome: 'done', at });
    await writeEntries(bank, { tokenId, count: 1, event: 'release', outcome: 'wrong', at: at + 1_000 });
    expect(await of({ from: '2026-04-30', to: '2026-04-30' })).toEqual(['有効期限の更新']);
    expect(await of({ from: '2026-05-01', to: '2026-05-01' })).toEqual(['利用解除（誤り）']);
    expect(await of({ from: '2026-04-30', hour: '23' })).toEqual(['有効期限の更新']);
    expect(await of({ from: '2026-04-30', hour: '22' })).toEqual([]);
    expect(await of({ outcome: 'not-accepted', from: '2026-04-30', to: '2026-05-01' })).toEqual([
      '利用解除（誤り）',
    ]);
  });

  test.each(['%', '_', "'", "' or ''='", 'taro000_', '<script>alert(1)</script>', '\\', '１%２'])(
    'understands %s',
    async (text) => {
      for (const filter of [{ id: text }, { actor: text }]) {
        const { status, html } = await read(filter);
        expect([status, lines(html)]).toEqual([200, []]);
        expect(html).not.toContain('<script>alert');
      }
    },
  );

  test.each([
    { id: 'x'.repeat(10_000) },
    { actor: 'x'.repeat(10_000) },
    { actor: '\u0000' },
    { event: 'token nothing' },
    { event: "x' or 1" },
    { outcome: 'maybe' },
    { from: '2026-02-30' },
    { from: '0000-01-01' },
    { from: '2026-05-02', to: '2026-05-01' },
    { hour: '24', from: '2026-05-01' },
    { hour: '3' },
    { hour: '3', from: '2026-05-01', to: '2026-05-02' },
  ])('says what is wrong with %j', async (filter) => {
    const { status, html, text } = await read(filter);
    expect(status).toBe(422);
    expect(html.length).toBeLessThan(20_000);
    expect(text).toContain('入力内容をご確認ください');
  });

  test('accepts an empty filter, and full-width digits', () => {
    expect(filterErrors(readFilter(() => undefined))).toEqual([]);
    expect(readFilter(() => ' ｓｔａｆｆ０１ ').actor).toBe('staff01');
  });

  test('has pages that new lines do not move, with each line once', async () => {
    const at = Date.parse('2026-03-01T00:00:00+09:00');
    await writeEntries(bank, { tokenId, count: 180, event: 'verify', outcome: 'wrong', at });
    let count = 0;
    let path: string | undefined = `/audit${queryOf({ event: 'token verify', to: '2026-03-01' })}`;
    while (path !== undefined) {
      const { html } = await auditor.open(path);
      count += lines(html).length;
      path = /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
      await writeEntries(bank, { tokenId, count: 3, event: 'verify', outcome: 'wrong', at: at + 1_000 });
    }
    expect(count).toBe(180);
  });

  test('never shows another institution’s audit, whatever the filter asks for', async () => {
    const theirs = await clerkAt(bank, 'akita', 'auditor');
    for (const filter of [{}, { id: userId }, { actor: 'staff01' }, { event: 'token verify' }]) {
      expect(lines((await read(filter, theirs)).html)).toEqual([]);
    }
    await ask(await clerkAt(bank, 'akita'), 'register', { customer: 'akita-taro0001' }).catch(
      () => undefined,
    );
    expect((await read({ actor: 'staff01' })).html).not.toContain('akita-');
  });

  test('says what is missing while the token service does not answer', async () => {
    bank.way.connection = 'down';
    const { text } = await read();
    bank.way.connection = 'up';
    expect(text).toContain('トークンの記録を表示できていません');
  });
});

describe('CSVの書き出し', () => {
  const exported = async (filter: Parameters<typeof queryOf>[0] = {}) => {
    await read(filter);
    return auditor.send('/audit/export');
  };

  test('is a file without formulas, and is itself audited', async () => {
    const { headers, html: csv } = await exported({ actor: 'staff01' });
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="audit-senpoku-\d{8}\.csv"$/);
    expect(csv).toContain("'=1+1 紛失");
    expect(csv).not.toMatch(/(^|,)"?=1/m);
    expect(csv).toContain('\r\n');
    const [newest] = lines((await read()).html);
    expect(newest).toBe('監査記録の書き出し');
    expect((await read({ event: 'staff export' })).text).toContain('職員ID：staff01');
    expect((await auditor.open('/')).text).not.toContain('監査記録の書き出し');
  });

  test('has every line of the filter, and only those', async () => {
    const { html: csv } = await exported({ event: 'token verify', to: '2026-03-01' });
    const rows = csv.trim().split('\r\n');
    expect(rows.length).toBeGreaterThan(180);
    for (const row of rows.slice(1)) expect(row).toContain('ワンタイムパスワードの認証,誤り');
    const { html: none } = await exported({ id: 'nobody99' });
    expect(none.trim().split('\r\n')).toHaveLength(1);
  });

  test('ends at a limit and says so; fails if the service does not answer', async () => {
    const { institutions } = bank.directory;
    const institution = institutions.find(({ key }) => key === 'senpoku');
    const member = await findClerk(bank.db, 'senpoku-staff03');
    if (institution === undefined || member === undefined) throw new Error('no auditor');
    const by = { clerk: member, institution };
    const reading = { token: { event: 'verify' }, staff: undefined };
    const text = await new Response(auditCsv(bank.dependencies, by, reading, 20)).text();
    expect(text.trim().split('\r\n')).toHaveLength(22);
    expect(text).toContain('ここまでで20件です。');
    bank.way.connection = 'down';
    await expect(new Response(auditCsv(bank.dependencies, by, reading)).text()).rejects.toThrow();
    bank.way.connection = 'up';
  });

  test('is refused without the form, and a refused one is not recorded', async () => {
    const before = lines((await read({ event: 'staff export' })).html).length;
    expect((await auditor.post('/audit/export', {})).status).toBe(403);
    expect((await auditor.open('/audit/export')).path).toBe('/audit');
    expect(lines((await read({ event: 'staff export' })).html)).toHaveLength(before);
  });
});

describe('状況', () => {
  const points = (html: string) =>
    [...html.matchAll(/class="chart-point" href="([^"]+)" aria-label="([^"]+)"/g)].map(
      ([, href = '', said = '']) => ({ href: href.replaceAll('&amp;', '&'), said }),
    );

  test('counts by hours and days, with a table; a point links to what it counts', async () => {
    const now = bank.service.clock.now();
    await writeEntries(bank, { tokenId, count: 7, event: 'lock', outcome: 'done', at: now });
    for (const by of ['hour', 'day']) {
      const { html } = await auditor.open(`/status?by=${by}`);
      const [point] = points(html).filter(({ href }) => href.includes('lock'));
      expect(point?.said).toMatch(/：7件$/);
      expect(html).toMatch(/<td class="count"><a href="[^"]*lock[^"]*">7件<\/a>/);
      expect(lines((await auditor.open(point?.href ?? '')).html)).toHaveLength(7);
    }
  });

  test('counts every outcome of what was not accepted, and links to all of them', async () => {
    const { html } = await auditor.open('/status?by=day');
    const before = points(html).filter(({ href }) => href.includes('not-accepted'));
    const now = bank.service.clock.now();
    for (const outcome of ['wrong', 'spent', 'stopped', 'overtaken']) {
      await writeEntries(bank, { tokenId, count: 1, event: 'verify', outcome, at: now });
    }
    const after = points((await auditor.open('/status?by=day')).html).filter(({ href }) =>
      href.includes('not-accepted'),
    );
    const count = (said = '') => Number(/：(\d+)件/.exec(said)?.[1] ?? 0);
    expect(count(after.at(-1)?.said)).toBe(count(before.at(-1)?.said) + 4);
    expect(lines((await auditor.open(after.at(-1)?.href ?? '')).html)).toHaveLength(
      count(after.at(-1)?.said),
    );
  });

  test('has no style and no script in its markup, and says so if the service does not answer', async () => {
    const { html } = await auditor.open('/status');
    expect(html).not.toMatch(/ (?:style|on[a-z]+)=|<style|<script>/);
    bank.way.connection = 'down';
    const { status, text } = await auditor.open('/status');
    bank.way.connection = 'up';
    expect([status, text.includes('件数を表示できません')]).toEqual([503, true]);
  });
});
