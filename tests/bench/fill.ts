import type { Page } from 'puppeteer';
import { DATABASE_NAME } from '../../platform/storage/database.ts';
import type { BrowserKind } from '../e2e/test-browser.ts';
import { serveLoginOtp } from './bank-page.ts';
import { BARE_HOST, type BenchBrowser, KINDS, type LoadedExtension, launchBrowser } from './extension.ts';
import { type Figure, type Group, interleave, median } from './measure.ts';
import { prepareVault } from './seed-vault.ts';

const RUNS = 21;
const WARM_UPS = 2;
const BANK_HOST = 'senpoku.localhost';
const PATIENCE_MS = 15_000;

/** From DOM ready to the code in the field of BLI023, against one message to a background and its answer. */
export const fill: Group = {
  name: 'fill',
  run: async (bench) => {
    const { output, port } = await bench.build();
    await serveLoginOtp(port + 1, bench);
    const figures: Figure[] = [];
    for (const kind of KINDS) {
      const browser = await launchBrowser(kind, output, bench);
      await prepareVault(browser, 1);
      // A tab for each, as a customer comes to BLI023 from another page of the bank: in a process that is there already.
      const bankTab = await browser.newPage();
      await bankTab.evaluateOnNewDocument(noteFilling);
      const bareTab = await browser.newPage();
      for (const state of STATES[kind]) {
        bench.progress(`filling, ${kind}, background ${state}`);
        figures.push(await fillWith(browser, { bankTab, bareTab }, port + 1, state));
      }
    }
    return figures;
  },
};

type State = 'warm' | 'cold';

/** Firefox cannot be told to end a background. */
const STATES: Readonly<Record<BrowserKind, readonly State[]>> = {
  chromium: ['warm', 'cold'],
  firefox: ['warm'],
};

async function fillWith(
  { kind, product, bare }: BenchBrowser,
  { bankTab, bareTab }: { bankTab: Page; bareTab: Page },
  port: number,
  state: State,
): Promise<Figure> {
  const visit = async (extension: LoadedExtension, page: Page, host: string) => {
    await page.bringToFront();
    await forgetFilled(extension);
    if (state === 'cold') await extension.killWorker();
    return msNotedAt(page, host, port);
  };
  const visits = {
    filled: () => visit(product, bankTab, BANK_HOST),
    bare: () => visit(bare, bareTab, BARE_HOST),
  };
  await interleave(WARM_UPS, visits);
  const taken = await interleave(RUNS, visits);
  return {
    name: `${kind}: DOM ready → field filled, background ${state}`,
    value: median(taken.filled),
    unit: 'ms',
    against: { name: 'bare message', value: median(taken.bare) },
    target: { atMost: 3 },
  };
}

/** A step is filled once: lets the next visit have the same one again. Wakes the background; does no harm to the peer. */
const forgetFilled = ({ run }: LoadedExtension): Promise<void> => run(forget, DATABASE_NAME);

/** Runs in the extension. */
async function forget(name: string): Promise<void> {
  const known = await indexedDB.databases();
  if (!known.some((database) => database.name === name)) return;
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      const tx = db.transaction('filled', 'readwrite');
      tx.objectStore('filled').clear();
      tx.oncomplete = () => {
        db.close();
        resolve();
      };
    };
  });
}

/** Has one code filled. */
export async function fillOnce(page: Page, port: number): Promise<void> {
  await page.evaluateOnNewDocument(noteFilling);
  await msNotedAt(page, BANK_HOST, port);
}

async function msNotedAt(page: Page, host: string, port: number): Promise<number> {
  await page.goto(`http://${host}:${port}/login/otp`);
  const noted = await page.waitForFunction(
    () => document.documentElement.dataset.filledMs ?? document.documentElement.dataset.roundTripMs,
    { polling: 20, timeout: PATIENCE_MS },
  );
  return Number(await noted.jsonValue());
}

/** Runs in the page before its own scripts: notes when typing is first noticed there, counted from DOM ready. */
function noteFilling(): void {
  let ready = 0;
  document.addEventListener('DOMContentLoaded', () => {
    ready = performance.now();
  });
  document.addEventListener(
    'input',
    () => {
      document.documentElement.dataset.filledMs = String(performance.now() - ready);
    },
    { capture: true, once: true },
  );
}
