import { oneOf } from '../../core/messages/shape.ts';
import { injectEverywhere } from '../../platform/content-scripts.ts';
import type { Memory } from './memory.ts';

/** Remembered as this; nothing is when it is installed, switched on or updated. */
const INJECTED = 'injected';

/**
 * Pages that were open before the extension was installed, switched on or updated get their content script from here, not
 * from the browser: once, however often the worker starts.
 */
export async function injectOnce({ get, set }: Memory): Promise<void> {
  if (await get(INJECTED, oneOf('done'))) return;
  await set(INJECTED, 'done');
  await injectEverywhere();
}
