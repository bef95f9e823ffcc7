import type { Browser, Page } from 'puppeteer';
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

/** Has Chromium hand a message to the site's worker, as its push service would. */
export async function deliverPush(page: Page, data: string): Promise<void> {
  const session = await page.createCDPSession();
  const found = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [one] = registrations;
      if (one) resolve(one.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const { origin } = new URL(page.url());
  await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await found, data });
  await session.detach();
}

/** Presses the notice of the site that is shown. */
export async function pressNotice(browser: Browser): Promise<void> {
  const target = await browser.waitForTarget((one) => one.url().endsWith('/worker.js'));
  const worker = await target.worker();
  await worker?.evaluate(async () => {
    const scope = globalThis as unknown as {
      readonly registration: ServiceWorkerRegistration;
      readonly NotificationEvent: new (type: string, init: object) => Event;
    };
    const [notification] = await scope.registration.getNotifications();
    dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
  });
}
