import { sql } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import { registry, requestsRefused } from '../../../host/metrics.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService, ORIGIN } from '../../service/test-service.ts';

let database: OpenDatabase;
afterEach(async () => {
  vi.useRealTimers();
  await database.close();
});

const refused = async () => (await requestsRefused.get()).values[0]?.value ?? 0;

async function untilWaiting(calls: number): Promise<void> {
  const waiting = async () =>
    Number((await registry.getSingleMetric('warifu_calls_waiting')?.get())?.values[0]?.value);
  while ((await waiting()) < calls) await new Promise(setImmediate);
}

/** A service whose database answers nothing until `release` is called. */
async function standing() {
  database = await openServiceMemory();
  const service = await createTestService(database);
  const { userId } = await service.active();
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const holding = database.db.transaction().execute(async (transaction) => {
    await sql`lock table api_keys in access exclusive mode`.execute(transaction);
    held.resolve();
    await released.promise;
  });
  await held.promise;
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
  const headers = { Authorization: `Bearer ${service.apiKey}` };
  const ask = () => service.app.request(`${ORIGIN}/v1/tokens/${userId}`, { headers });
  const release = async () => {
    released.resolve();
    await holding;
  };
  return { service, ask, release };
}

test('L2: while more comes than is answered, requests are refused before anything is done for them; then served again', async () => {
  const { service, ask, release } = await standing();
  const first = ask();
  await new Promise(setImmediate);
  const waiting = Array.from({ length: 64 }, ask);
  await untilWaiting(64);
  vi.advanceTimersByTime(400);
  const inTime = ask();
  await untilWaiting(65);
  vi.advanceTimersByTime(200);
  const before = { refused: await refused(), log: service.log.length };
  const answer = await ask();
  expect(answer.status).toBe(503);
  expect(answer.headers.get('Retry-After')).toBe('5');
  expect(await answer.json()).toMatchObject({ code: 'unavailable' });
  expect(await refused()).toBe(before.refused + 1);
  expect(service.log.length).toBe(before.log);
  await release();
  const ready = await service.app.request(`${ORIGIN}/readyz`);
  expect(ready.status).toBe(200);
  const answers = await Promise.all([first, ...waiting, inTime]);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect((await ask()).status).toBe(200);
});

test('one slow statement on a quiet node has nobody refused', async () => {
  const { ask, release } = await standing();
  const first = ask();
  await new Promise(setImmediate);
  const waiting = Array.from({ length: 40 }, ask);
  await untilWaiting(40);
  vi.advanceTimersByTime(1_000);
  const last = ask();
  await untilWaiting(41);
  await release();
  const answers = await Promise.all([first, ...waiting, last]);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});
