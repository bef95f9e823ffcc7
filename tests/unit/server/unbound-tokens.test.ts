import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { RATES } from '../../../server/limits.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { SENPOKU, SHINKIN } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { askForSerial, makeSerial } from '../../service/test-serial.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';
import { createTestToken, type TestToken } from '../../service/test-token.ts';

/** What strangers can do with tokens that they make themselves, and that no contract has. */

const MOST = 10;
/** In steps of the test's clock. */
const DAY = 24 * 60;
const SMALL = { ...SHINKIN, policy: { ...DEFAULT_POLICY, unboundTokens: MOST } };

let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database, { institutions: [SENPOKU, SMALL] });
});
afterAll(() => database.close());

const proofFor = (by: TestToken, method: 'GET' | 'POST', url: string) =>
  by.proof({ method, url, timeMs: service.clock.now() });

describe('event streams', () => {
  const url = `${ORIGIN}/v1/events`;
  const open = async (by: TestToken) =>
    service.app.request(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ proofs: [await proofFor(by, 'POST', url)] }),
    });

  test('of such tokens take a share of the node’s, and leave the rest to customers', async () => {
    const share = service.dependencies.capacity.streams / 10;
    const [one, other] = [
      await makeSerial(service, SMALL.serviceId),
      await makeSerial(service, SMALL.serviceId),
    ];
    const streams: Response[] = [];
    while (streams.length < share) streams.push(await open((streams.length % 2 ? one : other).token));
    expect(streams.map(({ status }) => status)).toEqual(Array(share).fill(200));
    const beyond = await open(one.token);
    expect([beyond.status, beyond.headers.has('Retry-After')]).toEqual([503, true]);
    streams.push(await open((await service.active()).token));
    expect(streams.at(-1)?.status).toBe(200);
    await streams.shift()?.body?.cancel();
    streams.push(await open(one.token));
    expect(streams.at(-1)?.status).toBe(200);
    for (const { body } of streams) await body?.cancel();
  });
});

test('where there is no room, a source is held to its rate all the same', async () => {
  const ask = async (source: string) =>
    askForSerial(service, { serviceId: SMALL.serviceId, by: await createTestToken(), source });
  for (let other = 0; (await ask(`198.51.100.${other}`)).status === 201; other += 1);
  const waits = [];
  for (let count = 0; count <= RATES.serials.atOnce; count += 1) {
    const response = await ask('203.0.113.7');
    expect(response.status).toBe(429);
    waits.push(Number(response.headers.get('Retry-After')));
  }
  const rate = RATES.serials.everyMs / 1_000;
  expect(waits.map((wait) => wait > rate)).toEqual([...Array(RATES.serials.atOnce).fill(true), false]);
});

test('after its time such a token is told that it is void, by every answer', async () => {
  service.nextStep(DAY);
  const { token } = await makeSerial(service, SMALL.serviceId);
  const told = async (path: string, member: string) => {
    const url = `${ORIGIN}${path}`;
    const response = await service.app.request(url, { headers: { DPoP: await proofFor(token, 'GET', url) } });
    return decodeJwt(((await response.json()) as Record<string, string>)[member] ?? '').status;
  };
  const both = async () => [
    await told('/v1/token', 'state'),
    await told('/v1/token/confirmations', 'confirmations'),
  ];
  expect(await both()).toEqual(['enrolled', 'enrolled']);
  service.nextStep(DAY);
  expect(await both()).toEqual(['void', 'void']);
});
