import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { institutionOf } from '../../institutions.ts';
import { clearAsBrowsersDo, clearCookies, loseVault } from '../fixtures/vault.ts';
import { obtainToken } from '../flows/issue.ts';
import { ownBuild } from '../own-build.ts';
import { HANAKO, TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { killConnections, mendStorage, type Spoiling, spoilStorage } from '../spoilt-storage.ts';
import { useStage } from '../stage.ts';
import { type System, startSystem } from '../system.ts';
import { launchPrivateFirefox, picture, type TestBrowser } from '../test-browser.ts';

const PHONE = { width: 390, height: 844 };
const PHONE_OF_SENPOKU = '0120-000-004';

describe.each(['chromium', 'firefox'] as const)('storage that fails in %s', (kind) => {
  const onStage = useStage(kind);
  const uncaught: string[] = [];
  /** Where the companion is opened on storage that works, or does not. */
  const openCompanion = async (how: Spoiling | 'works') => {
    const page = await onStage().browser.newPage();
    await page.setViewport(PHONE);
    page.on('pageerror', (error) => uncaught.push(String(error)));
    await page.evaluateOnNewDocument(spoilStorage, how);
    await page.goto(onStage().system.serviceUrl);
    return new Token(page);
  };

  beforeAll(async () => {
    const issued = await obtainToken(onStage(), TARO);
    const companion = await openCompanion('works');
    await companion.enrol(issued);
    await companion.page.close();
  });

  test('a backing store that cannot be opened: to restart, what is safe, and no other cause', async () => {
    const companion = await openCompanion('refuses');
    await companion.readWord('storageBroken');
    await companion.readWord('storageSafe');
    expect(await companion.text()).not.toMatch(/プライベート|private/i);
    await picture(companion.page, `${kind}-storage-broken`);
    await companion.page.evaluate(mendStorage);
    await companion.pressWord('retry');
    await companion.code();
    await companion.page.close();
  });

  test('no answer: said after a time, with a button, and over by itself', async () => {
    const companion = await openCompanion('hangs');
    await companion.readWord('storageStuck');
    await companion.readWord('storageSafe');
    expect(await companion.offers('retry')).toBe(true);
    await picture(companion.page, `${kind}-storage-stuck`);
    await companion.page.evaluate(mendStorage);
    await companion.code();
    await companion.page.close();
  });

  test('a connection that died without a word: the history is read, and a setting kept', async () => {
    const companion = await openCompanion('works');
    await companion.code();
    await companion.pressWord('settings');
    await companion.page.evaluate(killConnections);
    await companion.pressWord('historyTitle');
    await companion.readWord('historyEmpty');
    await companion.pressWord('back');
    await companion.page.evaluate(killConnections);
    await companion.pressWord('renameTitle');
    await companion.type(await companion.word('suffixAfter'), '携帯');
    await companion.pressWord('register');
    await companion.read('仙北信用組合（携帯）');
    await companion.code();
    await companion.page.close();
  });

  test('cleared as Safari does after seven days: there was a token, and whose', async () => {
    const companion = await openCompanion('works');
    await companion.code();
    await clearAsBrowsersDo(companion.page);
    await companion.readWord('lostTitle');
    await companion.readWord('lostBody');
    await picture(companion.page, `${kind}-companion-lost`);
    await companion.pressWord('helpOpen');
    await companion.read(PHONE_OF_SENPOKU);
    await companion.pressWord('back');

    await clearCookies(companion.page);
    await companion.reload();
    await companion.readWord('send');
    expect(await companion.text()).not.toContain(await companion.word('lostTitle'));
    await companion.pressWord('enrolHadToken');
    await companion.read(PHONE_OF_SENPOKU);
    await companion.page.close();
  });

  test('iOS: to the Home Screen first, said before 初期設定', async () => {
    const page = await onStage().browser.newPage();
    await page.setViewport(PHONE);
    await page.evaluateOnNewDocument(() => Object.assign(navigator, { standalone: false }));
    await page.goto(onStage().system.serviceUrl);
    const companion = new Token(page);
    await companion.readWord('homeScreenFirst');
    await companion.readWord('homeScreenHow');
    await picture(page, `${kind}-companion-ios`);
    await page.close();
  });

  test('nothing was left uncaught', () => {
    expect(uncaught).toEqual([]);
  });

  test('a token of the extension that is removed: whom to call, before and after', async () => {
    const { system, token, shot } = onStage();
    const issued = await obtainToken(onStage(), HANAKO);
    await token.page.bringToFront();
    await token.enrol(issued);
    await token.pressWord('settings');
    await token.pressWord('removeTitle');
    await token.read(PHONE_OF_SENPOKU);
    const name = (await token.word('languageTag')) === 'ja' ? '仙北信用組合' : 'Senpoku Credit Union';
    expect(await token.leadsTo('wayBackOpen', name)).toBe(`${system.bankUrl}/`);
    await shot(token, 'remove');
    await token.tick(await token.word('removeReleased'));
    await token.pressWord('removeDo');
    await token.readWord('removed', '仙北信用組合');
    await token.read(PHONE_OF_SENPOKU);
    await shot(token, 'removed');
    // it was removed, not lost
    await token.reload();
    await token.readWord('send');
    expect(await token.text()).not.toContain(await token.word('lostTitle'));
  });

  test('a vault of the extension that is gone: the popup says so, and whom to call', async () => {
    const { bank, browser, token, shot } = onStage();
    const { name, contact } = institutionOf('ehime');
    await token.make(name);
    await loseVault(token.page);
    await bank.page.bringToFront();
    const popup = new Token(await browser.openPopup(bank.page));
    await popup.see(await popup.word('lostTitle'));
    await popup.read(contact.phone);
    expect(await popup.text()).not.toContain(PHONE_OF_SENPOKU);
    expect(await popup.text()).not.toContain(await popup.word('emptyTitle'));
    expect(await popup.offers('helpOpen')).toBe(true);
    await shot(popup, 'popup-lost');
  });
});

describe('a Firefox that never remembers history', () => {
  let system: System;
  let firefox: TestBrowser;

  beforeAll(async () => {
    system = await startSystem(ownBuild());
    firefox = await launchPrivateFirefox(ownBuild().output, true);
  });
  afterAll(async () => {
    await firefox?.close();
    await system?.stop();
  });

  test('the extension names the setting, and where it is', async () => {
    for (const page of [await firefox.openTokenPage(), await firefox.openPopup(await firefox.newPage())]) {
      const token = new Token(page);
      await token.readWord('privateAlways');
      await token.readWord('privateAlwaysNext');
      expect(await token.text()).not.toContain(await token.word('privateWindow'));
    }
    await picture(await firefox.openTokenPage(), 'firefox-never-remembers');
  });

  test('the companion says before 初期設定 that the token would be lost', async () => {
    const page = await firefox.newPage(system.serviceUrl);
    await page.setViewport(PHONE);
    const companion = new Token(page);
    await companion.readWord('prospectForgets');
    await companion.readWord('privateAlwaysElse');
    await companion.readWord('send');
    await picture(page, 'firefox-never-remembers-companion');
  });
});

describe('a private window of a Firefox that remembers', () => {
  let firefox: TestBrowser;

  beforeAll(async () => {
    firefox = await launchPrivateFirefox(ownBuild().output, false);
  });
  afterAll(() => firefox?.close());

  test('is called what it is: another window will do', async () => {
    const normal = new Token(await firefox.openTokenPage());
    await normal.readWord('send');
    const inPrivate = new Token(await firefox.openPrivateWindow(normal.page));
    await inPrivate.readWord('privateWindow');
    await inPrivate.see(await inPrivate.word('storageTitle'));
    expect(await inPrivate.text()).not.toContain(await inPrivate.word('privateAlways'));
  });
});
