import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnCompanion, ownCompanion } from '../companion-builds.ts';
import { obtainToken } from '../flows/issue.ts';
import { ownBuild } from '../own-build.ts';
import { Bank, TARO } from '../pages/bank.ts';
import { Companion } from '../pages/companion.ts';
import { type System, startSystem } from '../system.ts';
import { launch, picture, type TestBrowser } from '../test-browser.ts';

const THREE_HOURS = 3 * 60 * 60 * 1000;

/** The companion as an app: opened without a network, and replaced by its next version. */
describe.each(['chromium', 'firefox'] as const)('the companion, kept by %s,', (kind) => {
  let own: OwnCompanion;
  let system: System;
  let browser: TestBrowser;
  let bank: Bank;
  let companion: Companion;

  beforeAll(async () => {
    const build = ownBuild();
    own = ownCompanion(build);
    system = await startSystem(own.build);
    browser = await launch(kind, build.output);
    bank = new Bank(await browser.newPage(), system.bankUrl);
    companion = new Companion(await browser.newPage(system.serviceUrl));
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    own?.remove();
  });

  test('opens without a network, and its code is the one the bank accepts', async () => {
    const issued = await obtainToken({ bank, system }, TARO);
    await companion.page.bringToFront();
    await companion.enrol(issued);
    await companion.kept();
    await system.stopService();
    await companion.page.reload();
    const code = await companion.code();
    await system.startService();
    await bank.page.bringToFront();
    await bank.openActivation();
    await bank.typeCode(code);
    await bank.activate();
  });

  test('says without a network when the clock was measured, and how long ago', async () => {
    const later = new Companion(await browser.newPage());
    await later.setClockOn(THREE_HOURS);
    await system.stopService();
    await later.page.goto(system.serviceUrl);
    await later.code();
    await later.readWord('clockUnreachable');
    await later.readWord('spanHours', '3');
    await picture(later.page, `${kind}-companion-offline`);
    await later.page.close();
    await system.startService();
  });

  test('is kept whole, and nothing else is: no answer of a service', async () => {
    // The turn is the build's number in the order of use.
    const files = [...own.assets().keys(), '/index.html', '/turn'];
    expect((await companion.keptFiles()).sort()).toEqual(files.sort());
  });

  test('is replaced when its customer says so, and a confirmation that is under way goes on in its own version', async () => {
    const old = await companion.build();
    const oldAssets = own.assets();
    await bank.page.bringToFront();
    const number = await bank.requestTransfer(12_000);
    await companion.page.bringToFront();
    await companion.question(number);

    await own.deployNext();
    const gone = [...oldAssets].filter(([path]) => !own.assets().has(path));
    expect(gone.length).toBeGreaterThan(1);
    const second = new Companion(await browser.newPage(system.serviceUrl));
    expect(await second.build()).toBe(old);
    await second.question(number);
    await second.pressWord('back');
    await second.readWord('updateTitle');
    await picture(second.page, `${kind}-companion-update`);
    await second.pressWord('updateDo');
    await second.isNotOf(old);
    await second.page.close();

    await companion.page.bringToFront();
    expect(await companion.build()).toBe(old);
    for (const [path, bytes] of gone) {
      expect(await companion.answered(path), path).toEqual({ status: 200, bytes });
      expect((await fetch(new URL(path, `http://127.0.0.1:${own.build.port}`))).status, path).toBe(404);
    }
    await companion.confirmTransfer();
    await bank.page.bringToFront();
    await bank.settleTransfer();
    await bank.see('振込（完了）');

    await companion.page.bringToFront();
    await companion.isNotOf(old);
    await companion.code();
  });

  test('opens without a network in its new version', async () => {
    const current = await companion.build();
    await system.stopService();
    await companion.page.reload();
    await companion.code();
    expect(await companion.build()).toBe(current);
    await system.startService();
  });
});
