import { Token } from './token.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1';

/** The companion web token, as an app that its browser keeps. */
export class Companion extends Token {
  /** Waits until the browser keeps all that it needs to open it again. */
  async kept(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
  }

  /** Which build this page is of: the names of its files hold their hash. */
  build(): Promise<string> {
    return this.page.$eval('head script, body script', (script) => script.getAttribute('src') ?? '');
  }

  /** Waits until the page is of another build than this. */
  async isNotOf(build: string): Promise<void> {
    await this.wait((old) => {
      const script = document.querySelector('head script, body script');
      return (
        script !== null && script.getAttribute('src') !== old && document.querySelector('main h1') !== null
      );
    }, build);
  }

  /** トークン選択, from the code. */
  async openList(): Promise<void> {
    await this.pressWord('chooseTitle');
    await this.see(await this.word('chooseTitle'));
  }

  /** The シリアル番号 of the tokens in the list, from above. */
  listed(): Promise<string[]> {
    return this.page.$$eval('.list .row-meta :first-child', (named) =>
      named.map(({ textContent }) => textContent?.split(': ')[1] ?? ''),
    );
  }

  /** Chooses the order of the list, and waits until it is in it. */
  async order(order: 'orderAdded' | 'orderName' | 'orderUsed', serials: readonly string[]): Promise<void> {
    await this.choose(await this.word('orderLabel'), await this.word(order));
    await this.wait(
      (wanted) =>
        [...document.querySelectorAll('.list .row')].every((row, place) =>
          row.textContent?.includes(wanted[place] ?? ''),
        ),
      [...serials],
    );
  }

  /** What the browser keeps of the site, beside the vault. */
  keptFiles(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return requests.flat().map(({ url }) => new URL(url).pathname);
    });
  }

  /** How a file of the site is answered to this page. */
  async answered(path: string): Promise<{ status: number; bytes: number }> {
    return this.page.evaluate(async (asked) => {
      const response = await fetch(asked);
      return { status: response.status, bytes: (await response.arrayBuffer()).byteLength };
    }, path);
  }

  /** From now on it is opened on an iPhone, as far as it can tell. */
  async beOnPhone(): Promise<void> {
    await this.page.setUserAgent({ userAgent: IPHONE });
    await this.page.setViewport({ width: 390, height: 844, deviceScaleFactor: 2, hasTouch: true });
  }

  /** Why Chromium would not install it. */
  async installabilityErrors(): Promise<string[]> {
    const session = await this.page.createCDPSession();
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    await session.detach();
    return installabilityErrors.map(({ errorId }) => errorId);
  }

  /** The size of the device's screen, in its own pixels. */
  screenPixels(): Promise<string> {
    return this.page.evaluate(
      () => `${screen.width * devicePixelRatio} × ${screen.height * devicePixelRatio}`,
    );
  }

  /** The size of each picture that iOS shows while the app starts. */
  async splashes(): Promise<string[]> {
    const links = await this.page.$$eval('link[rel="apple-touch-startup-image"]', (found) =>
      found.map((link) => link.getAttribute('href') ?? ''),
    );
    return links.map((link) => {
      const png = Buffer.from(link.replace('data:image/png;base64,', ''), 'base64');
      return `${png.readUInt32BE(16)} × ${png.readUInt32BE(20)}`;
    });
  }

  /** From now on its device's clock is on by so much. */
  async setClockOn(ms: number): Promise<void> {
    await this.page.evaluateOnNewDocument((by) => {
      const now = Date.now;
      Date.now = () => now() + by;
    }, ms);
  }
}
