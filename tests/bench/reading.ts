import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { launchBrowser } from './extension.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';
import { temporaryFolder } from './temporary-folder.ts';

const RUNS = 15;
const WARM_UPS = 2;
const ELEMENTS = 5_000;
const LIMIT_MS = 2;

const PAGES = {
  'no screen of a bank': '<h1>お知らせ</h1>',
  // Where a page asks for something its text is read as well.
  'no screen, with a form': '<h1>お知らせ</h1><form><input type="search"></form>',
  BLI023:
    '<p>画面ID : BLI023</p><h1>ログイン（ワンタイムパスワード認証）</h1><label>ワンタイムパスワード<input maxlength="8"></label>',
} as const;

const UNCHANGED = 'no change of the page was seen';
const LAID_OUT = `${UNCHANGED}; two thirds are the page's own first layout, which is then done`;

/** What the content script costs a page of 5,000 elements, by the browser's own trace, and whether it changes anything. */
export const reading: Group = {
  name: 'reading',
  run: async (bench) => {
    const { output, port } = await bench.build();
    // Not at the bank's own port: the background's answer to a recognised screen is not measured here.
    const origin = `http://senpoku.localhost:${port + 3}`;
    await serve(port + 3, bench);
    const { newPage } = await launchBrowser('chromium', output, bench);
    const page = await newPage();
    await page.evaluateOnNewDocument(countChanges);
    const file = join(temporaryFolder(bench), 'trace.json');
    const visits = {
      'no screen of a bank': () => cost(page, `${origin}/no screen of a bank`, file),
      'no screen, with a form': () => cost(page, `${origin}/no screen, with a form`, file),
      BLI023: () => cost(page, `${origin}/BLI023`, file),
    };
    bench.progress('reading pages');
    await interleave(WARM_UPS, visits);
    const taken = await interleave(RUNS, visits);
    const limit = { against: { name: 'limit', value: LIMIT_MS }, target: { atMost: 1 } };
    return [
      { ...figure('no screen of a bank', taken['no screen of a bank']), ...limit },
      figure('no screen, with a form', taken['no screen, with a form']),
      { ...figure('BLI023', taken.BLI023), note: LAID_OUT },
    ];
  },
};

function figure(name: string, values: readonly number[]): Figure {
  return {
    name: `content script on ${ELEMENTS} elements, ${name}`,
    value: median(values),
    unit: 'ms',
    note: UNCHANGED,
  };
}

async function serve(port: number, bench: Bench): Promise<void> {
  const many = Array.from(
    { length: ELEMENTS / 5 },
    (_, row) => `<tr><td>${row}<td>入金<td>1,000円<td>手数料</tr>`,
  );
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? '').slice(1);
    const content = Object.entries(PAGES).find(([key]) => key === name)?.[1] ?? '';
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><title>${name}</title><main>${content}</main><table>${many.join('')}</table>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  bench.defer(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** Runs in the page before its own scripts: counts what changes once the page itself is parsed. */
function countChanges(): void {
  document.addEventListener(
    'readystatechange',
    () => {
      new MutationObserver((records) => {
        document.title = `changed ${records.length}`;
      }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
    },
    { once: true },
  );
}

/** Loads a page and adds up what the browser spent in the content script, in milliseconds. */
async function cost(page: Page, url: string, file: string): Promise<number> {
  await page.goto('about:blank');
  await page.tracing.start({ path: file, categories: ['devtools.timeline', 'v8'] });
  await page.goto(url, { waitUntil: 'load' });
  // Timers and observers of the script have their turn.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1_000 })));
  await page.tracing.stop();
  const title = await page.title();
  if (title.startsWith('changed')) throw new Error(`the page was changed: ${title}`);
  return spentIn(file);
}

interface TraceEvent {
  readonly name: string;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Microseconds of the thread's own time: what else the machine does is not counted. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly url?: string; readonly type?: string } };
}

/** Starting the scripts, reading the page when it is there (nothing but the script waits for that), and what comes later. */
function spentIn(file: string): number {
  const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as { traceEvents: TraceEvent[] };
  const read = traceEvents.find(
    ({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'DOMContentLoaded',
  );
  const isPartOfRead = ({ ts }: TraceEvent) => read && ts >= read.ts && ts < read.ts + (read.dur ?? 0);
  const others = traceEvents.filter(
    (event) =>
      (event.name === 'EvaluateScript' || event.name === 'FunctionCall') &&
      event.args?.data?.url?.includes('/content-scripts/') &&
      !isPartOfRead(event),
  );
  if (read === undefined || others.length === 0) throw new Error('the content script did not run');
  return [read, ...others].reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000;
}
