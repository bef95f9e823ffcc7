import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page, type Target } from 'puppeteer';
import { CHROMIUM_ARGS, findBrowsers } from '../../browsers.ts';
import { headless, newProfile, type StartOptions, slowMo, VIEWPORT } from './browser-options.ts';
import { endWorker } from './end-worker.ts';
import { PATIENCE_MS } from './patience.ts';
import { type FirefoxPrefs, firefoxProfile, GECKO, startFirefox } from './start-firefox.ts';

export type BrowserKind = 'chromium' | 'firefox';

/** A browser with the extension loaded, as a customer has it. */
export interface TestBrowser {
  readonly kind: BrowserKind;
  readonly browser: Browser;
  /** A new tab. */
  newPage(url?: string): Promise<Page>;
  /** A new tab in a window of its own, which stays in sight when other tabs come to the front. */
  newWindow(url: string): Promise<Page>;
  /** The toolbar popup over a tab; in Firefox, which cannot open it from outside, the same page in a tab. */
  openPopup(over: Page): Promise<Page>;
  /** The token's full page in a tab. */
  openTokenPage(place?: string): Promise<Page>;
  /** The token's full page in a private window. Firefox alone opens one, from a page of the extension. */
  openPrivateWindow(from: Page): Promise<Page>;
  /** Ends the background as the browser does when it is idle; the next message starts it again. */
  killBackground(): Promise<void>;
  /** Switches the extension off and on again: what an update does to its pages, its memory and its content scripts. */
  restartExtension(): Promise<void>;
  /** Takes the permission for all hosts away from the extension, or gives it back. Firefox gives it back to its user alone. */
  allowHosts(allowed: boolean): Promise<void>;
  /** Sets the keys of one of the manifest's commands as a customer may, or that it has none; Chromium. */
  setKeys(command: string, keys: string): Promise<void>;
  /** Lets a site keep its data when it asks. Chromium alone; Firefox asks its user. */
  allowToKeepStorage(origin: string): Promise<void>;
  badge(page: Page): Promise<string>;
  /** Waits until the badge of all tabs is a text. Chromium alone tells. */
  badgeOfAll(text: string): Promise<void>;
  /** The folder of the profile, to be read or copied once the browser has ended. */
  readonly profile: string;
  /** Ends the browser and leaves its profile. */
  end(): Promise<void>;
  /** Ends the browser and lets its profile go. */
  close(): Promise<void>;
}

const SHOTS = process.env.WARIFU_SCREENSHOTS ?? 'screenshots';

/** What is done in a browser before it has the extension. */
type Before = (browser: Browser) => Promise<void>;

export interface LaunchOptions extends StartOptions {
  /** A folder to start on, let go with the browser; a fresh one unless given. */
  readonly profile?: string;
  readonly before?: Before;
  /** Whether pages may move: to paint what moves takes a seventh of the browser's time, and no story is about it. */
  readonly motion?: boolean;
  /** Preferences of Firefox. */
  readonly prefs?: FirefoxPrefs;
}

export function launch(kind: BrowserKind, output: string, options: LaunchOptions = {}): Promise<TestBrowser> {
  return kind === 'chromium'
    ? launchChromium(output, options)
    : launchFirefox(output, options, options.prefs);
}

/** Firefox, set to never remember history where `never`, with the extension allowed in private windows. */
export async function launchPrivateFirefox(output: string, never: boolean): Promise<TestBrowser> {
  const prefs = { 'browser.privatebrowsing.autostart': never };
  const launched = await launchFirefox(output, {}, prefs);
  // what its user does on about:addons; the page has the browser's own powers
  const addons = await launched.browser.newPage();
  void addons.goto('about:addons').catch(() => undefined);
  await until(() => addons.evaluate(() => 'ChromeUtils' in globalThis).catch(() => false));
  await addons.evaluate(async (id) => {
    const utils = Reflect.get(globalThis, 'ChromeUtils');
    const from = (file: string) => utils.importESModule(`resource://gre/modules/${file}`);
    const { ExtensionPermissions } = from('ExtensionPermissions.sys.mjs');
    const { AddonManager } = from('AddonManager.sys.mjs');
    const { extension } = Reflect.get(globalThis, 'WebExtensionPolicy').getByID(id);
    const allowed = { permissions: ['internal:privateBrowsingAllowed'], origins: [], data_collection: [] };
    await ExtensionPermissions.add(id, allowed, extension);
    await (await AddonManager.getAddonByID(id)).reload();
  }, GECKO.id);
  await addons.close();
  return launched;
}

