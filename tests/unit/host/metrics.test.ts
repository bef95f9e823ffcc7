import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type MetricsServer, requestsRefused, serveMetrics, timeRequests } from '../../../host/metrics.ts';
import { partOf, places } from '../../../host/places.ts';
import { freePort } from '../../service/free-port.ts';

let read: () => Promise<unknown>;
let metrics: MetricsServer;
let origin: string;

beforeAll(async () => {
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  metrics = await serveMetrics({ host: '127.0.0.1', port }, [{ labels: {}, read: () => read() }]);
});
afterEach(() => vi.useRealTimers());
afterAll(() => metrics.close());

async function scraped(): Promise<string> {
  const response = await fetch(`${origin}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toContain('text/plain');
  return response.text();
}

test('says that the database answered', async () => {
  read = async () => undefined;
  expect(await scraped()).toContain('\nwarifu_database_up 1\n');
});

test.each([
  ['fails', () => Promise.reject(new Error('gone'))],
  ['does not answer', () => new Promise(() => {})],
])('is there in time where the database %s, and says so', async (_case, answer) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  read = () => {
    // The time for a reading is over while it is under way.
    queueMicrotask(() => vi.advanceTimersByTime(2_000));
    return answer();
  };
  const said = await scraped();
  expect(said).toContain('\nwarifu_database_up 0\n');
  expect(said).toContain('process_resident_memory_bytes');
});

test('serves nothing else', async () => {
  read = async () => undefined;
  for (const [path, method] of [
    ['/', 'GET'],
    ['/metrics', 'POST'],
    ['/metrics/..', 'POST'],
    ['/healthz', 'GET'],
  ] as const) {
    expect((await fetch(`${origin}${path}`, { method })).status).toBe(404);
  }
});

test('serves nothing without a port', async () => {
  const none = await serveMetrics({ host: '127.0.0.1', port: undefined }, []);
  await none.close();
});

test('places tell how many of them are taken, and count one given back twice once', () => {
  const told: number[] = [];
  const two = places(2, { set: (taken) => told.push(taken) });
  const first = two.take();
  two.take();
  expect(two.take()).toBeUndefined();
  first?.();
  first?.();
  expect(told).toEqual([1, 2, 1]);
});

test('a request that finds no place counts as refused, once, also where a part of the places is full', async () => {
  const refused = async () => (await requestsRefused.get()).values[0]?.value ?? 0;
  const before = await refused();
  const two = places(2);
  const one = partOf(two, 1);
  one.take();
  expect(one.take()).toBeUndefined();
  expect(await refused()).toBe(before + 1);
  two.take();
  expect(two.take()).toBeUndefined();
  expect(partOf(two, 2).take()).toBeUndefined();
  expect(await refused()).toBe(before + 3);
});

test('a request that is answered 500 counts as failed, and no other does', async () => {
  const app = new Hono();
  app.use(timeRequests());
  app.get('/broken', () => {
    throw new Error('broken');
  });
  app.onError((_error, c) => c.text('', 500));
  expect((await app.request('/nothing')).status).toBe(404);
  expect(await scraped()).toContain('\nwarifu_requests_failed_total 0\n');
  expect((await app.request('/broken')).status).toBe(500);
  expect(await scraped()).toContain('\nwarifu_requests_failed_total 1\n');
});
