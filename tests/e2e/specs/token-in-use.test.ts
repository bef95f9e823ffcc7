import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SENPOKU } from '../../institutions.ts';
import { inOneStep } from '../../service/one-step.ts';
import { faultsOf } from '../axe.ts';
import { contentScripts, wishFilling } from '../fixtures/content-script.ts';
import { FixtureSite, fixture } from '../fixtures/site.ts';
import { refusedFills, takeKeys } from '../fixtures/vault.ts';
import { putIntoUse } from '../flows/issue.ts';
import { nextStep } from '../flows/next-step.ts';
import { printedFromDark } from '../flows/printed.ts';
import { openSuspension, suspend } from '../flows/suspend.ts';
import { TARO } from '../pages/bank.ts';
import { Staff } from '../pages/staff.ts';
import { Token } from '../pages/token.ts';
import { PATIENCE_MS } from '../patience.ts';
import { useStage } from '../stage.ts';
import { replaceTexts, setClockOn, stopTimeouts, wrapTexts } from '../translator.ts';

const PERIOD_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
const HOUR_MINUTES = 65;
const BEHIND_A_COVER = '#cover { position: fixed; inset: 0; background: white }';

/** One token through its life: each part finds it in use, and the last one stops it. */
describe.each(['chromium', 'firefox'] as const)('a token in use in %s', (kind) => {
  const onStage = useStage(kind, { network: true });
  beforeAll(() => putIntoUse(onStage(), TARO));

  /** Its own pages under a translator that ignores `translate="no"`: what they show stays right. */
  describe('translated', () => {
    let codeAt: (ms: number) => string;

    /** Sets the clocks of page and servers to ten seconds into a later step; gives that step's code. */
    const stepsOn = async ({ page }: Token, steps: number): Promise<string> => {
      const now = await page.evaluate(() => Date.now());
      const then = now - (now % PERIOD_MS) + steps * PERIOD_MS + 10_000;
      await onStage().system.moveClock(then - Date.now());
      await setClockOn(page, then - now);
      return codeAt(then);
    };

    const fresh = async (): Promise<Token> => {
      const { token } = onStage();
      await token.page.bringToFront();
      await token.reload();
      await token.code();
      await token.press(await token.word('clockCheck'));
      await token.readWord('clockRight');
      // It may have been right before already: the press has ended when it can be pressed again.
      await token.readWord('clockCheck');
      return token;
    };

    beforeAll(async () => {
      const { token } = onStage();
      const { otpKey } = await takeKeys(token.page);
      const secret = new Secret({ buffer: Uint8Array.from(otpKey).buffer });
      const totp = new TOTP({ secret, algorithm: 'SHA256', digits: 8, period: PERIOD_MS / 1000 });
      codeAt = (timestamp) => totp.generate({ timestamp });
    });

    afterEach(() => onStage().system.moveClock(0));

    test('asks not to be translated', async () => {
      const { token } = onStage();
      expect(await token.refusesTranslation()).toBe(true);
    });

    test('every text in two elements more: the next code comes, and its seconds run', async () => {
      const token = await fresh();
      const dead = await token.code();
      await wrapTexts(token.page);
      const next = await stepsOn(token, 1);
      await token.codeIs(next);
      expect(await token.secondsOff()).toBeLessThan(2);
      expect((await token.text()).replace(/\s/g, '')).not.toContain(dead);
      await token.codeIs(await stepsOn(token, 1));
    });

    test('every text replaced: all of them come back, and go on', async () => {
      const token = await fresh();
      const before = await token.text();
      await replaceTexts(token.page);
      await token.reads(before);
      await token.codeIs(await stepsOn(token, 1));
      await replaceTexts(token.page);
      await token.reads(before);
      expect(await token.secondsOff()).toBeLessThan(2);
    });

    test('no timer comes any more: the clock alone takes a dead code off the screen', async () => {
      const token = await fresh();
      await inOneStep();
      const dead = await token.code();
      await stopTimeouts(token.page);
      const next = await stepsOn(token, 1);
      await token.codeIs(next);
      await token.codeIs(await stepsOn(token, 2));
      expect(await token.secondsOff()).toBeLessThan(2);
      // set back
      await token.codeIs(await stepsOn(token, -3));
      expect(await token.code()).toBe(dead);
    });

    test('a transfer is asked about and confirmed on a page whose texts are not left alone', async () => {
      const { bank, browser } = onStage();
      await bank.page.bringToFront();
      const number = await bank.requestTransfer(150_000);
      const token = new Token(await browser.openPopup(bank.page));
      await wrapTexts(token.page);
      const question = await token.question(number);
      await replaceTexts(token.page);
      await token.reads(question);
      for (const item of ['ミホン ジロウ', '¥150,000', number]) expect(await token.text()).toContain(item);
      const minutes = await token.minutesLeft();
      await setClockOn(token.page, PERIOD_MS);
      await token.readWord('spanMinutes', String(minutes - 1));
      await token.confirmTransfer();
      await bank.page.bringToFront();
      await bank.settleTransfer();
      await bank.see('振込（完了）');
    });

    test('the history of it comes back as well', async () => {
      const token = await fresh();
      await wrapTexts(token.page);
      await token.openHistory();
      const history = await token.text();
      for (const part of ['150,000', 'ミホン ジロウ']) expect(history).toContain(part);
      await replaceTexts(token.page);
      await token.reads(history);
    });
  });

  describe('設定', () => {
    test('a token set to fill only when asked leaves the login screen empty until it is', async () => {
      const { bank, browser, token, shot } = onStage();
      await token.page.bringToFront();
      await token.reload();
      await token.openFillMode();
      expect(await token.chosen()).toBe(await token.word('fillAutomatic'));
      await shot(token, 'fill-mode');
      await token.tick(await token.word('fillOnRequest'));
      await token.readWord('fillModeSaved', await token.word('fillOnRequest'));
      await token.reload();
      await token.openFillMode();
      expect(await token.chosen()).toBe(await token.word('fillOnRequest'));
      await token.pressWord('back');
      await token.pressWord('back');

      await nextStep(onStage());
      await bank.login(TARO);
      await bank.see('ログイン（ワンタイムパスワード認証）');
      const [report] = await (await contentScripts(browser, token.page)).settled(1);
      expect(report).toEqual({ kind: 'refused', screen: 'BLI023', reason: 'on-request' });
      expect(await bank.code()).toBe('');
      if (kind === 'chromium') {
        const popup = new Token(await browser.openPopup(bank.page));
        await popup.readWord('refusedOnRequest');
        await popup.readWord('refusedOnRequestNext');
        await shot(popup, 'popup-on-request');
        await popup.pressWord('fillHere');
        await popup.readWord('pageFilled');
        await bank.page.bringToFront();
      } else {
        // the popup cannot be opened over the page there; any page of the extension is heard as it is
        await wishFilling(token.page);
      }
      await bank.filledCode();
      await bank.enterCode();
      await bank.see('トップページ');
    });

    test('the browser, which was asked to keep the token and did not agree, may delete it: that is said', async () => {
      const { token } = onStage();
      await token.page.bringToFront();
      await token.pressWord('settings');
      await token.readWord('storageClearable');
      await token.readWord('storageClearableNext');
      await token.pressWord('back');
    });

    test('お困りのとき says who releases a token, and prints on one sheet, black on white', async () => {
      const { system, token } = onStage();
      await token.page.bringToFront();
      await token.pressWord('settings');
      await token.pressWord('helpOpen');
      for (const word of ['recoveryBySelf', 'recoveryByPhone', 'recoveryByCounter'] as const) {
        await token.readWord(word);
      }
      const [counter] = SENPOKU.rules.release.flatMap((way) => (way.by === 'counter' ? [way] : []));
      await token.readIn({ ja: counter?.bring, en: counter?.bringEn });
      await token.readIn({ ja: SENPOKU.contact.hours, en: SENPOKU.contact.hoursEn });
      expect(await token.leadsTo('recoverySelfOpen')).toBe(`${system.bankUrl}/otp`);
      if (kind === 'chromium') {
        expect(await printedFromDark(token)).toEqual({
          sheets: 1,
          colours: ['rgb(0, 0, 0)'],
          grounds: ['rgb(255, 255, 255)', 'rgba(0, 0, 0, 0)'],
          buttons: 0,
        });
      }
      await token.pressWord('back');
      await token.pressWord('back');
    });

    test('by the arrow keys it fills by itself again', async () => {
      const { bank, token } = onStage();
      await bank.page.bringToFront();
      await bank.logout();
      await token.page.bringToFront();
      await token.openFillMode();
      await token.chooseAbove();
      await token.readWord('fillModeSaved', await token.word('fillAutomatic'));
      await token.pressWord('back');
      await token.pressWord('back');
      await nextStep(onStage());
      await bank.login(TARO);
      await bank.filledCode();
    });
  });

  test('入力を断った画面: a field that is covered is counted, reported when its hour is over, and seen by staff', async () => {
    const { bank, browser, token, system, shot } = onStage();
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

  /** 有効期限の更新 before the end, and 利用停止 by the customer. */
  describe("the customer's safety net", () => {
    test('renews the token a month before its end, which the token takes over', async () => {
      const { system, bank, token, shot } = onStage();
      await bank.login(TARO);
      await bank.filledCode();
      await bank.enterCode();
      const end = await bank.tokenEnd();
      await system.moveClock(end - 30 * DAY_MS - Date.now());
      await token.page.bringToFront();
      await token.pressWord('clockCheck');
      await token.readWord('endingTitle', '30');
      await shot(token, 'token-ending');
      const login = await token.code();
      await bank.login(TARO);
      await bank.typeCode(login);
      await bank.enterCode();
      await bank.read('有効期限の更新');
      await system.moveClock(system.offset() + 60_000);
      await token.page.bringToFront();
      await token.pressWord('clockCheck');
      await expect.poll(() => token.code(), { timeout: PATIENCE_MS }).not.toBe(login);
      const renewal = await token.code();
      await bank.openRenewal();
      await bank.typeCode(renewal);
      await shot(bank, 'renew');
      await bank.renew();
      const renewed = await bank.tokenEnd();
      expect(renewed).toBeGreaterThan(end + 4 * 365 * DAY_MS);
      await token.page.bringToFront();
      await token.checkForTransfers();
      await token.read(String(new Date(renewed).getUTCFullYear()));
      await system.mail(TARO.mail, 'トークンの有効期限更新のお知らせ');
    });

    test('suspends it in the token, which says so, as do the login and a mail', async () => {
      const { system, bank, token, shot } = onStage();
      await openSuspension(token);
      await shot(token, 'token-suspend');
      await suspend(token);
      await shot(token, 'token-suspended');
      const { text } = await system.mail(TARO.mail, 'ワンタイムパスワード利用停止のお知らせ');
      expect(text).toContain('お客さまのお申し出により');
      await bank.login(TARO);
      await bank.read('トークンを利用停止にしています');
      await bank.pressAndGo('お困りのとき');
      await bank.see('トークンが利用停止中のとき');
    });

    test('shows no code of it to somebody who reloads while the service cannot be asked', async () => {
      const { system, token, shot } = onStage();
      await system.stopService();
      await token.page.bringToFront();
      await token.reload();
      await token.readWord('suspendedTitle');
      await token.readWord('suspendedLastKnown');
      await shot(token, 'token-suspended-offline');
    });
  });
});
