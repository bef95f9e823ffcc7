import fc from 'fast-check';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../../host/compare.ts';
import { rateLimit } from '../../../host/rates.ts';
import { sourceOf, trustedProxies } from '../../../host/source.ts';
import { RATES, type Rates } from '../../../server/limits.ts';
import { seenOnce } from '../../../server/seen.ts';
import { insertApiKey } from '../../../server/store/access.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService, from, ORIGIN, wrongCode } from '../../service/test-service.ts';

describe('a rate limit', () => {
  const rate = { atOnce: 3, everyMs: 1_000 };

  test('takes so many at once, then one each time the time has passed', () => {
    const limit = rateLimit(rate);
    expect([0, 0, 0, 0].map((now) => limit.take('a', now))).toEqual([undefined, undefined, undefined, 1_000]);
    expect(limit.take('a', 400)).toBe(600);
    expect(limit.take('a', 1_000)).toBeUndefined();
    expect(limit.take('a', 1_000)).toBe(1_000);
    expect(limit.take('b', 1_000)).toBeUndefined();
  });

  test('gives back what did not count', () => {
    const limit = rateLimit({ atOnce: 1, everyMs: 1_000 });
    limit.take('a', 0);
    expect(limit.isUntouched('a', 0)).toBe(false);
    limit.giveBack('a');
    expect(limit.isUntouched('a', 0)).toBe(true);
    expect(limit.take('a', 0)).toBeUndefined();
  });

  test('stops nobody when the clock is set back', () => {
    const limit = rateLimit(rate);
    for (let count = 0; count < 5; count += 1) limit.take('a', 10_000_000);
    expect([0, 0, 0, 0].map((now) => limit.take('a', now))).toEqual([undefined, undefined, undefined, 1_000]);
  });

  test('over any time takes no more than the rate, and whoever waits as told is taken', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(900), { minLength: 1, maxLength: 200 }), (pauses) => {
        const limit = rateLimit(rate);
        let now = 0;
        let taken = 0;
        for (const pause of pauses) {
          now += pause;
          const waitMs = limit.take('a', now);
          if (waitMs === undefined) taken += 1;
          else expect(limit.wait('a', now + waitMs)).toBeUndefined();
        }
        expect(taken).toBeLessThanOrEqual(rate.atOnce + Math.floor(now / rate.everyMs));
      }),
    );
  });

  test('remembers so many keys and no more', () => {
    const limit = rateLimit(rate, 2);
    for (const key of ['a', 'a', 'a', 'b', 'b', 'a', 'c']) limit.take(key, 0);
    expect(limit.isUntouched('a', 0)).toBe(false);
    expect(limit.isUntouched('b', 0)).toBe(true);
  });
});

test('an id is the first once, as long as it is remembered', () => {
  const seen = seenOnce(1_000, 3);
  expect([0, 500, 1_001].map((now) => seen.isFirst('a', now))).toEqual([true, false, true]);
  for (const id of ['b', 'c', 'd']) seen.isFirst(id, 1_001);
  expect(seen.isFirst('d', 1_001)).toBe(false);
  expect(seen.isFirst('a', 1_001)).toBe(true);
});

describe('the source of a request', () => {
  const source = async (peer: string | undefined, forwarded?: string, trusted = '') => {
    const app = new Hono();
    app.get('/', (c) => c.text(sourceOf(c, trustedProxies(trusted)) ?? 'none'));
    const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };
    return (await app.request('/', { headers }, from(peer))).text();
  };

  test.each([
    ['the socket', '192.0.2.1', undefined, '', '192.0.2.1'],
    ['no socket', undefined, undefined, '', 'none'],
    ['what anybody claims is not believed', '192.0.2.1', '198.51.100.1', '', '192.0.2.1'],
    ['what a trusted proxy says is', '192.0.2.1', '198.51.100.1', '192.0.2.1', '198.51.100.1'],
    [
      'the last that is no proxy',
      '10.0.0.1',
      '203.0.113.9, 198.51.100.1, 10.9.9.9',
      '10.0.0.0/8',
      '198.51.100.1',
    ],
    ['a proxy alone', '10.0.0.1', undefined, '10.0.0.0/8', '10.0.0.1'],
    ['nonsense told to a proxy', '10.0.0.1', 'unknown', '10.0.0.0/8', '10.0.0.1'],
    ['a port', '10.0.0.1', '198.51.100.1:4711', '10.0.0.0/8', '198.51.100.1'],
    ['IPv4 in IPv6', '::ffff:192.0.2.1', undefined, '', '192.0.2.1'],
    ['IPv6: the household', '2001:db8:1:ff42::1', undefined, '', '2001:db8:1:ff00'],
    ['IPv6 behind a proxy', '::1', '[2001:db8::5]:443', '::1', '2001:db8:0:0'],
  ])('%s', async (_what, peer, forwarded, trusted, expected) => {
    expect(await source(peer, forwarded, trusted)).toBe(expected);
  });

  test.each([
    'x',
    '1.2.3',
    '10.0.0.0/',
    '10.0.0.0/x',
    '10.0.0.0/-8',
    '10.0.0.0/0x8',
    '10.0.0.0/33',
    '10.0.0.0/8/9',
    'fd00::/129',
  ])('%s is no proxy to trust, and the operator is told by which variable', (list) => {
    const told = `WARIFU_TRUSTED_PROXIES: ${list} is not an address or network`;
    expect(() => trustedProxies(`127.0.0.1, ${list}`)).toThrow(told);
  });
});

