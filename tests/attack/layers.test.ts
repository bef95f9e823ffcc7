import fc from 'fast-check';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownBuild } from '../e2e/own-build.ts';
import { launch, type TestBrowser } from '../e2e/test-browser.ts';
import { bundled } from './bundled.ts';
import { generatedLayers, layeredBody } from './generated-layers.ts';

/** Pages made by chance, others in every run. */
const PAGES = Number(process.env.WARIFU_LAYERED_PAGES ?? 200);

/** Where the field is; and all that has to be seen: 画面ID, heading, name and field. */
const FIELD = { x: 100, y: 200, width: 200, height: 40 };
const SCREEN = { x: 0, y: 0, width: 700, height: 250 };

/** What a person sees at the field decides, and nothing else: compared with a picture of the page without the layers. */
describe.each(['chromium', 'firefox'] as const)('layers over a field in %s', (kind) => {
  let browser: TestBrowser;
  let page: Page;
  const bare = new Map<string, Awaited<ReturnType<typeof look>>>();

  beforeAll(async () => {
    browser = await launch(kind, ownBuild().output);
    page = await browser.newPage();
    await page.setViewport({ width: 800, height: 500 });
    await page.evaluate(await bundled('./reader.ts'));
  });
  afterAll(() => browser?.close());

  const look = async () => {
    const picture = (clip: typeof FIELD) => page.screenshot({ clip, encoding: 'base64' });
    return { field: await picture(FIELD), screen: await picture(SCREEN) };
  };

  /** Shows a body, and reads it as the content script does. */
  async function show(body: string): Promise<string> {
    await page.setContent(`<!DOCTYPE html><html lang="ja"><body>${body}</body></html>`);
    return page.evaluate(() => Reflect.get(globalThis, 'reader').readHere());
  }

  async function without(layers: Parameters<typeof layeredBody>[0]) {
    const body = layeredBody(layers, false);
    const known = bare.get(body);
    if (known !== undefined) return known;
    expect(await show(body)).toBe('BLI023');
    const picture = await look();
    bare.set(body, picture);
    return picture;
  }

  test(
    `of ${PAGES} pages those are filled on which the field looks as it does without them`,
    async () => {
      const counts = { covered: 0, free: 0 };
      await fc.assert(
        fc.asyncProperty(generatedLayers, async (layers) => {
          const uncovered = await without(layers);
          const seen = await show(layeredBody(layers));
          const { field, screen } = await look();
          const isCovered = field !== uncovered.field;
          const isFree = screen === uncovered.screen;
          if (isCovered) counts.covered += 1;
          if (isFree) counts.free += 1;
          if (isCovered || isFree) expect(seen === 'BLI023').toBe(isFree);
        }),
        { numRuns: PAGES },
      );
      expect(Math.min(counts.covered, counts.free)).toBeGreaterThan(PAGES / 6);
    },
    PAGES * 2_000,
  );
});
