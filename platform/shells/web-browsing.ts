import type { PrivateBrowsing } from '../../core/vault/storage.ts';

/**
 * Of a web page. Firefox and Safari refuse it a folder of its own in a private window, and nowhere say whether there is any
 * other kind; Chromium keeps the secret.
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
