import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capacityOf } from '../../../host/capacity.ts';
import { readSettings } from '../../../host/settings.ts';
import { freePort } from '../free-port.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';
import { startPart } from '../process.ts';
import type { TestToken } from '../test-token.ts';
import { type Asked, enrolledTokens, eventStreams, longPolls, unfinishedPosts, wake } from './flood.ts';
import { type Node, startNode } from './node.ts';

/** Nobody's connections: quick versions of what `node tests/service/faults/run.ts` does with more. */

const MEMORY_MB = 160;
const GIGABYTE = 2 ** 30;
const capacity = capacityOf(readSettings({ WARIFU_MEMORY_MB: String(MEMORY_MB) }), 4 * GIGABYTE);

let postgres: TestPostgres;
let node: Node;
let tokens: readonly TestToken[];
let asked: Asked;
beforeAll(async () => {
  postgres = await startPostgres();
  node = await startNode(postgres.url, { WARIFU_MEMORY_MB: String(MEMORY_MB) });
  ({ tokens, asked } = await enrolledTokens(postgres.url, 100));
});
afterAll(async () => {
  await node.part.kill('SIGTERM');
  await postgres.stop();
});

/** As a balancer asks, on a connection of its own. */
async function health(port: number): Promise<number[]> {
  const ask = async (path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Connection: 'close' } })).status;
  return [await ask('/healthz'), await ask('/readyz')];
}

test('L2: connections with half a request: as many are held as fit, the others closed; health checks pass', async () => {
  const nobody = await unfinishedPosts(node, 1_200);
  expect(await health(node.port)).toEqual([200, 200]);
  expect(nobody.tally().open).toBeLessThanOrEqual(capacity.connections);
  nobody.end();
  expect(node.isAlive()).toBe(true);
});

test('L2: long polls beyond the capacity are refused at once; health checks pass', async () => {
  const waiting = await longPolls(node, asked, 500);
  await waiting.received('Retry-After: 5', 500 - capacity.waiters);
  expect(await health(node.port)).toEqual([200, 200]);
  expect(waiting.tally().open).toBeLessThanOrEqual(capacity.waiters);
  waiting.end();
  expect(node.isAlive()).toBe(true);
});

test('L2: event streams beyond the capacity are refused with a time to try again; those there are told', async () => {
  const streams = await eventStreams(node, tokens, capacity.streams, { isSteady: true });
  const beyond = await eventStreams(node, tokens, 100);
  await beyond.received('Retry-After: 5', 100);
  expect(await health(node.port)).toEqual([200, 200]);
  expect(streams.tally()).toEqual({ 200: capacity.streams });
  await wake(postgres.url, asked.tokenId);
  await streams.received('event: confirmations', 1);
  beyond.end();
  streams.end();
  expect(node.isAlive()).toBe(true);
});

test('L2: the bank holds as many connections as fit; health checks pass', async () => {
  const port = await freePort();
  const bank = await startPart('bank/main.ts', {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-faults-')),
    WARIFU_PORT: String(port - 1),
    WARIFU_MEMORY_MB: String(MEMORY_MB),
    BANK_DATABASE_URL: await postgres.createDatabase('bank'),
  });
  const nobody = await unfinishedPosts({ port, apiKey: '' }, 1_200);
  expect(await health(port)).toEqual([200, 200]);
  expect(nobody.tally().open).toBeLessThanOrEqual(capacity.connections);
  nobody.end();
  expect(await bank.kill('SIGTERM')).toBe(0);
});

test.each([
  ['WARIFU_MEMORY_MB', '12'],
  ['WARIFU_MAX_STREAMS', '1000000'],
  ['WARIFU_MAX_CONNECTIONS', 'many'],
])('%s=%s is refused at start, with what may be set', (name, value) => {
  expect(() => capacityOf(readSettings({ [name]: value }), GIGABYTE)).toThrow(
    new RegExp(`^${name} must be a whole number from`),
  );
});

test('a node started with a smaller heap than its memory takes less', () => {
  const mb = 2 ** 20;
  const full = capacityOf(readSettings({}), GIGABYTE);
  const small = capacityOf(readSettings({}), 64 * mb);
  expect(small.requests).toBeLessThan(full.requests / 2);
  expect(small.connections).toBeGreaterThan(small.requests);
});