describe('the service', () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openServiceMemory();
  });
  afterAll(() => database.close());

  const withRates = (rates: Partial<Rates>) => createTestService(database, { rates: { ...RATES, ...rates } });

  test('L1: a token’s flood is told to wait, and no other token’s', async () => {
    const service = await withRates({ token: { atOnce: 3, everyMs: 60_000 } });
    const [one, other] = [await service.active(), await service.active()];
    const verify = async ({ userId }: { userId: string }, code: string) =>
      service.bank('POST', `/v1/tokens/${userId}/verify`, { code });
    const wrong = await wrongCode(one);
    for (let count = 0; count < 3; count += 1) expect((await verify(one, wrong)).status).toBe(200);
    const fourth = await verify(one, wrong);
    expect(fourth.status).toBe(429);
    const seconds = Number(fourth.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await verify(other, await other.code())).status).toBe(200);
    expect((await service.bank('GET', `/v1/tokens/${one.userId}`)).status).toBe(200);
  });

  test('L1: an institution’s flood is told to wait, and no other’s', async () => {
    const service = await withRates({ institution: { atOnce: 5, everyMs: 60_000 } });
    const other = 'o'.repeat(43);
    await insertApiKey(service.db, sha256(other), { institution: 'elsewhere', kind: 'bank' }, new Date());
    const ask = async (headers?: Record<string, string>) =>
      (await service.bank('GET', '/v1/tokens/123456789012', undefined, headers)).status;
    const statuses = [];
    for (let count = 0; count < 7; count += 1) statuses.push(await ask());
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429]);
    // Not in the directory, and so refused; but not for the flood.
    expect(await ask({ Authorization: `Bearer ${other}` })).toBe(401);
  });

  test('L1: guessed at all over, only tokens that were guessed at wait', async () => {
    const service = await withRates({ wrongCodes: { atOnce: 4, everyMs: 600_000 } });
    const customers = [];
    for (let count = 0; count < 6; count += 1) customers.push(await service.active());
    const verify = async ({ userId }: { userId: string }, code: string) =>
      service.bank('POST', `/v1/tokens/${userId}/verify`, { code });
    for (const customer of customers.slice(0, 4)) await verify(customer, await wrongCode(customer));
    const [guessedAt, , , , clean, innocent] = customers;
    if (guessedAt === undefined || clean === undefined || innocent === undefined) throw new Error('too few');
    expect((await verify(guessedAt, await guessedAt.code())).status).toBe(429);
    expect(await (await verify(innocent, await innocent.code())).json()).toMatchObject({ accepted: true });
    expect(await (await verify(clean, await wrongCode(clean))).json()).toMatchObject({ accepted: false });
    expect((await verify(clean, await clean.code())).status).toBe(429);
    service.nextStep(11);
    expect(await (await verify(guessedAt, await guessedAt.code())).json()).toMatchObject({ accepted: true });
  });

  test('requests signed by one key, and requests for the time from one source, are limited', async () => {
    const service = await withRates({
      key: { atOnce: 2, everyMs: 60_000 },
      time: { atOnce: 2, everyMs: 60_000 },
    });
    const { token } = await service.enrol();
    const url = `${ORIGIN}/v1/token`;
    const ask = async () => {
      const proof = await token.proof({ method: 'GET', url, timeMs: service.clock.now() });
      return (await service.app.request(url, { headers: { DPoP: proof } })).status;
    };
    expect([await ask(), await ask()]).toEqual([200, 429]);
    const time = async (address: string) => {
      const headers = { 'Content-Type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify({ nonce: 'A'.repeat(22) }) };
      return (await service.app.request(`${ORIGIN}/v1/time`, init, from(address))).status;
    };
    const here = [await time('192.0.2.1'), await time('192.0.2.1'), await time('192.0.2.1')];
    expect([...here, await time('192.0.2.2')]).toEqual([200, 200, 429, 200]);
  });
});
