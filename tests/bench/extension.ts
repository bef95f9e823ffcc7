import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page, type WebWorker } from 'puppeteer';
import { CHROMIUM_ARGS, findBrowsers } from '../../browsers.ts';
import { GECKO } from '../e2e/start-firefox.ts';
import type { BrowserKind } from '../e2e/test-browser.ts';
import type { Bench } from './measure.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The browsers the product is for. */
export const KINDS = ['chromium', 'firefox'] as const satisfies readonly BrowserKind[];

/** An extension in the browser, known by its address `chrome-extension://…` or `moz-extension://…`. */
export interface LoadedExtension {
  readonly base: string;
  /** Runs a function where the extension's database is at hand: in its service worker, which is started; in Firefox in a tab of it. */
  run<A>(act: (argument: A) => Promise<void>, argument: A): Promise<void>;
  /** Ends the service worker as the browser does when it is idle. Chromium alone can be told to. */
  killWorker(): Promise<void>;
}

export interface BenchBrowser {
  readonly kind: BrowserKind;
  readonly browser: Browser;
  /** The product; its copy has one more page, `empty.html`, and pages that note when they show something. */
  readonly product: LoadedExtension;
  /** {@link bareExtension}. */
  readonly bare: LoadedExtension;
  newPage(): Promise<Page>;
  /** Opens a page of an extension, and waits until a function in it gives something. */
  visit<T>(page: Page, url: string, look: () => T | undefined | null | false): Promise<T>;
}

/** Scripts that an empty page of the extension can load, by file name. */
type Scripts = Readonly<Record<string, string>>;

const EMPTY_PAGE = 'empty.html';
const PATIENCE_MS = 15_000;

/** The built extension in a folder of the bench's own, with the emptiest page there is beside its own. */
function productWithEmptyPage(built: string, bench: Bench, scripts: Scripts): string {
  const folder = temporaryFolder(bench);
  cpSync(built, folder, { recursive: true });
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  write(EMPTY_PAGE, emptyPage('<script src="/note.js"></script>'));
  write('empty.js', "document.getElementById('empty').textContent = '12345678';");
  write('note.js', `(${noteFirstContent})();`);
  for (const file of ['popup.html', 'token.html']) {
    const html = readFileSync(join(folder, file), 'utf8');
    write(file, html.replace('<head>', '<head><script src="/note.js"></script>'));
  }
  for (const [file, script] of Object.entries(scripts)) write(file, script);
  return folder;
}

export const emptyPage = (head: string) =>
  `<!doctype html><html lang="ja"><head>${head}<meta charset="utf-8"><title>empty</title></head><body><div id="empty"></div><script type="module" src="/empty.js"></script></body></html>`;

/** Runs in a page before its own scripts. What comes by a message channel after a frame's callback is after its paint. */
export function noteFirstContent(): void {
  const hasContent = () => {
    const shown = document.querySelector('output.code .code-digits') ?? document.querySelector('#empty');
    return (shown?.textContent ?? '').replace(/\D/g, '').length === 8;
  };
  const observer = new MutationObserver(() => {
    if (!hasContent()) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        document.documentElement.dataset.shownMs = String(performance.now());
      };
      port2.postMessage(undefined);
    });
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
}

/** Host whose pages the bare extension works on; the same pages as the bank's, under another name. */
export const BARE_HOST = 'bare.localhost';

/** The least extension that sends a message from a page to the background and hears an answer. */
function bareExtension(kind: BrowserKind, bench: Bench): string {
  const folder = temporaryFolder(bench);
  const script = 'background.js';
  const manifest = {
    manifest_version: 3,
    name: 'bare',
    version: '1',
    background: kind === 'chromium' ? { service_worker: script } : { scripts: [script] },
    content_scripts: [{ matches: [`http://${BARE_HOST}/*`], js: ['content.js'], run_at: 'document_end' }],
    ...(kind === 'firefox' && { browser_specific_settings: { gecko: { id: BARE_GECKO.id } } }),
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, EMPTY_PAGE), emptyPage(''));
  writeFileSync(join(folder, 'empty.js'), '');
  writeFileSync(
    join(folder, script),
    "chrome.runtime.onMessage.addListener((message, sender, answer) => { answer('12345678'); });",
  );
  writeFileSync(
    join(folder, 'content.js'),
    `const asked = performance.now();
    chrome.runtime.sendMessage('code').then(() => {
      document.documentElement.dataset.roundTripMs = performance.now() - asked;
    });`,
  );
  return folder;
}

/** The browser as the tests start it, with the product and its peer. */
export function launchBrowser(
  kind: BrowserKind,
  built: string,
  bench: Bench,
  scripts: Scripts = {},
): Promise<BenchBrowser> {
  const product = productWithEmptyPage(
    join(built, kind === 'chromium' ? 'chrome-mv3' : 'firefox-mv3'),
    bench,
    scripts,
  );
  const folders = { product, bare: bareExtension(kind, bench) };
  return kind === 'chromium' ? launchChromium(folders, bench) : launchFirefox(folders, bench);
}

