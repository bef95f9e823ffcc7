import type { Browser, Page, WebWorker } from 'puppeteer';
import { Companion } from './companion.ts';

export interface SeenNotice {
  readonly title: string;
  readonly body: string;
}

/** The companion, and what its device shows while it is closed. */
export class NoticedCompanion extends Companion {
  /** Accepts the offer to be told. */
  async takeNotices(): Promise<void> {
    await this.readWord('noticesOffer');
    await this.pressWord('noticesTurnOn');
    await this.readWord('noticesOn');
  }

  /** 設定 → 取引の通知. */
  async openNotices(): Promise<void> {
    await this.pressWord('settings');
    await this.pressWord('noticesTitle');
    await this.see(await this.word('noticesTitle'));
  }
}

/** Waits for a notice of the site, seen from a page of it that is not the companion. */
export async function noticeOn(page: Page): Promise<SeenNotice> {
  const look = async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const [notice] = (await registration?.getNotifications()) ?? [];
    return notice && { title: notice.title, body: notice.body };
  };
  // The page may be behind another, where nothing is drawn.
  const shown = await page.waitForFunction(look, { polling: 100 });
  return (await shown.jsonValue()) as SeenNotice;
}

/**
 * Has Chromium hand a message to the site's worker, as its push service would. Resolves when the worker's notice is there:
 * Chromium forgets a notice that is asked for at the moment it is shown.
 */
export async function deliverPush(browser: Browser, page: Page, data: string): Promise<void> {
  const { origin } = new URL(page.url());
  const worker = await awakeWorker(browser, page);
  await worker.evaluate(() => {
    const { registration } = globalThis as unknown as WorkerScope;
    const show = registration.showNotification;
    Object.assign(globalThis, {
      shown: new Promise<void>((resolve) => {
        registration.showNotification = async (...notice) => {
          registration.showNotification = show;
          await show.apply(registration, notice);
          resolve();
        };
      }),
    });
  });
  const session = await page.createCDPSession();
  const found = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      // The extension's is among them.
      const one = registrations.find(({ scopeURL }) => new URL(scopeURL).origin === origin);
      if (one) resolve(one.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await found, data });
  await worker.evaluate(() => (globalThis as unknown as WorkerScope).shown);
  await session.detach();
}

interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly NotificationEvent: new (type: string, init: object) => Event;
  readonly shown: Promise<void>;
}

/** The site's worker, which sleeps while nothing is asked of it. */
async function awakeWorker(browser: Browser, page: Page): Promise<WebWorker> {
  await page.evaluate(async () => {
    await fetch('/');
  });
  const target = await browser.waitForTarget((one) => one.url().endsWith('/worker.js'));
  const worker = await target.worker();
  if (worker === null) throw new Error('the site has no worker');
  return worker;
}

/** Presses the notice of the site that is shown. */
export async function pressNotice(browser: Browser, page: Page): Promise<void> {
  const worker = await awakeWorker(browser, page);
  await worker.evaluate(async () => {
    const scope = globalThis as unknown as WorkerScope;
    const [notification] = await scope.registration.getNotifications();
    dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
  });
}
