import { describe, expect, test } from 'vitest';
import { faultsOf } from '../axe.ts';
import { FixtureSite, fixture } from '../fixtures/site.ts';
import { refusedFills } from '../fixtures/vault.ts';
import { putIntoUse } from '../flows/issue.ts';
import { TARO } from '../pages/bank.ts';
import { Staff } from '../pages/staff.ts';
import { PATIENCE_MS } from '../patience.ts';
import { useStage } from '../stage.ts';

const HOUR_MINUTES = 65;
const BEHIND_A_COVER = '#cover { position: fixed; inset: 0; background: white }';

describe.each(['chromium', 'firefox'] as const)('入力を断った画面 in %s', (kind) => {
  const onStage = useStage(kind, 'once');

  test('a field that is covered is counted, reported when its hour is over, and seen by staff', async () => {
    const { bank, browser, token, system, shot } = onStage();
    await putIntoUse(onStage(), TARO);
    await token.page.bringToFront();
    const before = await refusedFills(token.page);
    const decoy = await browser.newPage();
    const site = await FixtureSite.in(decoy);
    await decoy.bringToFront();
    await site.show(
      `${new URL(bank.page.url()).origin}/ib/otp`,
      fixture('BLI023-with-style', { '/* style */': BEHIND_A_COVER }),
    );
    await expect
      .poll(() => refusedFills(token.page), { timeout: PATIENCE_MS })
      .toEqual({ ...before, covered: 1 });
    expect(await site.filledIn()).toEqual([]);
    await decoy.close();

    await token.page.bringToFront();
    await token.openFillMode();
    await token.readWord('fillReports');
    await shot(token, 'fill-mode-reports');
    await token.reload();
    await system.moveClock(system.offset() + HOUR_MINUTES * 60_000);
    await token.pressWord('clockCheck');
    await token.readWord('spanHours', '1');
    // What waits is asked for when the token's page is opened.
    await token.reload();
    await expect.poll(() => refusedFills(token.page), { timeout: PATIENCE_MS }).toEqual({});

    if (kind === 'firefox') return;
    const staff = new Staff(await browser.newPage(), system.staffUrl);
    await staff.signIn(system.institution.name, 'auditor');
    await staff.pressAndGo('状況');
    await staff.read('入力を断った画面');
    await shot(staff, 'staff-refused-fills');
    await staff.openChartPoint('入力を断った画面');
    await staff.read('入力欄に別のものが重なっている');
    await staff.read('1件ごとの記録はありません。');
    expect(await faultsOf(staff.page)).toEqual([]);
    await shot(staff, 'staff-refused-reasons');
  });
});
