import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { findBrowsers } from '../../browsers.ts';
import { headless, newProfile, type StartOptions, slowMo, VIEWPORT } from './browser-options.ts';

/** The extension's id in Firefox, and the address that the tests give its installation. */
export const GECKO = { id: 'token@warifu.example', uuid: '0b6e2f0c-6f3e-4a58-9b3c-3f1d2a7c9e11' } as const;

export type FirefoxPrefs = Readonly<Record<string, boolean | number | string>>;

/** Without {@link StartOptions.whole}. */
const LEAN: FirefoxPrefs = {
  'fission.bfcacheInParent': false,
  'browser.sessionhistory.max_total_viewers': 0,
  'browser.sessionstore.interval': 600_000,
  'browser.chrome.site_icons': false,
  'places.history.enabled': false,
  // Reads the style of the browser's own window.
  'toolkit.legacyUserProfileCustomizations.stylesheets': true,
};

function hideBars(profile: string): void {
  mkdirSync(join(profile, 'chrome'), { recursive: true });
  writeFileSync(join(profile, 'chrome/userChrome.css'), '#navigator-toolbox { display: none !important }');
}

export function startFirefox(
  userDataDir: string,
  prefs: FirefoxPrefs,
  { whole = !headless, network = false }: StartOptions = {},
): Promise<Browser> {
  const { firefox } = findBrowsers();
  if (firefox === undefined) throw new Error('Firefox is needed: npm test installs it or says how');
  if (!whole) hideBars(userDataDir);
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: firefox,
    headless,
    slowMo,
    userDataDir,
    networkEnabled: network,
    defaultViewport: VIEWPORT,
    args: ['-remote-allow-system-access'],
    extraPrefsFirefox: {
      ...(!whole && LEAN),
      ...prefs,
      'intl.locale.requested': 'ja',
      'intl.accept_languages': 'ja',
      // Processes that wait for pages which may never come.
      'dom.ipc.processPrelaunch.enabled': false,
      // An extension loaded for a test is taken out when the browser ends, and its storage with it unless told.
      'extensions.webextensions.keepStorageOnUninstall': true,
      'extensions.webextensions.keepUuidOnUninstall': true,
      'extensions.webextensions.uuids': JSON.stringify({ [GECKO.id]: GECKO.uuid }),
    },
  });
}

const startedProfile = (output: string) => join(output, '../firefox-profile');

/**
 * Puts a profile next to builds that Firefox has been started on once, without the extension: to start on a copy of it takes
 * two thirds of the processor's time, and to end half.
 */
export async function addStartedProfile(outputs: readonly string[]): Promise<void> {
  const profile = newProfile();
  const browser = await startFirefox(profile, {}, { whole: true });
  await browser.newPage();
  await browser.close();
  for (const output of outputs) cpSync(profile, startedProfile(output), { recursive: true });
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}

/** A profile as a person has it who has used Firefox before; a new one where the build has none next to it. */
export function firefoxProfile(output: string): string {
  const profile = newProfile();
  if (existsSync(startedProfile(output))) cpSync(startedProfile(output), profile, { recursive: true });
  return profile;
}
