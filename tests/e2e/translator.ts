import type { Page } from 'puppeteer';

/** What translators do to the pages they change, with no regard for `translate="no"`. */

/** Puts every text, and each that comes later, into two elements of its own, in place of what was there. */
export async function wrapTexts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const ours = new WeakSet<Node>();
    const wrap = (text: Text) => {
      if (ours.has(text) || text.parentNode === null || text.data.trim() === '') return;
      const outer = document.createElement('font');
      const inner = outer.appendChild(document.createElement('font'));
      const copy = inner.appendChild(document.createTextNode(text.data));
      ours.add(copy);
      text.replaceWith(outer);
    };
    const wrapIn = (root: Node) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      texts.forEach(wrap);
    };
    wrapIn(document.body);
    new MutationObserver((records) => {
      for (const { target } of records) if (target.isConnected) wrapIn(target);
    }).observe(document.body, { subtree: true, childList: true });
  });
}

/** Puts other words in place of every text, once. */
export async function replaceTexts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts) if (text.data.trim() !== '') text.replaceWith('12345678 traduit');
  });
}

/** Sets the device's clock on, as the page sees it. */
export async function setClockOn(page: Page, ms: number): Promise<void> {
  await page.evaluate((by) => {
    const before = Date.now.bind(Date);
    Date.now = () => before() + by;
  }, ms);
}

/** Stops all timeouts of the page, as on a page that the browser throttles. */
export async function stopTimeouts(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (let timer = Number(setTimeout(() => {})); timer > 0; timer -= 1) clearTimeout(timer);
    Object.assign(window, { setTimeout: () => 0 });
  });
}
