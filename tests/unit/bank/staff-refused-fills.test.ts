import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reasonOf } from '../../../bank/staff/refused-reasons.ts';
import { REFUSED_FILL_REASONS, type RefusedFillReason } from '../../../core/api/refused-fills.ts';
import { ORIGIN } from '../../service/test-service.ts';
import type { Browser } from './browser.ts';
import { clerkAt } from './staff-desk.ts';
import { createTestBank, type TestBank } from './test-bank.ts';

/** 入力を断った画面 of the console, from the reports of tokens. */

const HOUR_MS = 60 * 60_000;

let bank: TestBank;
let auditor: Browser;

beforeAll(async () => {
  bank = await createTestBank();
}, 60_000);
afterAll(() => bank.close());

/** A customer's token reports counts of reasons for the hour before the present one. */
async function report(counts: Partial<Record<RefusedFillReason, number>>): Promise<void> {
  const { service } = bank;
  const { token } = await service.active();
  const url = `${ORIGIN}/v1/token/refused-fills`;
  const since = new Date((Math.floor(service.clock.now() / HOUR_MS) - 1) * HOUR_MS).toISOString();
  const fills = Object.entries(counts).map(([reason, count]) => ({ since, reason, count }));
  const body = JSON.stringify({ fills });
  const proof = await token.proof({ method: 'POST', url, body, timeMs: service.clock.now() });
  const headers = { 'Content-Type': 'application/json', DPoP: proof };
  const { status } = await service.app.request(url, { method: 'POST', headers, body });
  expect(status).toBe(200);
}

const figure = (html: string) =>
  /<figure class="chart chart-bad">(?:(?!<\/figure>)[\s\S])*?id="chart-refused-fills"[\s\S]*?<\/figure>/.exec(
    html,
  )?.[0] ?? '';
const points = (html: string) =>
  [...figure(html).matchAll(/class="chart-point" href="([^"]+)" aria-label="([^"]+)"([\s\S]*?)<\/a>/g)].map(
    ([, href = '', said = '', drawn = '']) => ({
      href: href.replaceAll('&amp;', '&'),
      said,
      parts: [...drawn.matchAll(/chart-bar-(\w+)/g)].map(([, tone]) => tone),
    }),
  );

describe('入力を断った画面', () => {
  beforeEach(async () => {
    await bank.service.db.deleteFrom('refused_fills').execute();
    // No hour may end while a test runs.
    const minute = Math.floor(bank.service.clock.now() / 60_000) % 60;
    if (minute > 40) bank.service.nextStep(65 - minute);
    auditor = await clerkAt(bank, 'senpoku', 'auditor');
  });

  test.each(['hour', 'day'])('is a chart by %s, with the reasons as parts and in a table', async (by) => {
    await report({ covered: 3, locked: 2 });
    await report({ covered: 1, clock: 1 });
    const { html } = await auditor.open(`/status?by=${by}`);
    expect(points(html)).toMatchObject([
      { said: expect.stringMatching(/：7件$/), parts: ['bad', 'over', 'good'] },
    ]);
    expect(figure(html)).toMatch(
      /画面・入力欄 4件<\/li>.*トークン・端末の状態 1件<\/li>.*お客さまの操作待ち 2件<\/li>/,
    );
    expect(figure(html)).toMatch(
      /<td class="count">4件<\/td><td class="count">1件<\/td><td class="count">2件<\/td><td class="count"><a href="[^"]+">7件<\/a>/,
    );
  });

  test.each(['hour', 'day'])(
    'a point by %s links to the reasons of its time, most frequent first',
    async (by) => {
      await report({ covered: 3, locked: 5 });
      await report({ locked: 1 });
      const [point] = points((await auditor.open(`/status?by=${by}`)).html);
      const { status, html, text } = await auditor.open(point?.href ?? '');
      expect(status).toBe(200);
      expect(text).toContain('合計 9件');
      expect(
        [...html.matchAll(/<th scope="row">([^<]+)<\/th><td>([^<]+)<\/td><td class="count">(\d+)件/g)].map(
          ([, ...row]) => row,
        ),
      ).toEqual([
        ['トークンがロックされている', 'お客さまの操作待ち', '6'],
        ['入力欄に別のものが重なっている', '画面・入力欄', '3'],
      ]);
      expect(text).toContain('1件ごとの記録はありません');
    },
  );

  test('covers only the institution, and is only for roles that read the audit', async () => {
    await report({ covered: 3 });
    const [point] = points((await auditor.open('/status')).html);
    const theirs = await clerkAt(bank, 'akita', 'auditor');
    expect(points((await theirs.open('/status')).html)).toEqual([]);
    expect((await theirs.open(point?.href ?? '')).text).toContain('この時間に報告された件数はありません');
    const clerk = await clerkAt(bank);
    expect((await clerk.open(point?.href ?? '')).status).toBe(403);
  });

  test.each([
    '',
    '?hour=3',
    '?from=2026-02-30&hour=3',
    '?from=2026-05-01&hour=24',
    '?from=2026-05-01&to=2026-05-09',
  ])('has no page for %j', async (query) => {
    expect((await auditor.open(`/status/refused-fills${query}`)).status).toBe(404);
  });

  test('says so where the service does not answer', async () => {
    bank.way.connection = 'down';
    const { status, text } = await auditor.open('/status/refused-fills?from=2026-05-01&hour=3');
    bank.way.connection = 'up';
    expect([status, text.includes('件数を表示できません')]).toEqual([503, true]);
  });

  test('is missing, and the page says why, if the institution’s tokens report nothing', async () => {
    const senpoku = bank.directory.institutions.find(({ key }) => key === 'senpoku');
    if (senpoku === undefined) throw new Error('no institution');
    const { reportsRefusedFills } = senpoku;
    Object.assign(senpoku, { reportsRefusedFills: false });
    const { status, html, text } = await auditor.open('/status');
    Object.assign(senpoku, { reportsRefusedFills });
    expect([status, figure(html)]).toEqual([200, '']);
    expect(text).toContain('お客さまのトークンから報告されない設定');
  });
});

test('every reason has words of its own; one from a later version is shown by its name', () => {
  const names = REFUSED_FILL_REASONS.map((reason) => reasonOf(reason).name);
  expect(new Set(names).size).toBe(REFUSED_FILL_REASONS.length);
  expect(reasonOf('later').name).toBe('その他（later）');
});
