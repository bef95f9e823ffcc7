import { type BenchBrowser, KINDS, launchBrowser } from './extension.ts';
import { type Figure, type Group, interleave, median } from './measure.ts';
import { prepareVault } from './seed-vault.ts';

const RUNS = 15;
const WARM_UPS = 2;

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
    const figures: Figure[] = [];
    for (const kind of KINDS) {
      const browser = await launchBrowser(kind, output, bench);
      for (const { tokens, target } of CASES) {
        bench.progress(`popup, ${kind}, tokens: ${tokens}`);
        // Firefox opens its popup for nobody but its user: the same page in a tab there, without a target.
        figures.push(await opened(browser, 'popup.html', tokens, kind === 'chromium' ? target : undefined));
      }
      figures.push(await opened(browser, 'token.html', 1, undefined));
    }
    return figures;
  },
};

async function opened(
  browser: BenchBrowser,
  file: 'popup.html' | 'token.html',
  tokens: number,
  target: Figure['target'],
): Promise<Figure> {
  await prepareVault(browser, tokens);
  const openings = {
    page: () => timeToContent(browser, file),
    empty: () => timeToContent(browser, 'empty.html'),
  };
  await interleave(WARM_UPS, openings);
  const taken = await interleave(RUNS, openings);
  return {
    name: `${browser.kind}: ${file} open → code, ${tokens} ${tokens === 1 ? 'token' : 'tokens'}`,
    value: median(taken.page),
    unit: 'ms',
    against: { name: 'empty page', value: median(taken.empty) },
    ...(target && { target }),
  };
}

/** Milliseconds from the start of the navigation to the end of the frame in which the page's content is painted. */
async function timeToContent({ product, newPage, visit }: BenchBrowser, file: string): Promise<number> {
  const page = await newPage();
  try {
    const shown = () => document.documentElement.dataset.shownMs;
    return Number(await visit(page, `${product.base}/${file}`, shown));
  } finally {
    await page.close();
  }
}
