import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findSession, noteUse, type SessionKind, startSession } from '../../../../bank/web/session.ts';
import { type SessionData, sessionDataSchema } from '../../../../bank/web/session-data.ts';
import { DEFAULT_POLICY } from '../../../../core/institution/policy.ts';
import { type TestBank, useTestBank } from '../test-bank.ts';

let bank: TestBank;

useTestBank((stage) => {
  ({ bank } = stage);
});

/** Only a test moves the clock. */
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));

afterEach(() => vi.useRealTimers());

const KIND: SessionKind<SessionData> = {
  scope: 'senpoku',
  schema: sessionDataSchema,
  holderOf: () => null,
  policyOf: () => DEFAULT_POLICY,
};
const IDLE_MS = DEFAULT_POLICY.idleMinutes * 60_000;

const start = () => startSession(bank.dependencies, KIND, '', { stage: 'suspended', at: 0 });
const note = (id: string) => noteUse(bank.dependencies, DEFAULT_POLICY, id);
const found = async (id: string) => (await findSession(bank.dependencies, KIND, id, false)).kind;

test('use begins the idle time anew', async () => {
  const id = await start();
  bank.advance(IDLE_MS);
  await note(id);
  bank.advance(IDLE_MS);
  expect(await found(id)).toBe('live');
});

test('use that is noted after the idle time does not revive a session', async () => {
  const id = await start();
  bank.advance(IDLE_MS + 1);
  await note(id);
  expect(await found(id)).toBe('timed-out');
});
