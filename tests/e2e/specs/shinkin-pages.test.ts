import { describe, expect, test } from 'vitest';
import { until, useFillStage } from '../fill-stage.ts';
import { pageOf, topPage } from '../fixtures/renderings.ts';
import {
  DECOY_PAGES,
  DOES_NOT_KEEP,
  decoyPages,
  FIELDS,
  HEADINGS,
  type Heading,
  notKept,
  WRITTEN,
} from '../fixtures/shinkin-pages.ts';
import { ShinkinBank, TARO_CONTRACT } from '../pages/shinkin-bank.ts';
import type { Stage } from '../stage.ts';

const EHIME = '愛媛信用金庫';

/** One token in use, and one that has still to be registered. @returns the シリアル番号 of the latter */
async function putIntoUse({ bank: { page }, token, system }: Stage): Promise<string> {
  const bank = new ShinkinBank(page, system.bankUrl);
  await token.page.bringToFront();
  await token.make(EHIME);
  await bank.begin('利用開始', TARO_CONTRACT);
  await bank.filledSerial();
  await bank.typePositions(TARO_CONTRACT);
  await bank.pressAndGo('登録');
  await bank.see('ワンタイムパスワード利用開始（処理結果）');
  await token.page.bringToFront();
  await token.pressWord('settings');
  await token.pressWord('addTitle');
  return token.make(EHIME);
}

/** Pages of our own making at the real origin of 愛媛信用金庫: which are filled, and which must stay empty. */
describe.each(['chromium', 'firefox'] as const)('愛媛信用金庫 in %s', (kind) => {
  let serial: string;
  const { open, outcome, site, scripts, filledIn, forgetSteps, errors } = useFillStage(kind, {
    system: { institution: 'ehime' },
    tokens: async (stage) => {
      serial = await putIntoUse(stage);
    },
  });

  test(`there are ${DECOY_PAGES} decoys`, () => {
    expect(DECOY_PAGES).toBeGreaterThanOrEqual(300);
  });

  test.each(Object.keys(HEADINGS) as Heading[])(
    'decoys under the heading of %s stay empty',
    async (heading) => {
      await open(topPage());
      const seen: unknown[] = [];
      for (const { name, body } of decoyPages(heading)) {
        await site().draw(body);
        const [report] = await scripts().ask('page.fill');
        const values = await filledIn();
        if (report?.kind !== 'unrecognised' || values.length > 0) seen.push({ name, report, values });
      }
      expect(seen).toEqual([]);
    },
  );

  test.each(WRITTEN)('$screen is filled, written with $way', async ({ screen, body }) => {
    expect(await open(pageOf(body))).toMatchObject({ kind: 'filled' });
    const codes: Record<string, string> = {};
    for (const [at, gives] of Object.values(FIELDS[screen]).entries()) {
      const value = await site().valueAt(`field${at}`);
      if (gives === 'serial') expect(value).toBe(serial);
      else {
        expect(value).toMatch(/^[0-9]{6}$/);
        codes[gives] = value;
      }
    }
    if ('used' in codes && 'made' in codes) expect(codes.used).not.toBe(codes.made);
  });

  test.each(Object.entries(DOES_NOT_KEEP))(
    '登録 on a page that %s: no field keeps what was filled',
    async (_what, does) => {
      const ours = (value: string) => value === serial || /^[0-9]{6}$/.test(value);
      await open(pageOf(notKept(does)));
      await until(async () => !(await site().keptValues()).some(ours));
      expect((await outcome()).kind).not.toBe('filled');
    },
  );

  test('something over the end of a シリアル番号, where only its last letters stand: nothing is filled', async () => {
    await forgetSteps();
    const cover =
      '<span style="position: absolute; left: 82px; top: 2px; width: 16px; height: 16px; background: gray; pointer-events: none"></span>';
    const serialField = `<span style="position: relative"><input id="field0" maxlength="24" style="width: 200px; font-size: 16px">${cover}</span>`;
    const page = pageOf(`<h1>${HEADINGS.register}</h1><form method="post" action="/ib/next"><table>
<tr><th>シリアル番号</th><td>${serialField}</td></tr>
<tr><th>ワンタイムパスワード</th><td><input id="field1" maxlength="6"></td></tr></table></form>`);
    expect(await open(page)).toMatchObject({ kind: 'unrecognised', check: 'covered' });
    expect(await filledIn()).toEqual([]);
  });

  test('nothing in all this was an error on the page', () => {
    expect(errors()).toEqual([]);
  });
});
