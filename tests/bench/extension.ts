import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page, type WebWorker } from 'puppeteer';
import { CHROMIUM_ARGS, findBrowsers } from '../../browsers.ts';
import type { Bench } from './measure.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** An extension in the browser, known by its address `chrome-extension://…`. */
export interface LoadedExtension {
  readonly base: string;
  /** Its service worker; started when it does not run. */
  worker(): Promise<WebWorker>;
  /** Ends the service worker as the browser does when it is idle. */
  killWorker(): Promise<void>;
}

export interface BenchBrowser {
  readonly browser: Browser;
  /** The product; its copy has one more page, `empty.html`. */
  readonly product: LoadedExtension;
  /** {@link bareExtension}. */
  readonly bare: LoadedExtension;
  newPage(): Promise<Page>;
}

/** Scripts that an empty page of the extension can load, by file name. */
type Scripts = Readonly<Record<string, string>>;

/** The built extension in a folder of the bench's own, with the emptiest page there is beside its own. */
function productWithEmptyPage(built: string, bench: Bench, scripts: Scripts): string {
  const folder = temporaryFolder(bench);
  cpSync(built, folder, { recursive: true });
  writeFileSync(
    join(folder, 'empty.html'),
    '<!doctype html><html lang="ja"><meta charset="utf-8"><title>empty</title><div id="empty"></div><script type="module" src="/empty.js"></script></html>',
  );
  writeFileSync(join(folder, 'empty.js'), "document.getElementById('empty').textContent = '12345678';");
  for (const [file, script] of Object.entries(scripts)) writeFileSync(join(folder, file), script);
  return folder;
}

/** Host whose pages the bare extension works on; the same pages as the bank's, under another name. */
export const BARE_HOST = 'bare.localhost';

/** The least extension that sends a message from a page to the background and hears an answer. */
function bareExtension(bench: Bench): string {
  const folder = temporaryFolder(bench);
  const manifest = {
    manifest_version: 3,
    name: 'bare',
    version: '1',
    background: { service_worker: 'background.js' },
    content_scripts: [{ matches: [`http://${BARE_HOST}/*`], js: ['content.js'], run_at: 'document_end' }],
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, 'background.js'),
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

/** Chromium as the browser tests start it, with the product and its peer. */
export async function launchBrowser(
  built: string,
  bench: Bench,
  scripts: Scripts = {},
): Promise<BenchBrowser> {
  const { chromium } = findBrowsers();
  if (chromium === undefined) throw new Error('Chromium is needed: npm test installs it or says how');
  const browser = await puppeteer.launch({
    executablePath: chromium,
    headless: true,
    pipe: true,
    enableExtensions: [productWithEmptyPage(join(built, 'chrome-mv3'), bench, scripts), bareExtension(bench)],
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
    return loaded(browser, `chrome-extension://${found.id}`);
  };
  return {
    browser,
    product: named((name) => name !== 'bare'),
    bare: named((name) => name === 'bare'),
    newPage: () => browser.newPage(),
  };
}

function loaded(browser: Browser, base: string): LoadedExtension {
  const worker = async () => {
    const target = await browser.waitForTarget(
      (t) => t.type() === 'service_worker' && t.url().startsWith(base),
    );
    const found = await target.worker();
    if (found === null) throw new Error('the background has no worker');
    return found;
  };
  return {
    base,
    worker,
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
