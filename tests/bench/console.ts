import puppeteer, { type Page } from 'puppeteer';
import { loadAssets } from '../../bank/web/assets.ts';
import { CHROMIUM_ARGS, findBrowsers } from '../../browsers.ts';
import { loadDirectory } from '../../host/directory.ts';
import { Staff } from '../e2e/pages/staff.ts';
import { startSystem } from '../e2e/system.ts';
import { type Figure, type Group, interleave, median } from './measure.ts';

const RUNS = 15;
const WARM_UPS = 2;
const SCRIPT_BYTES_AT_MOST = 120_000;

/** What a clerk sees after signing in, against the page on which a customer of the bank logs in. */
export const staffConsole: Group = {
  name: 'console',
  run: async (bench) => {
    const build = await bench.build();
    bench.progress('console');
    const system = await startSystem(build);
    bench.defer(system.stop);
    const browser = await puppeteer.launch({
      executablePath: findBrowsers().chromium ?? '',
      args: [...CHROMIUM_ARGS],
      pipe: true,
    });
    bench.defer(() => browser.close());
    const page = await browser.newPage();
    await new Staff(page, system.staffUrl).signIn('仙北信用組合');
    const pages = {
      console: () => timeToContent(page, `${system.staffUrl}/`),
      login: () => timeToContent(page, `${system.bankUrl}/login`),
    };
    await interleave(WARM_UPS, pages);
    const taken = await interleave(RUNS, pages);
    const figures: Figure[] = [
      {
        name: 'console, first page',
        value: median(taken.console),
        unit: 'ms',
        against: { name: 'login page of the bank', value: median(taken.login) },
        target: { atMost: 1.5 },
      },
      {
        name: 'console, all scripts',
        value: scriptBytes(build.port),
        unit: 'bytes',
        against: { name: 'at most', value: SCRIPT_BYTES_AT_MOST },
        target: { atMost: 1 },
      },
    ];
    return figures;
  },
};

/** Milliseconds from the start of the navigation until the page is painted and has loaded. */
async function timeToContent(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'load' });
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const shown = () => {
          const [paint] = performance.getEntriesByName('first-contentful-paint');
          const [loaded] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
          if (paint && loaded?.loadEventEnd) resolve(Math.max(paint.startTime, loaded.loadEventEnd));
          else setTimeout(shown, 5);
        };
        shown();
      }),
  );
}

/** All that pages of the console may load. */
const SCRIPTS = ['print.js', 'chart.js', 'simplewebauthn.js', 'passkey.js'];

function scriptBytes(port: number): number {
  const assets = loadAssets(loadDirectory(undefined, port));
  return SCRIPTS.reduce((sum, name) => sum + (assets.find(name)?.text.length ?? Number.NaN), 0);
}
