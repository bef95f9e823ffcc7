import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeService, type Forgery, NOW, random } from './fake-service.ts';

const service = await FakeService.start();
const foreign = await FakeService.foreignKeys();
const { createClockKeeper } = await import('../../../../platform/service/clock-keeper.ts');

const HOUR_MS = 3_600_000;
const keeper = createClockKeeper(() => NOW - HOUR_MS, random);

beforeEach(() => {
  service.forgery = {};
  service.statuses.length = 0;
  service.requests.length = 0;
  service.down = false;
});

describe('the clock, measured against the signed time', () => {
  test('is kept as found, with when', async () => {
    const measured = { offsetMs: HOUR_MS, measuredAt: NOW - HOUR_MS };
    expect(await keeper.measure('senpoku')).toMatchObject(measured);
    expect(await keeper.offset('senpoku')).toMatchObject(measured);
  });

  test('is asked for once by all who ask at once, and anew by who asks later', async () => {
    await Promise.all([keeper.measure('senpoku'), keeper.measure('senpoku')]);
    expect(service.requests).toHaveLength(1);
    await keeper.measure('senpoku');
    expect(service.requests).toHaveLength(2);
    const nonces = service.requests.map(({ body }) => JSON.parse(body).nonce);
    expect(new Set(nonces).size).toBe(2);
  });

  test.each<[string, Forgery]>([
    ['an old answer, played again', { claims: { nonce: 'A'.repeat(22) } }],
    ['signed by another key', { keys: foreign }],
    ['another message of the service', { typ: 'warifu-confirmations+jwt' }],
    ['changed on the way', { jws: (jws) => jws.replace(/^(.{60}).(.)/, '$1$2$2') }],
    ['no time at all', { claims: { now: 'noon' } }],
  ])('is not moved by %s', async (_what, forgery) => {
    const before = await keeper.measure('akita');
    service.forgery = forgery;
    expect(await keeper.measure('akita')).toBeUndefined();
    expect(await keeper.offset('akita')).toEqual(before);
  });

  test.each([
    ['set back by ten years', -10 * 365 * 24 * HOUR_MS],
    ['set forward by a minute', 60_000],
  ])('is measured again where it was %s meanwhile, and kept as it is then', async (_what, byMs) => {
    let device = NOW - HOUR_MS;
    const clock = () => {
      const now = device;
      // set once, between the question and its answer
      if (device === NOW - HOUR_MS) device += byMs;
      return now;
    };
    const measured = await createClockKeeper(clock, random).measure('senpoku');
    expect(measured).toEqual({ offsetMs: HOUR_MS - byMs, measuredAt: NOW - HOUR_MS + byMs });
    expect(await keeper.offset('senpoku')).toEqual(measured);
  });

  test('is unknown while it is set again and again', async () => {
    const before = await keeper.measure('senpoku');
    let device = NOW;
    const restless = createClockKeeper(() => (device += HOUR_MS), random);
    expect(await restless.measure('senpoku')).toBeUndefined();
    expect(await keeper.offset('senpoku')).toEqual(before);
  });

  test('is unknown where the service cannot be asked', async () => {
    service.down = true;
    expect(await keeper.measure('senpoku')).toBeUndefined();
    service.down = false;
    service.statuses.push(503);
    expect(await keeper.measure('senpoku')).toBeUndefined();
    expect(await keeper.measure('nowhere')).toBeUndefined();
  });

  test('is known although the device has no room to keep it', async () => {
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('of the test', 'QuotaExceededError');
    });
    expect(await keeper.measure('senpoku')).toMatchObject({ offsetMs: HOUR_MS });
    await vi.waitFor(() => expect(full).toHaveBeenCalled(), 20_000);
    full.mockRestore();
  });

  test('is known although the browser does not answer to its being kept', async () => {
    const silent = vi
      .spyOn(IDBObjectStore.prototype, 'put')
      .mockReturnValue(new Promise(() => undefined) as never);
    expect(await keeper.measure('senpoku')).toMatchObject({ offsetMs: HOUR_MS });
    await vi.waitFor(() => expect(silent).toHaveBeenCalled(), 20_000);
    silent.mockRestore();
  });
});
