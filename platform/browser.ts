/** The WebExtension API. Nothing else imports the polyfill. */
import browser from 'webextension-polyfill';

export { browser };
