import { PrecacheController } from 'workbox-precaching';
import { TAKE_OVER } from '../../../core/messages/worker.ts';
import { listenForNotices } from './notices.ts';
import { isPagePath } from './page-path.ts';

/**
 * The companion's service worker: it keeps the files of one build, whole and unchanged, so that the companion opens without a
 * network, and a number that says in which order builds came into use. It keeps no answer of a service.
 */

declare const self: ServiceWorkerGlobalScope;

/** All files of this build, with their hashes. */
declare const __COMPANION_FILES__: readonly { url: string; revision: string | null; integrity: string }[];
/** Names this build. */
declare const __COMPANION_BUILD__: string;

const PREFIX = 'companion-';
const OWN = `${PREFIX}${__COMPANION_BUILD__}`;
/** Where a build's cache has its number in the order in which builds came into use. */
const TURN = '/turn';

const files = new PrecacheController({ cacheName: OWN });
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
    if (isPagePath(pathname)) event.respondWith(page(request));
  } else if (pathname.startsWith('/assets/')) {
    event.respondWith(asset(request));
  }
});

const page = async (request: Request) => (await files.matchPrecache('/index.html')) ?? fetch(request);

/** Names of assets hold their hash, so a page of an older build gets what it was built with or nothing. */
const asset = async (request: Request) =>
  (await files.matchPrecache(request)) ?? (await caches.match(request)) ?? fetch(request);

/**
 * Leaves this build, the one that was in use before it, which a page may still be running, and newer ones, which may be on their way
 * in. The browser lists caches by age, which is not the order of use: a build may come back, or never be used.
 */
async function forgetOldBuilds(): Promise<void> {
  const own = await caches.open(OWN);
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const builds = await Promise.all(names.map(async (name) => ({ name, turn: await turnOf(name) })));
  const others = builds.filter(({ name }) => name !== OWN).toSorted((one, other) => one.turn - other.turn);
  const before = others.at(-1)?.name;
  const old = names.slice(0, names.indexOf(OWN)).filter((name) => name !== before);
  await Promise.all(old.map((name) => caches.delete(name)));
  await own.put(TURN, new Response(String(Math.max(...builds.map(({ turn }) => turn)) + 1)));
}

/** 0 where it was never in use. */
async function turnOf(build: string): Promise<number> {
  const said = await (await caches.open(build)).match(TURN);
  return said ? Number(await said.text()) : 0;
}
