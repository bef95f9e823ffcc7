import { describe, expect, test } from 'vitest';
import { SENPOKU } from '../../institutions.ts';
import { contentScripts, wishFilling } from '../fixtures/content-script.ts';
import { putIntoUse } from '../flows/issue.ts';
import { nextStep } from '../flows/next-step.ts';
import { TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { useStage } from '../stage.ts';

describe.each(['chromium', 'firefox'] as const)('設定 in %s', (kind) => {
  const onStage = useStage(kind, 'once');

  test('a token set to fill only when asked leaves the login screen empty until it is', async () => {
    const { bank, browser, token, shot } = onStage();
    await putIntoUse(onStage(), TARO);
    await bank.logout();
    await token.page.bringToFront();
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
      expect(await token.printed()).toEqual({
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
