import { SUBSCRIPTION_CHANGED, UNKNOWN_INSTITUTION } from '../../../core/messages/worker.ts';
import { noticeOf } from './notice.ts';
import { isPagePath } from './page-path.ts';

/** Web Push: what arrives is shown, whatever it is, and leads to what waits. Nothing is fetched. */

declare const self: ServiceWorkerGlobalScope;

export function listenForNotices(): void {
  self.addEventListener('push', (event) => {
    const { title, options } = noticeOf(event.data?.text(), self.navigator.language);
    event.waitUntil(self.registration.showNotification(title, options));
  });

  self.addEventListener('notificationclick', (event) => {
    event.notification.close();
    const { data } = event.notification;
    event.waitUntil(openConfirmations(typeof data === 'string' ? data : UNKNOWN_INSTITUTION));
  });

  // The page signs for its tokens; where none is open, the next one renews it at its start.
  self.addEventListener('pushsubscriptionchange', (event) => {
    event.waitUntil(tellPages(SUBSCRIPTION_CHANGED));
  });
}

/** The companion's open pages; the service has others, which cannot be told anything. */
async function pages(): Promise<readonly WindowClient[]> {
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return open.filter(({ url }) => isPagePath(new URL(url).pathname));
}

async function openConfirmations(institution: string): Promise<void> {
  const [page] = await pages();
  if (page === undefined) {
    await self.clients.openWindow(`/#confirm=${institution}`);
    return;
  }
  // Before it comes into view, so that it can hide what is to be unlocked first.
  page.postMessage({ type: 'notice-pressed', institution });
  await page.focus();
}

async function tellPages(message: string): Promise<void> {
  for (const page of await pages()) page.postMessage(message);
}
