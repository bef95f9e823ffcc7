import { beforeEach, expect, test, vi } from 'vitest';
import { TAKE_OVER } from '../../../../core/messages/worker.ts';

/** A browser's worker, with its caches by name, oldest first. */
const ORIGIN = 'https://token.example';
const listeners = new Map<string, (event: object) => void>();
const skipWaiting = vi.fn(async () => undefined);
let caches: Map<string, Map<string, Response>>;

const location = new URL(`${ORIGIN}/worker.js`);
const cacheStorage = {
  keys: async () => [...caches.keys()],
  delete: async (name: string) => caches.delete(name),
  open: async (name: string) => ({ match: async (key: string) => caches.get(name)?.get(key) }),
  match: async ({ url }: Request) => [...caches.values()].map((cache) => cache.get(url)).find(Boolean),
};
vi.stubGlobal('location', location);
vi.stubGlobal('caches', cacheStorage);
vi.stubGlobal('self', {
  location,
  caches: cacheStorage,
  addEventListener: (kind: string, listener: (event: object) => void) => listeners.set(kind, listener),
  skipWaiting,
});
vi.stubGlobal('fetch', async () => new Response('of the network'));
vi.stubGlobal('__COMPANION_BUILD__', 'now');
vi.stubGlobal('__COMPANION_FILES__', [
  { url: '/index.html', revision: null, integrity: 'sha384-a' },
  { url: '/assets/index-1.js', revision: null, integrity: 'sha384-b' },
]);
await import('../../../../entrypoints/token/worker/main.ts');

beforeEach(() => {
  const cacheOf = (...paths: string[]) =>
    new Map(paths.map((path) => [`${ORIGIN}${path}`, new Response(`kept ${path}`)]));
  caches = new Map([
    ['companion-oldest', cacheOf('/index.html', '/assets/index-0.js')],
    ['another', cacheOf()],
    ['companion-before', cacheOf('/assets/code-9.js')],
    ['companion-now', cacheOf('/index.html', '/assets/index-1.js')],
  ]);
});

/** What the worker answers; undefined where it leaves that to the browser. */
async function answerTo(url: string, init: { method?: string; mode?: string } = {}) {
  const { method = 'GET', mode = 'cors' } = init;
  let answer: Promise<Response> | undefined;
  listeners.get('fetch')?.({
    request: { url, method, mode },
    respondWith: (given: Promise<Response>) => {
      answer = given;
    },
  });
  return (await answer)?.text();
}

test.each([
  ['the page', '/', { mode: 'navigate' }, 'kept /index.html'],
  ['the page with a question', '/?from=mail', { mode: 'navigate' }, 'kept /index.html'],
  ['a file of this build', '/assets/index-1.js', {}, 'kept /assets/index-1.js'],
  ['a file of the build before', '/assets/code-9.js', {}, 'kept /assets/code-9.js'],
  ['a file of no build it has', '/assets/index-7.js', {}, 'of the network'],
  ['the API', '/v1/time', {}, undefined],
  ['the reminder', '/companion/reminder', { method: 'PUT' }, undefined],
  ['another page of the service', '/openapi.json', { mode: 'navigate' }, undefined],
])('%s', async (_what, path, init, answer) => {
  expect(await answerTo(`${ORIGIN}${path}`, init)).toBe(answer);
});

test('another origin is not its business', async () => {
  expect(await answerTo('https://other.example/assets/index-1.js')).toBeUndefined();
});

test('it takes over when it is told to, and by no other word', () => {
  listeners.get('message')?.({ data: 'take' });
  listeners.get('message')?.({ data: { kind: TAKE_OVER } });
  expect(skipWaiting).not.toHaveBeenCalled();
  listeners.get('message')?.({ data: TAKE_OVER });
  expect(skipWaiting).toHaveBeenCalledOnce();
});

test('in use, it leaves its own build and the one before', async () => {
  let done: Promise<unknown> = Promise.resolve();
  listeners.get('activate')?.({
    waitUntil: (work: Promise<unknown>) => {
      done = work;
    },
  });
  await done;
  expect([...caches.keys()]).toEqual(['another', 'companion-before', 'companion-now']);
});
