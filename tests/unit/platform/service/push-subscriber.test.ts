import { beforeEach, expect, test, vi } from 'vitest';
import { testSubscription } from '../../../service/push-server.ts';
import { clockKeeperOf, FakeService, NOW, ORIGIN, random, TOKEN } from './fake-service.ts';

const service = await FakeService.start();
// Reads the directory as it is loaded.
const { createPushSubscriber } = await import('../../../../platform/service/push-subscriber.ts');
const { subscription } = testSubscription('https://push.example.jp/1');

const subscriberOf = (serviceOrigin = ORIGIN) =>
  createPushSubscriber({
    clock: () => NOW,
    clockKeeper: clockKeeperOf({ offsetMs: 0, measuredAt: NOW }).keeper,
    randomBytes: random,
    keys: { signing: async () => service.tokenKeys },
    serviceOrigin,
  });

beforeEach(() => {
  service.requests.length = 0;
  service.statuses.length = 0;
  service.down = false;
});

test('a token’s device subscribes and ends it, signed', async () => {
  service.statuses.push(200, 200);
  expect(await subscriberOf().subscribe(TOKEN, subscription)).toBe(true);
  expect(await subscriberOf().unsubscribe(TOKEN)).toBe(true);
  const [put, gone] = service.requests;
  expect(put).toMatchObject({ method: 'PUT', url: `${ORIGIN}/v1/token/push` });
  expect(JSON.parse(put?.body ?? '')).toEqual(subscription);
  expect(gone).toMatchObject({ method: 'DELETE', url: `${ORIGIN}/v1/token/push`, body: '' });
  for (const { headers, method, url, body } of service.requests) {
    expect(await service.checkProof(headers.dpop ?? '', method, url, body)).toBeDefined();
  }
});

test('it is said where the service did not take it', async () => {
  service.statuses.push(400);
  expect(await subscriberOf().subscribe(TOKEN, subscription)).toBe(false);
  service.down = true;
  expect(await subscriberOf().subscribe(TOKEN, subscription)).toBe(false);
});

test('a token that the service has forgotten has nothing to be told, and hinders no other', async () => {
  service.statuses.push(404, 404);
  expect(await subscriberOf().subscribe(TOKEN, subscription)).toBe(true);
  expect(await subscriberOf().unsubscribe(TOKEN)).toBe(true);
});

test('a token of another service is none of this one’s', async () => {
  expect(await subscriberOf('https://elsewhere.example').subscribe(TOKEN, subscription)).toBe(true);
  expect(service.requests).toEqual([]);
});

test('the key is the service’s, or there is none', async () => {
  const key = `B${'A'.repeat(86)}`;
  const answers = [Response.json({ key }), new Response('{}', { status: 404 }), Response.json({ key: 'x' })];
  vi.stubGlobal('fetch', async () => answers.shift() ?? Promise.reject(new TypeError('Failed to fetch')));
  const keys = [];
  for (let asked = 0; asked < 4; asked += 1) keys.push(await subscriberOf().key());
  expect(keys).toEqual([key, undefined, undefined, undefined]);
});
