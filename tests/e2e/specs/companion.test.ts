import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentScripts } from '../fixtures/content-script.ts';
import { databaseNames, keepStorage } from '../fixtures/vault.ts';
import { obtainToken } from '../flows/issue.ts';
import { ownBuild } from '../own-build.ts';
import { Bank, TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { type System, startSystem } from '../system.ts';
import { launch, picture, type TestBrowser } from '../test-browser.ts';

/** The companion web token, served by the token service: the same token for a device without the extension. */
describe.each(['chromium', 'firefox'] as const)('the companion in %s', (kind) => {
  let system: System;
  let browser: TestBrowser;
  let bank: Bank;
  let companion: Token;
  /** What the browser itself complains about: refused by a policy, not found, not caught. */
  const complaints: string[] = [];

  beforeAll(async () => {
    const build = ownBuild();
    system = await startSystem(build);
    browser = await launch(kind, build.output, { motion: true, network: true });
    bank = new Bank(await browser.newPage(), system.bankUrl);
    const page = await browser.newPage();
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => {
      const { errorText = '' } = request.failure() ?? {};
      // A page that is left or covered lets its stream go.
      if (!errorText.includes('ABORTED')) complaints.push(`${request.url()} failed: ${errorText}`);
    });
    page.on('response', (response) => {
      if (!response.ok()) complaints.push(`${response.url()} ${response.status()}`);
    });
    await page.goto(system.serviceUrl);
    companion = new Token(page);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  test('is set up, and its code is the one the bank accepts', async () => {
    const issued = await obtainToken({ bank, system }, TARO);
    await companion.page.bringToFront();
    await companion.enrol({ ...issued, suffix: '携帯' });
    expect(await companion.text()).toContain('仙北信用組合（携帯）');
    await picture(companion.page, `${kind}-companion`);

    const extension = await browser.openTokenPage();
    await bank.page.bringToFront();
    await bank.openActivation();
    // The extension beside it has no token of its own: nothing is filled.
    const [report] = await (await contentScripts(browser, extension)).settled(1);
    expect(report).toMatchObject({ kind: 'refused', reason: 'no-token' });
    expect(await bank.code()).toBe('');
    await extension.close();
    await companion.page.bringToFront();
    const code = await companion.code();
    await bank.page.bringToFront();
    await bank.typeCode(code);
    await bank.activate();
  });

  test('keeps its token when it is loaded again', async () => {
    await companion.page.bringToFront();
    const before = await companion.code();
    await companion.page.reload();
    const after = await companion.code();
    expect(await companion.text()).toContain('仙北信用組合（携帯）');
    // Another code where a minute ended in between.
    if (before !== after) expect(after).toMatch(/^[0-9]{8}$/);
  });

  test('fills nothing, and has no setting for it; says what the browser may do with the token', async () => {
    await companion.page.bringToFront();
    await companion.pressWord('settings');
    await companion.readWord('lockTitle');
    expect(await companion.text()).not.toContain(await companion.word('fillModeTitle'));
    // Nobody uses this site enough for the browser to keep its data without being asked.
    await companion.readWord('storageClearable');
    await companion.pressWord('back');
    if (kind === 'firefox') return;
    await browser.allowToKeepStorage(system.serviceUrl);
    await keepStorage(companion.page);
    await companion.pressWord('settings');
    await companion.readWord('lockTitle');
    // What the browser said before is shown until it has answered again.
    await companion.lacksWord('storageClearable');
    await companion.pressWord('back');
  });

  test('keeps it to itself: neither the extension nor the bank has it', async () => {
    const extension = new Token(await browser.openTokenPage());
    await extension.readWord('send');
    expect(await extension.text()).not.toContain('携帯');
    expect(await databaseNames(bank.page)).toEqual([]);
    expect(await databaseNames(companion.page)).toEqual(['warifu']);
  });

  test('confirms a transfer on another device than the one that makes it, and remembers it', async () => {
    await bank.page.bringToFront();
    const number = await bank.requestTransfer(12_000);
    await companion.page.bringToFront();
    await companion.question(number);
    await picture(companion.page, `${kind}-companion-confirm`);
    await companion.confirmTransfer();
    await bank.page.bringToFront();
    await bank.settleTransfer();
    await bank.see('振込（完了）');
    await companion.page.bringToFront();
    await companion.openHistory();
    const history = await companion.text();
    for (const part of ['12,000', 'ミホン ジロウ', number]) expect(history).toContain(part);
    expect(history).toContain(await companion.word('decisionConfirmed'));
  });

  test('runs under the policies it is served with', () => {
    expect(complaints).toEqual([]);
  });
});
