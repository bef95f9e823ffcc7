import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';

/** A node that hears of no changes, as behind a pooler without a connection of its own: its event streams go on by looking. */

const HEARTBEAT_MS = 15_000;

let database: OpenDatabase;
let service: TestService;
const hearing = { is: false };

beforeAll(async () => {
  database = await openServiceMemory();
  const { wakes } = database;
  const deaf = { ...wakes, hears: () => hearing.is, on: () => () => {} };
  service = await createTestService({ ...database, wakes: deaf });
});
afterAll(() => database.close());
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  { is: false, said: 'event: confirmations' },
  { is: true, said: ':\n\n' },
])('where it hears is $is, a heartbeat tells the token to look or not', async ({ is, said }) => {
  hearing.is = is;
  const customer = await service.active();
  const url = `${ORIGIN}/v1/events`;
  const proof = await customer.token.proof({ method: 'POST', url, timeMs: service.clock.now() });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const response = await service.app.request(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ proofs: [proof] }),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => (await reader?.read())?.value;
  expect(await next(), 'it is open').toBe(':\n\n');
  await confirmations(service).ask(customer);
  vi.advanceTimersByTime(HEARTBEAT_MS);
  expect(await next()).toContain(said);
  await reader?.cancel();
});
