import { browser } from '../../platform/browser.ts';

/** The manifest's command, Ctrl+Shift+L unless the customer chose otherwise. */
export const FILL_COMMAND = 'fill';

/** Asks the page in front of the customer to be filled, as the popup does. */
export async function fillActivePage(): Promise<void> {
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  if (tab?.id === undefined) return;
  // Any other page has no content script that could answer.
  await browser.tabs.sendMessage(tab.id, { type: 'page.fill' }).catch(() => undefined);
}
