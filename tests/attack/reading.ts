import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll } from 'vitest';
import { ownBuild } from '../e2e/own-build.ts';
import { type BrowserKind, launch, type TestBrowser } from '../e2e/test-browser.ts';
import { bundled } from './bundled.ts';

/** Shows a page without scripts. @returns the screen that the content script would recognise, or why it would recognise none */
type Read = (html: string) => Promise<string>;

/** What a document keeps of a page that another is written over. */
const LASTING = /<meta name=/;

/**
 * Reads pages by the reader alone, in a tab without token and bank: a sixth of what a page costs in the arena.
 * @param before what is done in the tab first
 * @returns to be called inside the tests
 */
export function useReading(kind: BrowserKind, before?: (page: Page) => Promise<unknown>): Read {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!DOCTYPE html>');
  });
  let browser: TestBrowser | undefined;
  let read: Read | undefined;

  beforeAll(async () => {
    browser = await launch(kind, ownBuild().output);
    const page = await browser.newPage();
    await before?.(page);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reader = await bundled('./reader.ts');
    let isNew = false;
    read = async (html) => {
      if (html.includes('<script')) throw new Error('the page has scripts, which outlast it here');
      if (!isNew) {
        await page.goto(url);
        await page.evaluate(reader);
      }
      isNew = !LASTING.test(html);
      await page.setContent(html);
      return page.evaluate(() => Reflect.get(globalThis, 'reader').readHere());
    };
  });
  afterAll(async () => {
    await browser?.close();
    server.close();
  });

  return (html) => {
    if (read === undefined) throw new Error('pages are read only inside tests');
    return read(html);
  };
}
