import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFirefoxPush } from '../firefox-push.ts';
import { putIntoUse } from '../flows/issue.ts';
import { ownBuild } from '../own-build.ts';
import { Bank, TARO } from '../pages/bank.ts';
import { deliverPush, NoticedCompanion, noticeOn, pressNotice } from '../pages/noticed-companion.ts';
import { type System, startSystem } from '../system.ts';
import { launch, picture, type TestBrowser } from '../test-browser.ts';

const PIN = '295173';

/** The companion is told by Web Push that something waits. */

async function setUp(bank: Bank, companion: NoticedCompanion, system: System): Promise<void> {
  await putIntoUse({ bank, token: companion, system }, TARO);
  await companion.page.bringToFront();
}

describe('the companion in Firefox, with a push service', () => {
  let push: Awaited<ReturnType<typeof startFirefoxPush>>;
  let system: System;
  let browser: TestBrowser;
  let bank: Bank;
  let companion: NoticedCompanion;

  beforeAll(async () => {
    const build = ownBuild();
    push = await startFirefoxPush();
    system = await startSystem(build, { pushPort: push.port });
    browser = await launch('firefox', build.output, { prefs: push.prefs });
    bank = new Bank(await browser.newPage(), system.bankUrl);
    companion = new NoticedCompanion(await browser.newPage(system.serviceUrl));
    await setUp(bank, companion, system);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    push?.close();
  });

  test('is offered notices once it is set up, and takes them', async () => {
    await companion.readWord('noticesOffer');
    await picture(companion.page, 'firefox-notices-offer');
    await companion.takeNotices();
    await companion.openNotices();
    await companion.readWord('noticesOn');
    await picture(companion.page, 'firefox-notices-on');
  });

  test('tells of a transfer while it is closed, and not what it is', async () => {
    await companion.page.close();
    await bank.page.bringToFront();
    const number = await bank.requestTransfer(12_000);
    const beside = await browser.newPage(`${system.serviceUrl}/worker.js`);
    const notice = await noticeOn(beside);
    expect(notice.title).toBe('仙北信用組合（確認待ち 1件）');
    expect(notice.body).toBe('ワンタイムPWアプリを起動して、取引内容を確認してください');
    expect(push.pushed).toHaveLength(1);
    await beside.close();

    companion = new NoticedCompanion(await browser.newPage(`${system.serviceUrl}/#confirm`));
    await companion.question(number);
    await companion.confirmTransfer();
    await bank.page.bringToFront();
    await bank.settleTransfer();
    await bank.see('振込（完了）');
  });

  test('tells nothing any more when its customer does not want it', async () => {
    await companion.page.bringToFront();
    await companion.openNotices();
    await companion.pressWord('noticesTurnOff');
    await companion.readWord('noticesOff');
    await companion.pressWord('back');
    await companion.pressWord('back');
    await bank.page.bringToFront();
    const number = await bank.requestTransfer(13_000);
    await companion.page.bringToFront();
    await companion.question(number);
    await companion.confirmTransfer();
    await bank.page.bringToFront();
    await bank.settleTransfer();
    expect(push.pushed).toHaveLength(1);
  });
});

describe('the companion in Chromium', () => {
  let system: System;
  let browser: TestBrowser;
  let bank: Bank;
  let companion: NoticedCompanion;

  beforeAll(async () => {
    const build = ownBuild();
    system = await startSystem(build);
    browser = await launch('chromium', build.output);
    await browser.browser.defaultBrowserContext().overridePermissions(system.serviceUrl, ['notifications']);
    bank = new Bank(await browser.newPage(), system.bankUrl);
    companion = new NoticedCompanion(await browser.newPage(system.serviceUrl));
    await setUp(bank, companion, system);
    await companion.kept();
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  test('opens what waits when a notice is pressed, whatever the page shows', async () => {
    await companion.pressWord('settings');
    await companion.readWord('lockTitle');
    await bank.page.bringToFront();
    const number = await bank.requestTransfer(12_000);
    await deliverPush(
      browser.browser,
      companion.page,
      JSON.stringify({ institution: 'senpoku', waiting: 1 }),
    );
    expect((await noticeOn(companion.page)).title).toMatch(/^(仙北信用組合|Senpoku Credit Union)/);
    await pressNotice(browser.browser, companion.page);
    await companion.page.bringToFront();
    await companion.question(number);
    await companion.confirmTransfer();
  });

  test('opens the latest of several, with the others in the list behind it', async () => {
    await companion.page.goto('about:blank');
    await companion.page.goto(system.serviceUrl);
    await companion.code();
    await bank.page.bringToFront();
    const first = await bank.requestTransfer(21_000);
    const second = await bank.requestTransfer(22_000);
    await deliverPush(
      browser.browser,
      companion.page,
      JSON.stringify({ institution: 'senpoku', waiting: 2 }),
    );
    await noticeOn(companion.page);
    await pressNotice(browser.browser, companion.page);
    await companion.page.bringToFront();
    await companion.question(second);
    await companion.pressWord('confirmOthers');
    await companion.read(first);
    await companion.openTransfer(first);
    await companion.question(first);
    await companion.rejectTransfer();
    await companion.pressUntil(await companion.word('ok'), await companion.word('rejectedTitle'), false);
    await companion.openTransfer(second);
    await companion.question(second);
    await companion.rejectTransfer();
  });

  test('asks for the lock first, before anything of the transaction is shown', async () => {
    await companion.page.goto('about:blank');
    await companion.page.goto(system.serviceUrl);
    await companion.setPin(PIN);
    await companion.pressWord('back');
    await companion.pressWord('back');
    await companion.code();
    await bank.page.bringToFront();
    // The bank asks so many questions at once; the session is kept.
    await bank.balance();
    await system.moveClock(4 * 60_000);
    const number = await bank.requestTransfer(23_000);
    await deliverPush(
      browser.browser,
      companion.page,
      JSON.stringify({ institution: 'senpoku', waiting: 1 }),
    );
    await noticeOn(companion.page);
    await pressNotice(browser.browser, companion.page);
    await companion.page.bringToFront();
    await companion.see(await companion.word('lockedTitle'));
    expect(await companion.text()).not.toContain('23,000');
    await picture(companion.page, 'companion-notice-locked');
    await companion.tryPin(PIN);
    await companion.question(number);
    await companion.rejectTransfer();
  });

  test('shows something also of a message that is of no use', async () => {
    await deliverPush(browser.browser, companion.page, 'not a message');
    expect((await noticeOn(companion.page)).title).toBe(await companion.word('confirmNoticeTitle'));
  });
});
