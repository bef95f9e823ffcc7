import type { Browser } from 'webextension-polyfill';

declare const chrome: Browser;

/**
 * The browsers' own WebExtension API, by the name that both browsers have and that no page can take. It is for scripts that are
 * smaller than the polyfill. A message listener cannot answer by returning a promise, as it can with the polyfill.
 */
export const native: Browser = chrome;
