import type { Browser } from 'puppeteer';

const isWorker = (url: string) => url.endsWith('/background.js');

/**
 * Ends the extension's service worker in Chromium, as the browser itself does: by its own switch, and with nobody attached.
 * A session that outlived the worker would hold the next one at its start, and with it every message to it.
 */
export async function endWorker(browser: Browser): Promise<void> {
  const target = browser.targets().find((one) => one.type() === 'service_worker' && isWorker(one.url()));
  await (await target?.worker())?.client.detach();
  const [page] = await browser.pages();
  if (page === undefined) throw new Error('a page is needed to end a worker');
  const session = await page.createCDPSession();
  const ended = new Promise<void>((resolve) => {
    session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      const version = versions.find(({ scriptURL }) => isWorker(scriptURL));
      if (version?.runningStatus === 'stopped') resolve();
    });
  });
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await ended;
  await session.detach();
}
