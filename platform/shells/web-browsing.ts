import type { PrivateBrowsing } from '../../core/vault/storage.ts';

/**
 * Private browsing as a web page sees it. Firefox and Safari refuse it a private file system in a private window, but do not tell
 * whether all windows are private. Chromium tells nothing.
 */
export async function webBrowsing(): Promise<PrivateBrowsing> {
  try {
    await navigator.storage.getDirectory();
    return navigator.userAgent.includes('Firefox/') ? 'no' : 'unknown';
  } catch (error) {
    const isRefusal = error instanceof DOMException && ['SecurityError', 'UnknownError'].includes(error.name);
    return isRefusal ? 'either' : 'unknown';
  }
}
