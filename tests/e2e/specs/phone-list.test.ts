import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownBuild } from '../own-build.ts';
import { Companion } from '../pages/companion.ts';
import { type System, startSystem } from '../system.ts';
import { launch, picture, type TestBrowser } from '../test-browser.ts';

/** Several tokens on one phone, shown as its owner wants. */
describe.each(['chromium', 'firefox'] as const)('the tokens of the companion in %s', (kind) => {
  let system: System;
  let browser: TestBrowser;
  let companion: Companion;
  const serials: string[] = [];

  beforeAll(async () => {
    const build = ownBuild();
    system = await startSystem(build, { institution: 'ehime' });
    browser = await launch(kind, build.output);
    companion = new Companion(await browser.newPage(system.serviceUrl));
    for (let made = 0; made < 3; made += 1) {
      if (made > 0) {
        await companion.pressWord('settings');
        await companion.pressWord('addTitle');
      }
      serials.push(await companion.make(system.institution.name, made > 0));
    }
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  test('are listed in the order wanted, which is remembered', async () => {
    const [first = '', second = '', third = ''] = serials;
    await companion.openList();
    expect(await companion.listed()).toEqual([first, second, third]);
    await companion.pressWord('back');
    await companion.chooseToken(second);
    await companion.openList();
    await companion.order('orderUsed', [second, first, third]);
    await companion.read(await companion.firstWords('lastUsed'));
    await picture(companion.page, `${kind}-companion-list`);
    await companion.page.reload();
    await companion.openList();
    expect(await companion.listed()).toEqual([second, first, third]);
    await companion.pressWord('back');
  });

  test('show no code until it is asked for, where that is wanted, and none again later', async () => {
    await companion.pressWord('settings');
    await companion.pressWord('displayTitle');
    await companion.see(await companion.word('displayTitle'));
    await companion.tick(await companion.word('displayReveal'));
    await picture(companion.page, `${kind}-companion-display`);
    await companion.page.reload();
    await companion.readWord('reveal');
    expect(await companion.hasCode()).toBe(false);
    await picture(companion.page, `${kind}-companion-hidden`);
    await companion.pressWord('reveal');
    await companion.code();
    await companion.openList();
    await companion.pressWord('back');
    await companion.readWord('reveal');
    expect(await companion.hasCode()).toBe(false);
  });
});
