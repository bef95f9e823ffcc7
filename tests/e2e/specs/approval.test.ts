import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from '../axe.ts';
import { pair, phoneWithToken } from '../flows/pairing.ts';
import { ownBuild } from '../own-build.ts';
import { TARO } from '../pages/bank.ts';
import { Desktop } from '../pages/desktop.ts';
import type { Phone } from '../pages/phone.ts';
import { useStage } from '../stage.ts';
import { type BrowserKind, launch, picture, type TestBrowser } from '../test-browser.ts';

/** 承認: the phone in one browser approves, the desktop in the other fills. */

const OTHER: Record<BrowserKind, BrowserKind> = { chromium: 'firefox', firefox: 'chromium' };
const MINUTE = 60_000;

describe.each(['chromium', 'firefox'] as const)('a desktop in %s', (kind) => {
  const onStage = useStage(kind, 'once', { confirmation: 'code' });
  let pocket: TestBrowser;
  let phone: Phone;
  let desktop: Desktop;

  beforeAll(async () => {
    pocket = await launch(OTHER[kind], ownBuild().output);
    phone = await phoneWithToken(onStage(), pocket);
    desktop = new Desktop(onStage().token.page);
    await pair(phone, desktop);
  });
  afterAll(() => pocket?.close());

  const shotOf = async ({ page }: Phone | Desktop, name: string) => {
    await picture(page, `${kind}-${name}`);
    // The other way round the screens are the same.
    if (kind === 'chromium') expect({ name, faults: await faultsOf(page) }).toEqual({ name, faults: [] });
  };

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
    await system.moveClock(system.offset() + MINUTE);
    for (const one of [phone, desktop]) {
      await one.page.bringToFront();
      await one.press(await one.word('clockCheck'));
      await one.read(await one.word('spanMinutes', String(system.offset() / MINUTE)));
    }
  }

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
