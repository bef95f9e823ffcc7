import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from '../axe.ts';
import { contentScripts } from '../fixtures/content-script.ts';
import { finishPairing, phoneWithToken } from '../flows/pairing.ts';
import { ownBuild } from '../own-build.ts';
import { TARO } from '../pages/bank.ts';
import { Desktop } from '../pages/desktop.ts';
import type { Phone } from '../pages/phone.ts';
import { qrContent } from '../qr.ts';
import { useStage } from '../stage.ts';
import { type BrowserKind, launch, picture, type TestBrowser } from '../test-browser.ts';

/** 連携 and 承認: a phone with the companion in one browser approves, a desktop with the extension in the other fills. */

const OTHER: Record<BrowserKind, BrowserKind> = { chromium: 'firefox', firefox: 'chromium' };
const MINUTE = 60_000;

describe.each(['chromium', 'firefox'] as const)('a desktop in %s and a phone in the other', (kind) => {
  const onStage = useStage(kind, { confirmation: 'code' });
  let pocket: TestBrowser;
  let phone: Phone;
  let desktop: Desktop;

  beforeAll(async () => {
    pocket = await launch(OTHER[kind], ownBuild().output);
    phone = await phoneWithToken(onStage(), pocket);
    desktop = new Desktop(onStage().token.page);
  });
  afterAll(() => pocket?.close());

  const shotOf = async ({ page }: Phone | Desktop, name: string) => {
    await picture(page, `${kind}-${name}`);
    // The other way round the screens are the same.
    if (kind === 'chromium') expect({ name, faults: await faultsOf(page) }).toEqual({ name, faults: [] });
  };

  describe('連携', () => {
    test('are paired by the code, typed, and compare six symbols', async () => {
      const code = await desktop.offer();
      await shotOf(desktop, 'pair-offer');
      await phone.openDesktops();
      await phone.readWord('desktopsNone');
      await shotOf(phone, 'desktops-none');
      await phone.pressWord('pairDesktopTitle');
      await shotOf(phone, 'pair-entry');
      await phone.typePairingCode('1234');
      await phone.readWord('pairTyped');
      await phone.typePairingCode(code);
      expect(await phone.symbols()).toHaveLength(6);
      await shotOf(phone, 'pair-symbols-phone');
      await shotOf(desktop, 'pair-symbols-desktop');
      await finishPairing(phone, desktop);
      await shotOf(desktop, 'paired-desktop');
    });

    test('the list says which phone decides; the phone lists the desktop', async () => {
      await phone.openDesktops();
      await phone.read({ chromium: 'Chrome', firefox: 'Firefox' }[kind]);
      await phone.readWord('desktopRemove');
      await shotOf(phone, 'desktops');
      await phone.pressWord('back');
      await phone.pressWord('back');
      expect(await desktop.hasCode()).toBe(false);
    });

    test('removed on the phone, the desktop is told so when it asks', async () => {
      const { bank } = onStage();
      await phone.openDesktops();
      await phone.pressWord('desktopRemove');
      await phone.readWord('desktopRemoveAsk');
      await shotOf(phone, 'desktop-remove');
      await phone.pressWord('desktopRemoveDo');
      await phone.readWord('desktopsNone');
      await phone.pressWord('back');
      await phone.pressWord('back');
      await bank.login(TARO);
      const [report] = await (await contentScripts(onStage().browser, desktop.page)).settled(1);
      expect(report).toMatchObject({ kind: 'refused', reason: 'approval-unpaired' });
      if (kind === 'chromium') {
        const over = new Desktop(await onStage().browser.openPopup(bank.page));
        await over.readWord('approvalUnpaired');
        await shotOf(over, 'popup-unpaired');
      }
      expect(await bank.code()).toBe('');
    });

    test('removed on the desktop as well, they are paired anew by the QR code, which the phone’s camera sees', async () => {
      await desktop.page.bringToFront();
      await desktop.pressWord('settings');
      await desktop.pressWord('removeTitle');
      await desktop.readWord('removePaired');
      await shotOf(desktop, 'remove-pairing');
      await desktop.pressWord('removeDo');
      await desktop.readWord('pairOffer');
      await desktop.offer();
      const picture = await desktop.qrPicture();
      await phone.openDesktops();
      await phone.pointCameraAt(picture);
      await phone.pressWord('pairDesktopTitle');
      await phone.pressWord('pairScan');
      await finishPairing(phone, desktop);
    });

    test('a QR code opened by another app leads to the same, with the code filled in', async () => {
      await desktop.page.bringToFront();
      await desktop.pressWord('settings');
      await desktop.pressWord('pairPhoneTitle');
      const code = await desktop.offered();
      const address = await qrContent(await desktop.qrPicture());
      expect(address).toContain(`#pair=${code.replace(' ', '')}.`);
      await phone.page.goto('about:blank');
      await phone.page.goto(address);
      await phone.readWord('pairEntryLead');
      await phone.pressWord('back');
      await phone.code();
      // and once more, into the app that is open
      await phone.page.goto(address);
      await phone.readWord('pairEntryLead');
      await phone.pressWord('next');
      await phone.readWord('pairSame');
      await phone.pressWord('pairDiffers');
      await phone.readWord('pairRefused');
      await desktop.readWord('pairRefused');
    });

    test('a code is good once, and only for whoever was first', async () => {
      await phone.pressWord('pairAgain');
      await phone.typePairingCode('12345678');
      await phone.readWord('pairUnknown');
      await shotOf(phone, 'pair-unknown');
    });
  });

  describe('承認', () => {
    async function toCode(): Promise<void> {
      await onStage().bank.login(TARO);
      await onStage().bank.see('ログイン（ワンタイムパスワード認証）');
    }

    /** The popup over the bank's page, and the number that it shows. Firefox opens its popup for nobody but its user. */
    async function toPopup(): Promise<{ popup: Desktop; number: string }> {
      await toCode();
      const popup = new Desktop(await onStage().browser.openPopup(onStage().bank.page));
      return { popup, number: await popup.approvalNumber() };
    }

    /** A step whose code went to no page yet. */
    async function nextStep(): Promise<void> {
      const { bank, system } = onStage();
      await bank.leaveCode();
      // Two minutes at first: one, measured over a slow line, may be told as 59 seconds.
      await system.moveClock(Math.max(system.offset(), MINUTE) + MINUTE);
      for (const one of [phone, desktop]) {
        await one.page.bringToFront();
        await one.press(await one.word('clockCheck'));
        await one.read(await one.word('spanMinutes', String(system.offset() / MINUTE)));
      }
    }

    beforeAll(async () => {
      const { system } = onStage();
      await phone.page.goto('about:blank');
      await phone.page.goto(system.serviceUrl);
      await phone.code();
      await desktop.page.bringToFront();
      await desktop.reload();
      await desktop.readWord('decidedElsewhereBody');
    });

    test('a login is approved on the phone, and its code is filled', async () => {
      const { bank, shot } = onStage();
      await nextStep();
      await toCode();
      const asked = await phone.approval();
      for (const item of ['ログイン（ワンタイムパスワード認証）', new URL(bank.url).origin]) {
        expect(asked).toContain(item);
      }
      await shotOf(phone, 'approval');
      await phone.approve();
      await shotOf(phone, 'approved');
      await phone.acknowledge();
      expect(await bank.filledCode()).toMatch(/^[0-9]{8}$/);
      await shot(bank, 'approved-login');
      await bank.enterCode();
      await bank.read('ログアウト');
    });

    test('a transfer: its details and one OK on the phone, and its code is filled', async () => {
      const { bank, shot } = onStage();
      const before = await bank.balance();
      const number = await bank.requestTransfer(50_000);
      await phone.page.bringToFront();
      const question = await phone.question(number);
      for (const item of ['ミホン ジロウ', '50,000']) expect(question).toContain(item);
      await phone.tick(await phone.word('confirmAgree'));
      await phone.pressUntil(await phone.word('ok'), await phone.word('confirmedBody'));
      expect(await bank.filledConfirmationCode()).toMatch(/^[0-9]{8}$/);
      await phone.readWord('approvedTitle');
      await shotOf(phone, 'approved-transfer');
      await phone.acknowledge();
      expect(await bank.confirmationNumber()).toBe(number);
      await shot(bank, 'approved-transfer');
      await bank.settleTransfer();
      await bank.see('振込（完了）');
      expect(await bank.balance()).toBe(before - 50_000);
      await bank.logout();
    });

    if (kind === 'firefox') return;

    test('the number that the popup shows is the phone’s', async () => {
      await nextStep();
      const { popup, number } = await toPopup();
      await shotOf(popup, 'popup-approving');
      await phone.approval(number);
      await phone.approve();
      await phone.acknowledge();
      await onStage().bank.filledCode();
    });

    test('拒否: the desktop says so, and nothing is filled', async () => {
      await nextStep();
      const { popup, number } = await toPopup();
      await phone.approval(number);
      await phone.refuse();
      await shotOf(phone, 'approval-refused');
      await phone.acknowledge();
      await popup.readWord('approvalRefused');
      await shotOf(popup, 'popup-refused');
      expect(await onStage().bank.code()).toBe('');
    });

    test('nobody answers: after a minute that is said, and nothing is filled', async () => {
      const { system } = onStage();
      const { popup } = await toPopup();
      await system.moveClock(system.offset() + 2 * MINUTE);
      await popup.readWord('approvalExpired');
      await shotOf(popup, 'popup-expired');
      expect(await onStage().bank.code()).toBe('');
      await phone.page.bringToFront();
      await phone.reload();
      await phone.code();
    });

    test('called off on the desktop: gone from the phone', async () => {
      await nextStep();
      const { popup, number } = await toPopup();
      await phone.approval(number);
      await popup.page.bringToFront();
      await popup.pressWord('approvalCancel');
      await popup.readWord('approvalWithdrawn');
      await phone.page.bringToFront();
      await phone.readWord('approvalGoneTitle');
      await shotOf(phone, 'approval-gone');
      await phone.acknowledge();
    });

    test('a page that only changes its address waits still, and one that is left is gone from the phone', async () => {
      await nextStep();
      const { bank } = onStage();
      const { number } = await toPopup();
      await bank.changeAddress();
      await phone.approval(number);
      await bank.leaveCode();
      await phone.page.bringToFront();
      await phone.readWord('approvalGoneTitle');
      await phone.acknowledge();
    });

    test('心当たりがない stops the token, and both say so', async () => {
      const { bank } = onStage();
      const { popup, number } = await toPopup();
      await phone.approval(number);
      await phone.disown();
      await shotOf(phone, 'approval-not-me');
      await popup.readWord('approvalNotMe');
      await shotOf(popup, 'popup-not-me');
      expect(await bank.code()).toBe('');
    });
  });
});
