import { type Customer, TARO } from '../pages/bank.ts';
import type { Desktop } from '../pages/desktop.ts';
import { Phone } from '../pages/phone.ts';
import type { Stage } from '../stage.ts';
import type { TestBrowser } from '../test-browser.ts';
import { putIntoUse } from './issue.ts';

/** A phone with the customer's token in use, beside a desktop that has none. */
export async function phoneWithToken(
  { bank, system }: Pick<Stage, 'bank' | 'system'>,
  browser: TestBrowser,
  customer: Customer = TARO,
): Promise<Phone> {
  const phone = new Phone(await browser.newPage(system.serviceUrl));
  await phone.beSmall();
  await putIntoUse({ bank, token: phone, system }, customer);
  await bank.forgetSession();
  return phone;
}

/** 連携 by the code, typed; ends on the code's screen of both. */
export async function pair(phone: Phone, desktop: Desktop): Promise<void> {
  const code = await desktop.offer();
  await phone.openDesktops();
  await phone.pressWord('pairDesktopTitle');
  await phone.typePairingCode(code);
  await finishPairing(phone, desktop);
}

/** From the symbols to the end, on both. */
export async function finishPairing(phone: Phone, desktop: Desktop): Promise<void> {
  const [seen, shown] = await Promise.all([phone.symbols(), desktop.symbols()]);
  if (seen.join() !== shown.join()) throw new Error(`the phone shows ${seen}, the desktop ${shown}`);
  await desktop.agree();
  await phone.agree();
  await desktop.page.bringToFront();
  await desktop.chooseNoLock();
  await desktop.readWord('decidedElsewhereBody');
  await phone.pressWord('back');
  await phone.pressWord('back');
}