/** The profile of either browser. */
function profiled(browser: Browser, profile: string): Pick<TestBrowser, 'profile' | 'end' | 'close'> {
  const end = async () => {
    if (browser.connected) await browser.close();
  };
  return {
    profile,
    end,
    close: async () => {
      await end();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function launchChromium(
  output: string,
  {
    profile: userDataDir = newProfile(),
    before,
    motion = false,
    whole = !headless,
    network = false,
  }: LaunchOptions,
): Promise<TestBrowser> {
  const { chromium } = findBrowsers();
  if (chromium === undefined) throw new Error('Chromium is needed: npm test installs it or says how');
  const browser = await puppeteer.launch({
    executablePath: chromium,
    headless,
    slowMo,
    userDataDir,
    pipe: true,
    enableExtensions: true,
    networkEnabled: network,
    defaultViewport: VIEWPORT,
    env: { ...process.env, LANGUAGE: 'ja' },
    args: [
      ...CHROMIUM_ARGS,
      ...(motion ? [] : ['--force-prefers-reduced-motion']),
      // With neither, a document has its frame for as long as the tab stays at its site.
      ...(whole ? [] : ['--disable-features=BackForwardCache,RenderDocument']),
    ],
  });
  await before?.(browser);
  await browser.installExtension(join(output, 'chrome-mv3'));
  const background = () =>
    browser.waitForTarget(
      (target) => target.type() === 'service_worker' && target.url().endsWith('/background.js'),
    );
  await background();
  const [extension] = (await browser.extensions()).values();
  if (extension === undefined) throw new Error('the extension was not loaded');
  const base = `chrome-extension://${extension.id}`;
  const isPopup = (target: Target) => target.url() === `${base}/popup.html`;
  /** A popup over another page closes when this page comes to the front; it must not be taken for the next one. */
  const popupsGone = async () => {
    const until = Date.now() + POPUP_GONE_WITHIN_MS;
    while (browser.targets().some(isPopup) && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  return {
    kind: 'chromium',
    browser,
    newPage: (url) => openPage(browser, url),
    newWindow: (url) => openPage(browser, url, 'window'),
    openPopup: async (over) => {
      // A popup closes when anything else takes the focus, as a tab that is still opening may: then once more.
      for (let attempt = 1; ; attempt += 1) {
        try {
          await over.bringToFront();
          await popupsGone();
          const opened = browser.waitForTarget(isPopup, { timeout: POPUP_WITHIN_MS });
          await over.triggerExtensionAction(extension);
          const page = await (await opened).asPage();
          await page.waitForSelector('#app h1', { timeout: POPUP_WITHIN_MS });
          return page;
        } catch (error) {
          if (attempt === 4) throw error;
        }
      }
    },
    openTokenPage: (place = '') => openPage(browser, `${base}/token.html#${place}`),
    openPrivateWindow: async () => {
      throw new Error('Chromium opens no page of an extension in a private window');
    },
    killBackground: () => endWorker(browser),
    restartExtension: () =>
      withExtensionsPage(browser, async (page) => {
        await page.evaluate(async (id) => {
          await chrome.management.setEnabled(id, false);
          await chrome.management.setEnabled(id, true);
        }, extension.id);
        await background();
      }),
    allowHosts: (allowed) =>
      withExtensionsPage(browser, (page) =>
        page.evaluate(
          (extensionId, hostAccess) =>
            chrome.developerPrivate.updateExtensionConfiguration({ extensionId, hostAccess }),
          extension.id,
          allowed ? 'ON_ALL_SITES' : 'ON_CLICK',
        ),
      ),
    setKeys: (command, keys) =>
      withExtensionsPage(browser, (page) =>
        page.evaluate(
          (extensionId, commandName, keybinding) =>
            chrome.developerPrivate.updateExtensionCommand({ extensionId, commandName, keybinding }),
          extension.id,
          command,
          keys,
        ),
      ),
    allowToKeepStorage: (origin) =>
      browser.defaultBrowserContext().overridePermissions(origin, ['persistent-storage']),
    badge: async (page) => {
      const worker = await (await background()).worker();
      const url = page.url();
      const text = await worker?.evaluate(async (wanted) => {
        const tabs = await chrome.tabs.query({});
        const texts = await Promise.all(tabs.map((tab) => chrome.action.getBadgeText({ tabId: tab.id })));
        return texts.find((badge) => badge !== '') ?? (wanted && '');
      }, url);
      return text ?? '';
    },
    badgeOfAll: async (text) => {
      const worker = await (await background()).worker();
      const until = Date.now() + PATIENCE_MS;
      for (;;) {
        const badge = await worker?.evaluate(() => chrome.action.getBadgeText({}));
        if (badge === text) return;
        if (Date.now() > until) throw new Error(`the badge is 「${badge}」, not 「${text}」`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    ...profiled(browser, userDataDir),
  };
}

/** Does something on the browser's own page of extensions, which may switch them. */
async function withExtensionsPage(browser: Browser, act: (page: Page) => Promise<void>): Promise<void> {
  const page = await openPage(browser, 'chrome://extensions');
  await act(page);
  await page.close();
}

/** What is used of the extension API inside the background under test, and on the browser's page of extensions. */
declare const chrome: {
  management: { setEnabled(id: string, enabled: boolean): Promise<void> };
  developerPrivate: {
    updateExtensionConfiguration(to: { extensionId: string; hostAccess: string }): Promise<void>;
    updateExtensionCommand(to: {
      extensionId: string;
      commandName: string;
      keybinding: string;
    }): Promise<void>;
  };
  tabs: { query(query: object): Promise<{ id: number }[]> };
  action: { getBadgeText(details: { tabId?: number }): Promise<string> };
};

/** The same of Firefox, on a page of the extension. */
declare const browser: {
  runtime: { reload(): void; getManifest(): { host_permissions: string[] } };
  permissions: { remove(permissions: { origins: string[] }): Promise<boolean> };
};

/** The page is gone before it could answer. */
const reloadExtension = (page: Page) => page.evaluate(() => browser.runtime.reload()).catch(() => undefined);

const isGone = (page: Page) =>
  page.evaluate(() => false).catch((error: unknown) => String(error).includes('no such frame'));

const removeHosts = (page: Page) =>
  page.evaluate(async () => {
    const { host_permissions: origins } = browser.runtime.getManifest();
    await browser.permissions.remove({ origins });
  });

async function launchFirefox(
  output: string,
  { profile: userDataDir = firefoxProfile(output), before, motion = false, ...options }: LaunchOptions,
  prefs: FirefoxPrefs = {},
): Promise<TestBrowser> {
  const moving = { 'ui.prefersReducedMotion': motion ? 0 : 1 };
  const browser = await startFirefox(userDataDir, { ...prefs, ...moving }, options);
  await before?.(browser);
  await browser.installExtension(join(output, 'firefox-mv3'));
  const base = `moz-extension://${GECKO.uuid}`;

  /** Firefox never reports the end of a navigation to an extension page: wait for what is on it instead. */
  const openExtensionPage = async (path: string) => {
    const page = await browser.newPage();
    await page.setViewport(VIEWPORT);
    void page.goto(`${base}/${path}`).catch(() => undefined);
    await drawn(page);
    return page;
  };

  return {
    kind: 'firefox',
    browser,
    newPage: (url) => openPage(browser, url),
    newWindow: (url) => openPage(browser, url, 'window'),
    openPopup: () => openExtensionPage('popup.html'),
    openTokenPage: (place = '') => openExtensionPage(`token.html#${place}`),
    restartExtension: async () => {
      const page = await openExtensionPage('token.html');
      await reloadExtension(page);
      // Firefox closes the tab without telling, and may take one that opens meanwhile with it.
      await until(() => isGone(page));
    },
    allowHosts: async (allowed) => {
      if (allowed) throw new Error('Firefox asks its user, and cannot be answered from outside');
      const page = await openExtensionPage('token.html');
      await removeHosts(page);
      await page.close();
    },
    setKeys: async () => {
      throw new Error('Firefox: not needed by any story');
    },
    openPrivateWindow: async (from) => {
      const before = await browser.pages();
      await from.evaluate(async (url) => {
        await Reflect.get(globalThis, 'browser').windows.create({ incognito: true, url });
      }, `${base}/token.html`);
      return newPageAfter(browser, before);
    },
    killBackground: async () => {
      throw new Error('Firefox ends its background pages by itself and cannot be told to');
    },
    allowToKeepStorage: async () => {
      throw new Error('Firefox asks its user, and cannot be answered from outside');
    },
    badge: async () => '',
    badgeOfAll: async () => {},
    ...profiled(browser, userDataDir),
  };
}

/** The page with the app that was not there before. */
async function newPageAfter(browser: Browser, before: readonly Page[]): Promise<Page> {
  const page = await until(async () => (await browser.pages()).find((one) => !before.includes(one)));
  await drawn(page);
  return page;
}

/** Looks until there is what is looked for: where the page itself cannot be told to wait. */
async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function openPage(browser: Browser, url?: string, type: 'tab' | 'window' = 'tab'): Promise<Page> {
  const page = await browser.newPage({ type });
  await page.setViewport(VIEWPORT);
  if (url !== undefined) await page.goto(url);
  return page;
}

const POPUP_WITHIN_MS = 10_000;
const POPUP_GONE_WITHIN_MS = 1_000;

/** Waits until the app is on the page; while Firefox is still on its way there, asking fails. */
async function drawn(page: Page): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await page.waitForSelector('#app > *', { timeout: 1_000 });
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

let shots = 0;

/** Takes a picture of what the customer sees, numbered in the order of the story. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  shots += 1;
  const path = join(SHOTS, `${String(shots).padStart(2, '0')}-${name}.png`);
  await page.screenshot({ path: path as `${string}.png`, fullPage: !page.url().endsWith('/popup.html') });
}
