import { PrecacheController } from 'workbox-precaching';
import { TAKE_OVER } from '../../../core/messages/worker.ts';
import { listenForNotices } from './notices.ts';

/**
 * The companion's service worker: it keeps the files of one build, whole and unchanged, so that the companion opens without a
 * network. It keeps nothing else, and no answer of a service.
 */

declare const self: ServiceWorkerGlobalScope;

/** All files of this build, with their hashes. */
declare const __COMPANION_FILES__: readonly { url: string; revision: string | null; integrity: string }[];
/** Names this build. */
declare const __COMPANION_BUILD__: string;

const PREFIX = 'companion-';

const files = new PrecacheController({ cacheName: `${PREFIX}${__COMPANION_BUILD__}` });
files.addToCacheList([...__COMPANION_FILES__]);

// It waits until every page of an older version is closed, unless the customer asks for it.
self.addEventListener('install', (event) => void files.install(event));

self.addEventListener('message', ({ data }) => {
  if (data === TAKE_OVER) void self.skipWaiting();
});

listenForNotices();

self.addEventListener('activate', (event) => event.waitUntil(forgetOldBuilds()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (pathname === '/' || pathname === '/index.html') event.respondWith(page(request));
  } else if (pathname.startsWith('/assets/')) {
    event.respondWith(asset(request));
  }
});

const page = async (request: Request) => (await files.matchPrecache('/index.html')) ?? fetch(request);

/** Names of assets hold their hash, so a page of an older build gets what it was built with or nothing. */
const asset = async (request: Request) =>
  (await files.matchPrecache(request)) ?? (await caches.match(request)) ?? fetch(request);

/** Leaves this build and the one before it, which a page may still be running. The browser lists caches by age. */
async function forgetOldBuilds(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(builds.slice(0, -2).map((name) => caches.delete(name)));
}
