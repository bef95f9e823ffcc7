import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from '../axe.ts';
import { finishPairing, phoneWithToken } from '../flows/pairing.ts';
import { ownBuild } from '../own-build.ts';
import { TARO } from '../pages/bank.ts';
import { Desktop } from '../pages/desktop.ts';
import type { Phone } from '../pages/phone.ts';
import { qrContent } from '../qr.ts';
import { useStage } from '../stage.ts';
import { type BrowserKind, launch, picture, type TestBrowser } from '../test-browser.ts';

/** 連携: a desktop with the extension in one browser, a phone with the companion in the other. */

const OTHER: Record<BrowserKind, BrowserKind> = { chromium: 'firefox', firefox: 'chromium' };

describe.each(['chromium', 'firefox'] as const)('a desktop in %s and a phone in the other', (kind) => {
  const onStage = useStage(kind, 'once');
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
