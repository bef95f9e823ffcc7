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
  open: async (name: string) => {
    const cache = caches.get(name) ?? new Map<string, Response>();
    caches.set(name, cache);
    return {
      match: async (key: string) => cache.get(key)?.clone(),
      put: async (key: string, response: Response) => void cache.set(key, response),
    };
  },
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

async function activate(): Promise<void> {
  let done: Promise<unknown> = Promise.resolve();
  listeners.get('activate')?.({
    waitUntil: (work: Promise<unknown>) => {
      done = work;
    },
  });
  await done;
}

/** A build's cache, which came into use as the `turn`th; 0 if it never did. */
const build = (name: string, turn: number) =>
  [`companion-${name}`, new Map(turn > 0 ? [['/turn', new Response(String(turn))]] : [])] as const;

test('in use, it leaves its own build and the one before', async () => {
  await activate();
  expect([...caches.keys()]).toEqual(['another', 'companion-before', 'companion-now']);
});

test.each([
  ['comes after one that waited and was never used', [build('used', 1), build('waited', 0), build('now', 0)]],
  ['comes after one that had come back', [build('used', 3), build('waited', 2), build('now', 0)]],
])('a build that %s leaves the one that was in use', async (_what, builds) => {
  caches = new Map(builds);
  await activate();
  expect([...caches.keys()].toSorted()).toEqual(['companion-now', 'companion-used']);
});

test('a build that comes back, and is the oldest, leaves itself and the one that was in use', async () => {
  caches = new Map([build('now', 1), build('between', 2), build('used', 3)]);
  await activate();
  expect([...caches.keys()]).toEqual(expect.arrayContaining(['companion-now', 'companion-used']));
});

test('a build that is on its way in is left alone', async () => {
  caches = new Map([build('older', 1), build('used', 2), build('now', 0), build('next', 0)]);
  await activate();
  expect([...caches.keys()]).toEqual(['companion-used', 'companion-now', 'companion-next']);
});

test('each build that comes into use is the next one, also where it comes back', async () => {
  caches = new Map([build('now', 1), build('used', 4)]);
  await activate();
  expect(await caches.get('companion-now')?.get('/turn')?.text()).toBe('5');
});
