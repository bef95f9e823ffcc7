import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownBuild } from '../own-build.ts';
import { Companion } from '../pages/companion.ts';
import { type System, startSystem } from '../system.ts';
import { launch, picture, type TestBrowser } from '../test-browser.ts';

/** The companion as an app of the device: that it can be one, and how its customer is led there. */
describe('the companion can be installed', () => {
  let system: System;
  let browser: TestBrowser;

  beforeAll(async () => {
    const build = ownBuild();
    system = await startSystem(build);
    browser = await launch('chromium', build.output, { network: true });
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  const open = async (place = '') => {
    const companion = new Companion(await browser.newPage(`${system.serviceUrl}/${place}`));
    await companion.loaded();
    return companion;
  };

  test('by Chromium, which asks its customer where the page explains it', async () => {
    const companion = await open('#install');
    await companion.see(await companion.word('installTitle'));
    expect(await companion.installabilityErrors()).toEqual([]);
    await companion.readWord('installAsk');
    await picture(companion.page, 'companion-install');
    await companion.pressWord('back');
    await companion.readWord('send');
    await companion.page.close();
  });

  test('on iOS the Home Screen comes before 初期設定, with a splash as large as the screen', async () => {
    const companion = new Companion(await browser.newPage());
    await companion.beOnPhone();
    await companion.page.goto(system.serviceUrl);
    await companion.see(await companion.word('homeScreenFirst'));
    expect(await companion.offers('send')).toBe(false);
    const size = await companion.screenPixels();
    expect(await companion.splashes()).toEqual([size, size]);
    await picture(companion.page, 'companion-home-screen-first');
    await companion.pressWord('homeScreenLater');
    await companion.readWord('send');
    await companion.page.close();
  });
});
