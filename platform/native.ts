import type { Browser } from 'webextension-polyfill';

declare const chrome: Browser;

/**
 * The WebExtension API as both browsers have it themselves, by the name both have and no page can take. For the scripts in
 * which the polyfill would weigh more than they do; unlike with the polyfill, a message listener cannot answer by
 * returning a promise.
 */
export const native: Browser = chrome;
