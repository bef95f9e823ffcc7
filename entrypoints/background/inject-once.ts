import { oneOf } from '../../core/messages/shape.ts';
import { injectEverywhere } from '../../platform/content-scripts.ts';
import type { Memory } from './memory.ts';

/** Key of the mark that it is done. The browser clears it when the extension is installed, enabled or updated. */
const INJECTED = 'injected';

/**
 * Puts the content script into pages that were open before the extension was installed, enabled or updated, as the browser does
 * not. It does so once, however often the worker starts.
 */
export async function injectOnce({ get, set }: Memory): Promise<void> {
  if (await get(INJECTED, oneOf('done'))) return;
  await set(INJECTED, 'done');
  await injectEverywhere();
}
