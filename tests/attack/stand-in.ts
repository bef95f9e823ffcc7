import { setTimeout } from 'node:timers/promises';
import type { HTTPRequest, Page } from 'puppeteer';

/** A page that stands where none is: its HTML, or the text of another type, the headers it comes with, and after how long. */
export interface StoodIn {
  readonly html: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly afterMs?: number;
}

/** Puts pages of the attacker's making at any address, the bank's own included; all others are what they are. */
export class StandIn {
  readonly page: Page;
  readonly #pages = new Map<string, StoodIn>();

  private constructor(page: Page) {
    this.page = page;
  }

  static async in(page: Page): Promise<StandIn> {
    const standIn = new StandIn(page);
    await page.setRequestInterception(true);
    page.on('request', (request) => void standIn.#answer(request).catch(() => undefined));
    return standIn;
  }

  put(url: string, page: StoodIn): void {
    this.#pages.set(key(url), page);
  }

  clear(): void {
    this.#pages.clear();
  }

  async #answer(request: HTTPRequest): Promise<void> {
    const found = this.#pages.get(key(request.url()));
    if (found === undefined) return request.continue();
    const { type = 'text/html', afterMs = 0 } = found;
    if (afterMs > 0) await setTimeout(afterMs, undefined, { ref: false });
    await request.respond({
      status: 200,
      contentType: `${type}; charset=utf-8`,
      headers: { 'Cache-Control': 'no-store', ...found.headers },
      body: found.html,
    });
  }
}

/** Without name and password, which browsers do not tell of a request. */
function key(url: string): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return bare.href;
}
