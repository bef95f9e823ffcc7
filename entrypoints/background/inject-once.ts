import { browser } from '../../platform/browser.ts';
import { injectEverywhere } from '../../platform/content-scripts.ts';

/** In the browser's memory for the extension, which is empty when it is installed, switched on or updated. */
const INJECTED = 'injected';

/**
 * Pages that were open before the extension was installed, switched on or updated get their content script from here, not
 * from the browser: once, however often the worker starts.
 */
export async function injectOnce(): Promise<void> {
  const { [INJECTED]: done } = await browser.storage.session.get(INJECTED);
  if (done === true) return;
  await browser.storage.session.set({ [INJECTED]: true });
  await injectEverywhere();
}