interface Folders {
  readonly product: string;
  readonly bare: string;
}

async function launchChromium({ product, bare }: Folders, bench: Bench): Promise<BenchBrowser> {
  const { chromium } = findBrowsers();
  if (chromium === undefined) throw new Error('Chromium is needed: npm test installs it or says how');
  const browser = await puppeteer.launch({
    executablePath: chromium,
    headless: true,
    pipe: true,
    enableExtensions: [product, bare],
    env: { ...process.env, LANGUAGE: 'ja' },
    args: CHROMIUM_ARGS,
  });
  bench.defer(() => browser.close());
  // Both are there once their backgrounds have started.
  const started = new Set<string>();
  await browser.waitForTarget((target) => {
    if (target.type() === 'service_worker') started.add(new URL(target.url()).host);
    return started.size === 2;
  });
  const extensions = [...(await browser.extensions()).values()];
  const named = (wanted: (name: string) => boolean) => {
    const found = extensions.find(({ name }) => wanted(name));
    if (found === undefined) throw new Error('an extension was not loaded');
    return withWorker(browser, `chrome-extension://${found.id}`);
  };
  return {
    kind: 'chromium',
    browser,
    product: named((name) => name !== 'bare'),
    bare: named((name) => name === 'bare'),
    newPage: () => browser.newPage(),
    visit: async (page, url, look) => {
      await page.goto(url);
      return seen(page, look);
    },
  };
}

/** The background of an extension in Chromium; started when it does not run. */
export async function serviceWorker(browser: Browser, base: string): Promise<WebWorker> {
  const target = await browser.waitForTarget(
    (one) => one.type() === 'service_worker' && one.url().startsWith(base),
  );
  const found = await target.worker();
  if (found === null) throw new Error('the background has no worker');
  return found;
}

function withWorker(browser: Browser, base: string): LoadedExtension {
  const worker = () => serviceWorker(browser, base);
  return {
    base,
    run: async (act, argument) => runIn(await worker(), act, argument),
    killWorker: async () => {
      const gone = new Promise<void>((resolve) => {
        const onGone = (target: { url(): string; type(): string }) => {
          if (target.type() !== 'service_worker' || !target.url().startsWith(base)) return;
          browser.off('targetdestroyed', onGone);
          resolve();
        };
        browser.on('targetdestroyed', onGone);
      });
      await (await worker()).close();
      await gone;
    },
  };
}

/** What is handed over is plain data: it arrives as it was sent. */
async function runIn<A>(there: Page | WebWorker, act: (argument: A) => Promise<void>, argument: A) {
  await there.evaluate(act as (argument: unknown) => Promise<void>, argument);
}

/** The bare extension's id in Firefox, and the address given to its installation. */
const BARE_GECKO = { id: 'bare@warifu.example', uuid: '5c1f0a52-3b7d-4c84-8c55-2d0a6f0c7b21' } as const;

async function launchFirefox({ product, bare }: Folders, bench: Bench): Promise<BenchBrowser> {
  const { firefox } = findBrowsers();
  if (firefox === undefined) throw new Error('Firefox is needed: npm test installs it or says how');
  const uuids = [GECKO, BARE_GECKO].map(({ id, uuid }) => [id, uuid]);
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefox,
    headless: true,
    args: ['-remote-allow-system-access'],
    extraPrefsFirefox: {
      'intl.locale.requested': 'ja',
      'intl.accept_languages': 'ja',
      'extensions.webextensions.uuids': JSON.stringify(Object.fromEntries(uuids)),
    },
  });
  bench.defer(() => browser.close());
  await browser.installExtension(product);
  await browser.installExtension(bare);
  /** Firefox never reports the end of a navigation to an extension page. */
  const visit: BenchBrowser['visit'] = (page, url, look) => {
    void page.goto(url).catch(() => undefined);
    return seen(page, look);
  };
  const withTab = async (base: string): Promise<LoadedExtension> => {
    const tab = await browser.newPage();
    await visit(tab, `${base}/${EMPTY_PAGE}`, () => document.querySelector('#empty') !== null);
    return {
      base,
      run: (act, argument) => runIn(tab, act, argument),
      killWorker: () => Promise.reject(new Error('Firefox ends its background pages by itself')),
    };
  };
  return {
    kind: 'firefox',
    browser,
    product: await withTab(`moz-extension://${GECKO.uuid}`),
    bare: await withTab(`moz-extension://${BARE_GECKO.uuid}`),
    newPage: () => browser.newPage(),
    visit,
  };
}

/** Looks until there is what is looked for; while Firefox is on its way to a page, asking fails. */
async function seen<T>(page: Page, look: () => T | undefined | null | false): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await page.evaluate(look).catch(() => undefined);
    if (found) return found as T;
    if (performance.now() > until) throw new Error(`nothing came at ${page.url()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
