import { type BenchBrowser, launchBrowser } from './extension.ts';
import { type Figure, type Group, interleave, median } from './measure.ts';
import { prepareVault } from './seed-vault.ts';

const RUNS = 15;
const WARM_UPS = 2;
const PATIENCE_MS = 15_000;

/** How many tokens, and how much longer than an empty page it may take. */
const CASES: readonly { tokens: number; target?: { atMost: number } }[] = [
  { tokens: 1, target: { atMost: 1.4 } },
  { tokens: 50 },
  { tokens: 500, target: { atMost: 1.8 } },
];

/** From opening the popup's page to the frame that shows the code, against an empty page of the same extension. */
export const popup: Group = {
  name: 'popup',
  run: async (bench) => {
    const { output } = await bench.build();
    const browser = await launchBrowser(output, bench);
    const figures: Figure[] = [];
    for (const { tokens, target } of CASES) {
      bench.progress(`popup, tokens: ${tokens}`);
      figures.push(await popupWith(browser, tokens, target));
    }
    return figures;
  },
};

async function popupWith(browser: BenchBrowser, tokens: number, target: Figure['target']): Promise<Figure> {
  await prepareVault(browser, tokens);
  const openings = {
    popup: () => timeToContent(browser, 'popup.html'),
    empty: () => timeToContent(browser, 'empty.html'),
  };
  await interleave(WARM_UPS, openings);
  const taken = await interleave(RUNS, openings);
  return {
    name: `popup open → code, ${tokens} ${tokens === 1 ? 'token' : 'tokens'}`,
    value: median(taken.popup),
    unit: 'ms',
    against: { name: 'empty page', value: median(taken.empty) },
    ...(target && { target }),
  };
}

/** Milliseconds from the start of the navigation to the end of the frame in which the page's content is painted. */
async function timeToContent({ product, newPage }: BenchBrowser, file: string): Promise<number> {
  const page = await newPage();
  try {
    await page.evaluateOnNewDocument(noteFirstContent);
    await page.goto(`${product.base}/${file}`);
    const shown = await page.waitForFunction(() => document.documentElement.dataset.shownMs, {
      polling: 20,
      timeout: PATIENCE_MS,
    });
    return Number(await shown.jsonValue());
  } finally {
    await page.close();
  }
}

/** Runs in the page before its own scripts. What comes by a message channel after a frame's callback is after its paint. */
function noteFirstContent(): void {
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
