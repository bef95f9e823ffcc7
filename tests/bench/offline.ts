import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'puppeteer';
import type { E2eBuild } from '../e2e/setup.ts';
import { launch, type TestBrowser } from '../e2e/test-browser.ts';
import { startPart } from '../service/process.ts';
import { emptyPage, KINDS, noteFirstContent } from './extension.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';
import { fillVault, seedOf } from './seed-vault.ts';
import { STATIC, scriptsOf } from './sizes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const RUNS = 15;
const WARM_UPS = 2;

/** Most bytes of scripts, compressed, that the first code waits for. */
const SCRIPTS_LIMIT = 90_000;

/** The companion as its browser keeps it: how soon it shows a code with and without a network, and what that takes. */
export const offline: Group = {
  name: 'offline',
  run: async (bench) => {
    const build = await bench.build();
    const served = servedCompanion(build, bench);
    const figures = [firstScripts(join(build.output, 'web'))];
    for (const kind of KINDS) {
      bench.progress(`offline, ${kind}`);
      const service = await startService(build, served, bench);
      const browser = await launch(kind, build.output, { whole: true });
      bench.defer(() => browser.close());
      figures.push(...(await openings(browser, `http://token.localhost:${build.port}`, service.stop)));
    }
    return figures;
  },
};

/** The companion with the emptiest page there is beside it. */
function servedCompanion({ output }: E2eBuild, bench: Bench): string {
  const folder = temporaryFolder(bench);
  cpSync(join(output, 'web'), folder, { recursive: true });
  writeFileSync(join(folder, 'empty.html'), emptyPage(''));
  writeFileSync(join(folder, 'empty.js'), "document.getElementById('empty').textContent = '12345678';");
  return folder;
}

async function startService({ port, freshData }: E2eBuild, companion: string, bench: Bench) {
  const data = temporaryFolder(bench);
  cpSync(freshData, data, { recursive: true });
  const part = await startPart('server/main.ts', {
    WARIFU_PORT: String(port),
    WARIFU_DATA: data,
    WARIFU_COMPANION: companion,
  });
  const stop = async () => {
    await part.kill('SIGKILL');
  };
  bench.defer(stop);
  return { stop };
}

/** From opening the companion to its first code, against an empty page of its origin; then the same without a network. */
async function openings(
  browser: TestBrowser,
  origin: string,
  goOffline: () => Promise<void>,
): Promise<Figure[]> {
  const first = await browser.newPage(origin);
  await first.waitForSelector('main h1');
  await first.evaluate(async () => void (await navigator.serviceWorker.ready));
  await first.evaluate(fillVault, seedOf(1));
  await first.close();
  const companion = () => timeToContent(browser, `${origin}/`);
  const online = { page: companion, empty: () => timeToContent(browser, `${origin}/empty.html`) };
  await interleave(WARM_UPS, online);
  const { page, empty } = await interleave(RUNS, online);
  await goOffline();
  await interleave(WARM_UPS, { companion });
  const without = await interleave(RUNS, { companion });
  const name = `${browser.kind}: companion open → code`;
  return [
    {
      name,
      value: median(page),
      unit: 'ms',
      against: { name: 'empty page', value: median(empty) },
      target: { atMost: 1.5 },
    },
    {
      name: `${name}, no network`,
      value: median(without.companion),
      unit: 'ms',
      against: { name: 'with a network', value: median(page) },
      target: { atMost: 1.2 },
    },
  ];
}

const SHOWN_WITHIN_MS = 15_000;

/** Milliseconds from the start of the navigation to the end of the frame in which the page's content is painted. */
async function timeToContent(browser: TestBrowser, url: string): Promise<number> {
  const page: Page = await browser.newPage();
  try {
    await page.evaluateOnNewDocument(noteFirstContent);
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    const shown = await page.waitForFunction(() => document.documentElement.dataset.shownMs, {
      timeout: SHOWN_WITHIN_MS,
    });
    return Number(await shown.jsonValue());
  } finally {
    await page.close();
  }
}

/** Those that the page names, and what they import. */
function firstScripts(folder: string): Figure {
  const compressed = (script: string) => gzipSync(readFileSync(script), { level: 9 }).length;
  const scripts = [...scriptsOf(folder, 'index.html', STATIC)].map(compressed);
  return {
    name: 'companion: scripts for the first code, compressed',
    value: scripts.reduce((sum, bytes) => sum + bytes, 0),
    unit: 'bytes',
    against: { name: 'limit', value: SCRIPTS_LIMIT },
    target: { atMost: 1 },
  };
}
