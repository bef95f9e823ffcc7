import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { eventFailed, takeEvents } from '../../../server/store/events.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { createTestService } from '../../service/test-service.ts';

/** When an event that was not taken falls due again. */

const [MINUTE_MS, DAY_MS] = [60_000, 24 * 60 * 60_000];

let database: OpenDatabase;

beforeAll(async () => {
  database = await openServiceMemory();
});
afterAll(() => database.close());

test.each([
  ['as its bank asks, however much longer than without that', 60 * MINUTE_MS, 60 * MINUTE_MS],
  ['in a day at the latest', 900 * DAY_MS, DAY_MS],
  ['in two seconds where its bank asks for nothing', 0, 2_000],
])('an event that failed is sent again %s', async (_what, afterMs, waitMs) => {
  const service = await createTestService(database);
  const { ask, decide } = confirmations(service);
  const customer = await service.active();
  await decide(customer, await ask(customer), 'confirmed');
  const at = new Date(service.clock.now());
  const due = {
    channel: 'bank',
    target: 'senpoku',
    at,
    heldUntil: new Date(at.getTime() + 10_000),
    most: 9,
  } as const;
  const [event] = await takeEvents(database.db, due);
  if (event === undefined) throw new Error('no event is due');
  await eventFailed(database.db, event, at, afterMs);
  const row = database.db.selectFrom('events').select('due_at').where('id', '=', event.id);
  const { due_at } = await row.executeTakeFirstOrThrow();
  expect(due_at.getTime() - at.getTime()).toBe(waitMs);
});
