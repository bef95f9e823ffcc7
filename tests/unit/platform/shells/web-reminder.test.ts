import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cookieOf } from '../../../../core/institution/reminder.ts';

/** The service's cookie, and whether it can be reached. */
const service = { cookie: '', isReached: true, told: 0 };

/** The page as it is loaded anew. */
async function start() {
  vi.resetModules();
  return (await import('../../../../platform/shells/web-reminder.ts')).webReminder;
}

async function told() {
  await vi.waitFor(() => expect(service.told).toBe(1), 20_000);
  service.told = 0;
}

beforeEach(() => {
  Object.assign(service, { cookie: '', isReached: true, told: 0 });
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
  vi.stubGlobal('document', {
    get cookie() {
      return service.cookie && `other=1; warifu-institutions=${service.cookie}`;
    },
  });
  vi.stubGlobal('fetch', async (_path: string, { body }: { body: string }) => {
    service.told += 1;
    if (!service.isReached) throw new TypeError('Failed to fetch');
    service.cookie = cookieOf(JSON.parse(body).institutions);
    return new Response(null, { status: 204 });
  });
});
afterEach(() => vi.unstubAllGlobals());

test('what a browser has cleared of the scripts’ storage is in the cookie still', async () => {
  (await start()).remember(['senpoku', 'akita', 'senpoku']);
  await told();
  localStorage.removeItem('warifu.institutions');
  expect((await start()).remembered()).toEqual(['senpoku', 'akita']);
});

test('the cookie is set once by each page, which renews it', async () => {
  const page = await start();
  page.remember(['senpoku']);
  await told();
  page.remember(['senpoku']);
  expect(service.told).toBe(0);
  (await start()).remember(['senpoku']);
  await told();
});

test('a last token removed offline is no loss, and the service is told at the next start', async () => {
  const page = await start();
  page.remember(['senpoku']);
  await told();
  service.isReached = false;
  page.remember([]);
  expect(page.remembered()).toEqual([]);
  await told();
  service.isReached = true;
  const next = await start();
  expect(next.remembered()).toEqual([]);
  next.remember([]);
  await told();
  expect(service.cookie).toBe('');
});

test('where there never was a token the service is told nothing', async () => {
  const page = await start();
  expect(page.remembered()).toEqual([]);
  page.remember([]);
  expect(service.told).toBe(0);
});
