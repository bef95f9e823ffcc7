import { afterEach, expect, test, vi } from 'vitest';
import { openServiceMemory } from '../service/memory.ts';

const SECOND = 1000;
const YEAR = 365 * 24 * 60 * 60 * SECOND;

afterEach(() => vi.useRealTimers());

test('a database that is given back leaves no timer, wherever the clock stood', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() + 5 * YEAR });
  const { db, close } = await openServiceMemory();
  await db.selectFrom('tokens').selectAll().execute();
  await close();
  vi.setSystemTime(Date.now() - 5 * YEAR);
  vi.advanceTimersByTime(11 * SECOND);
  expect(vi.getTimerCount()).toBe(0);
});
