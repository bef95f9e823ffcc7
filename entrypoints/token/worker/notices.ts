import { NOTICE_PRESSED, SUBSCRIPTION_CHANGED } from '../../../core/messages/worker.ts';
import { noticeOf } from './notice.ts';

/** Web Push: what arrives is shown, whatever it is, and leads to what waits. Nothing is fetched. */

declare const self: ServiceWorkerGlobalScope;

export function listenForNotices(): void {
  self.addEventListener('push', (event) => {
    const { title, options } = noticeOf(event.data?.text(), self.navigator.language);
    event.waitUntil(self.registration.showNotification(title, options));
  });

  self.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(openConfirmations());
  });

  // The page signs for its tokens; where none is open, the next one renews it at its start.
  self.addEventListener('pushsubscriptionchange', (event) => {
    event.waitUntil(tellPages(SUBSCRIPTION_CHANGED));
  });
}

const pages = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

async function openConfirmations(): Promise<void> {
  const [page] = await pages();
  if (page === undefined) {
    await self.clients.openWindow('/#confirm');
    return;
  }
  page.postMessage(NOTICE_PRESSED);
  await page.focus();
}

async function tellPages(message: string): Promise<void> {
  for (const page of await pages()) page.postMessage(message);
}
