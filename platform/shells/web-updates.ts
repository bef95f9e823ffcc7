import { TAKE_OVER } from '../../core/messages/worker.ts';
import type { UpdateState, Updates } from '../../core/updates.ts';

/** The service worker that keeps the companion's files. Where a browser has none, the companion is loaded anew each time. */
export function createWebUpdates(): Updates {
  let registration: ServiceWorkerRegistration | undefined;
  return {
    async watch(tell, signal) {
      if (!('serviceWorker' in navigator)) return;
      registration = await navigator.serviceWorker
        .register('/worker.js', { updateViaCache: 'none' })
        .catch(() => undefined);
      if (registration) follow(registration, tell, signal);
    },
    take: () => registration?.waiting?.postMessage(TAKE_OVER),
    restart: () => location.reload(),
  };
}

function follow(
  registration: ServiceWorkerRegistration,
  tell: (state: UpdateState) => void,
  signal: AbortSignal,
): void {
  const followWorker = (worker: ServiceWorker | null) => {
    // the first worker is no update
    if (worker === null || registration.active === null) return;
    const tellState = () => {
      if (worker.state === 'installed') tell('offered');
      if (worker.state === 'activated') tell('taken');
    };
    tellState();
    worker.addEventListener('statechange', tellState, { signal });
  };
  followWorker(registration.waiting);
  followWorker(registration.installing);
  registration.addEventListener('updatefound', () => followWorker(registration.installing), { signal });
  // browsers look for updates when a page is opened, and an installed app is seldom opened anew
  const look = () => {
    if (!document.hidden) registration.update().catch(() => undefined);
  };
  document.addEventListener('visibilitychange', look, { signal });
}
