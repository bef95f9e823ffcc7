import { describe, expect, test } from 'vitest';
import {
  askForAnotherPasskey,
  plugInAuthenticator,
  silencePrf,
  takeTabsOf,
} from '../fixtures/authenticator.ts';
import { forgetMemory } from '../fixtures/background.ts';
import { leftHolding, watchLeavingFields } from '../fixtures/leaving-fields.ts';
import { countRecords, setTries } from '../fixtures/vault.ts';
import { obtainToken } from '../flows/issue.ts';
import { HANAKO, TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { useStage } from '../stage.ts';

const PIN = '295173';
const WRONG = '806417';

/** What password managers look at: Chromium at `autocomplete`, Firefox at what a field holds when it leaves, others at marks of their own. */
const UNSAVED = {
  type: 'password',
  autocomplete: 'one-time-code',
  'data-1p-ignore': '',
  'data-bwignore': '',
  'data-lpignore': 'true',
  'data-form-type': 'other',
};

/** Runs in a page before its own scripts: what waits a second to try again never does. */
function dropLongTimers(): void {
  const start = globalThis.setTimeout;
  const drop = (run: () => void, ms = 0) => (ms < 1_000 ? start(run, ms) : 0);
  Object.assign(globalThis, { setTimeout: drop });
}

describe.each(['chromium', 'firefox'] as const)('a PIN in %s', (kind) => {
  const onStage = useStage(kind);

  test('N7: is set at 初期設定, and easy ones are refused; 利用開始パスワード and a new PIN are not offered to be saved', async () => {
    const { token, shot } = onStage();
    const issued = await obtainToken(onStage(), TARO);
    await token.page.bringToFront();
    await watchLeavingFields(token.page);
    expect(await token.attributes('activationPassword', Object.keys(UNSAVED))).toEqual(UNSAVED);
    expect(await token.attributes('activationPassword', ['inputmode'])).toEqual({ inputmode: 'numeric' });
    await token.fillEnrolment(issued);
    await token.pressWord('reveal');
    expect(await token.attributes('activationPassword', ['type', 'autocomplete'])).toEqual({
      type: 'text',
      autocomplete: 'one-time-code',
    });
    await token.send();
    await token.finishEnrolment('', async () => {
      await shot(token, 'lock-setup');
      await token.pressWord('lockPin');
      for (const field of ['pinNew', 'pinAgain'] as const) {
        expect(await token.attributes(field, Object.keys(UNSAVED))).toEqual(UNSAVED);
      }
      for (const [pin, problem] of [
        ['123456', 'pinCommon'],
        ['11223', 'pinShort'],
        [issued.userId.slice(0, 8), 'pinOwn'],
      ] as const) {
        await token.typeNewPin(pin);
        await token.pressWord('pinSet');
        await token.readWord(problem, problem === 'pinShort' ? '6' : '');
      }
      await token.typeNewPin(PIN);
      await shot(token, 'lock-pin');
      await token.pressWord('pinSet');
    });
    expect(await token.hasCode()).toBe(true);
    expect(await leftHolding(token.page)).toMatchObject({
      userId: issued.userId,
      activationPassword: '',
      'new-pin': '',
      'pin-again': '',
    });
  });

  test('a PIN that unlocks is not offered to be saved', async () => {
    const { token } = onStage();
    await token.lockNow();
    expect(await token.attributes('pinLabel', Object.keys(UNSAVED))).toEqual(UNSAVED);
    await token.unlockWithPin(PIN);
    expect(await leftHolding(token.page)).toMatchObject({ pin: '' });
  });

  test('keeps the token open past a killed worker, until it is locked', async () => {
    const { bank, browser, token } = onStage();
    if (kind === 'chromium') await browser.killBackground();
    await bank.page.bringToFront();
    await bank.openActivation();
    expect(await bank.filledCode()).toMatch(/^[0-9]{8}$/);
    await bank.activate();
    await token.page.bringToFront();
    await token.lockNow();
    await token.see(await token.word('lockedTitle'));
    expect(await token.hasCode()).toBe(false);
    expect(await token.text()).not.toContain('仙北');
  });

  test('while locked nothing is filled, and the popup shows the way in alone', async () => {
    const { bank, browser, system, token, shot } = onStage();
    await system.nextStep();
    await bank.page.bringToFront();
    await bank.logout();
    await bank.login(TARO);
    await bank.see('ログイン（ワンタイムパスワード認証）');
    const popup = new Token(await browser.openPopup(bank.page));
    await popup.see(await popup.word('lockedTitle'));
    await shot(popup, 'popup-locked');
    expect(await popup.text()).not.toContain('仙北');
    expect(await popup.hasCode()).toBe(false);
    expect(await bank.code()).toBe('');

    await popup.type(await popup.word('pinLabel'), PIN);
    await popup.pressWord('unlock');
    await popup.code();
    if (kind === 'chromium') {
      await popup.readWord('refusedLocked');
      await popup.pressWord('fillHere');
      await bank.page.bringToFront();
    } else {
      // the popup's page is in a tab of its own there, and knows of no other
      await bank.page.bringToFront();
      await bank.page.reload();
    }
    expect(await bank.filledCode()).toMatch(/^[0-9]{8}$/);
    await bank.enterCode();
    await bank.see('トップページ');
    // the full page, locked as well a moment ago, has followed
    await token.page.bringToFront();
    await token.code();
  });

  test('is gone with the browser’s memory', async () => {
    const { token } = onStage();
    await forgetMemory(token.page);
    await token.see(await token.word('lockedTitle'));
    await token.reload();
    await token.see(await token.word('lockedTitle'));
    await token.unlockWithPin(PIN);
    await token.code();
  });

  test('can be removed with the one there is', async () => {
    const { token } = onStage();
    await token.openLock();
    await token.pressWord('lockChange');
    await token.type(await token.word('pinCurrent'), WRONG);
    await token.pressWord('lockNone');
    await token.readWord('pinWrong');
    await token.type(await token.word('pinCurrent'), PIN);
    await token.pressWord('lockNone');
    await token.readWord('lockChangedTo', await token.word('lockNone'));
    await forgetMemory(token.page);
    await token.reload();
    await token.code();
  });

  if (kind === 'chromium') {
    test('is offered where a passkey without PRF is said to be of no use here', async () => {
      const { token } = onStage();
      await plugInAuthenticator(token.page, { hasPrf: false });
      await token.openLock();
      await token.pressWord('lockChange');
      await token.pressWord('lockPasskey');
      await token.readWord('passkeyUnsupported');
      expect(await token.offers('lockPin')).toBe(true);
      await token.reload();
      await token.code();
    });
  }

  test('is set again; a transfer while it is locked is announced and no more, and shown when it is unlocked', async () => {
    const { bank, browser, token, shot } = onStage();
    await token.lockWithPin(PIN);
    expect(await token.text()).not.toContain(await token.word('lockedWaiting', '1'));

    await bank.page.bringToFront();
    const number = await bank.requestTransfer(150_000);
    await browser.badgeOfAll('1');
    const popup = new Token(await browser.openPopup(bank.page));
    for (const page of [popup, token]) {
      await page.page.bringToFront();
      await page.readWord('lockedWaiting', '1');
      const said = await page.text();
      for (const detail of ['ミホン', '150,000', '仙北', `確認番号 ${number}`])
        expect(said).not.toContain(detail);
      expect(await page.hasCode()).toBe(false);
    }
    await shot(token, 'locked-waiting');

    await token.tryPin(PIN);
    await token.question(number);
    await token.confirmTransfer();
    await browser.badgeOfAll('');
    await bank.page.bringToFront();
    await bank.settleTransfer();
    await bank.see('振込（完了）');
    await token.page.bringToFront();
    await token.reload();
  });

  test('N7: wrong ten times wipes the vault, and the way back is shown', async () => {
    const { bank, browser, token, shot } = onStage();
    await forgetMemory(token.page);
    await token.see(await token.word('lockedTitle'));
    await token.tryPin(WRONG);
    await token.readWord('pinWrong');
    await setTries(token.page, 8);
    await token.tryPin(WRONG);
    await token.readWord('pinTriesLeft', '1');
    await shot(token, 'tries-left');
    await token.reload();
    await token.readWord('pinTriesLeft', '1');
    await token.tryPin(WRONG);
    await token.see(await token.word('wipedTitle'));
    await shot(token, 'wiped');
    await token.pressWord('helpOpen');
    await token.read('0120-000-004');
    expect(await token.text()).toMatch(/平日 9:00〜17:00|Weekdays 9:00–17:00/);
    await shot(token, 'help');
    await token.reload();
    await token.readWord('send');
    await token.readWord('wipedBody');
    const popup = new Token(await browser.openPopup(bank.page));
    await popup.see(await popup.word('wipedTitle'));
    await popup.read('0120-000-004');
    expect(await popup.text()).not.toContain(await popup.word('emptyTitle'));
    await shot(popup, 'popup-wiped');
    await token.page.bringToFront();
    expect(await countRecords(token.page)).toEqual({
      keyring: 0,
      tokens: 0,
      summaries: 0,
      pending: 0,
      sessions: 0,
    });
  });

  test('a transfer while the companion is locked is heard of on the stream that was open: something may wait', async () => {
    const { bank, browser, system } = onStage();
    const issued = await obtainToken(onStage(), HANAKO);
    // in a window of its own, it stays in sight
    const page = await browser.newWindow('about:blank');
    await page.evaluateOnNewDocument(dropLongTimers);
    await page.goto(system.serviceUrl);
    const companion = new Token(page);
    await companion.fillEnrolment(issued);
    await companion.send();
    await companion.finishEnrolment('', async () => {
      await companion.pressWord('lockPin');
      await companion.typeNewPin(PIN);
      await companion.pressWord('pinSet');
    });
    await bank.openActivation();
    await bank.typeCode(await companion.code());
    await bank.activate();
    await companion.lockNow();
    expect(await companion.text()).not.toContain(await companion.word('lockedMayWait'));
    const number = await bank.requestTransfer(150_000);
    await companion.readWord('lockedMayWait');
    const said = await companion.text();
    for (const detail of ['ミホン', '150,000', '仙北']) expect(said).not.toContain(detail);
    await companion.tryPin(PIN);
    await companion.question(number);
    await companion.rejectTransfer();
    await bank.read('「拒否」が選択されたため');
    await page.close();
  });

  test('the companion locks when it is loaded again, and opens with the PIN, or in Chromium with a passkey', async () => {
    const { browser, system } = onStage();
    const companion = new Token(await browser.newPage(system.serviceUrl));
    await companion.unlockWithPin(PIN);
    await companion.reload();
    await companion.see(await companion.word('lockedTitle'));
    expect(await companion.text()).not.toContain('仙北');
    await companion.unlockWithPin(PIN);

    if (kind === 'firefox') return;
    await plugInAuthenticator(companion.page, { hasPrf: true });
    await companion.openLock();
    await companion.pressWord('lockChange');
    await companion.type(await companion.word('pinCurrent'), PIN);
    await companion.pressWord('lockPasskey');
    await companion.readWord('lockChangedTo', await companion.word('lockPasskey'));
    await companion.reload();
    await companion.pressWord('unlockPasskey');
    await companion.code();
  });
});

describe('P1: a passkey in Chromium', () => {
  const onStage = useStage('chromium');
  let authenticator: Awaited<ReturnType<typeof plugInAuthenticator>>;

  test('by way of the popup is asked for in a tab, for the prompt would close the popup, and opens the token everywhere', async () => {
    const { bank, browser, token } = onStage();
    const issued = await obtainToken(onStage(), HANAKO);
    await token.page.bringToFront();
    authenticator = await plugInAuthenticator(token.page, { hasPrf: true });
    await token.fillEnrolment(issued);
    await token.send();
    await token.finishEnrolment('', () => token.pressWord('lockPasskey'));
    await token.lockNow();

    const popup = new Token(await browser.openPopup(bank.page));
    await popup.see(await popup.word('lockedTitle'));
    expect(await popup.hasCode()).toBe(false);
    await takeTabsOf(token.page, popup.page);
    await popup.pressWord('unlockPasskey');
    await token.pressWord('unlockPasskey');
    await token.code();
    const opened = new Token(await browser.openPopup(bank.page));
    await opened.code();
  });

  test('that gives no PRF any more is said to give nothing here; no PIN is spoken of, for there is none', async () => {
    const { token, shot } = onStage();
    await token.page.bringToFront();
    await token.lockNow();
    await silencePrf(token.page);
    await token.pressWord('unlockPasskey');
    await token.readWord('passkeySilent');
    expect(await token.text()).not.toContain('PIN');
    expect(await token.offers('helpOpen')).toBe(true);
    await shot(token, 'passkey-silent');
    await token.reload();
  });

  test('that was set at 初期設定 opens the token; another one does not', async () => {
    const { bank, browser, token, shot } = onStage();
    await token.see(await token.word('lockedTitle'));
    await shot(token, 'locked-passkey');
    await token.pressWord('unlockPasskey');
    await token.code();

    await token.lockNow();
    await askForAnotherPasskey(token.page);
    await token.pressWord('unlockPasskey');
    await token.readWord('passkeyWrong');
    expect(await token.hasCode()).toBe(false);

    // its user is not verified: nothing comes of it
    await authenticator.verifyUser(false);
    await token.pressWord('unlockPasskey');
    await token.readWord('passkeyCancelled');

    const popup = new Token(await browser.openPopup(bank.page));
    await popup.see(await popup.word('lockedTitle'));
    expect(await popup.offers('unlockPasskey')).toBe(true);
  });
});
