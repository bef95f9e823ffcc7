import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../../host/compare.ts';
import { registry } from '../../../host/metrics.ts';
import { readMetrics } from '../../../server/metrics.ts';
import { insertApiKey } from '../../../server/store/access.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { HOTP, hardware } from '../../service/test-hardware.ts';
import { createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';

const DAY_MS = 86_400_000;

let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
});
afterAll(() => database.close());

/** The value of a metric with these labels; 0 if nothing was counted yet. */
async function value(name: string, labels: Record<string, string> = {}): Promise<number> {
  const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {};
  const isMeant = (given: Partial<Record<string, string | number>>) =>
    Object.entries(labels).every(([label, text]) => given[label] === text);
  return values.find((one) => isMeant(one.labels))?.value ?? 0;
}

test('counts codes by institution, use and outcome, and nothing of them is in the text', async () => {
  const { userId, code } = await service.active();
  const before = await value('warifu_codes_total', {
    institution: 'senpoku',
    use: 'verify',
    outcome: 'done',
  });
  service.nextStep();
  const right = await code();
  // Not all noughts, which stand in sums of seconds too.
  const wrong = '86420975';
  await service.present('verify', { userId }, right);
  await service.present('verify', { userId }, wrong);
  expect(await value('warifu_codes_total', { institution: 'senpoku', use: 'verify', outcome: 'done' })).toBe(
    before + 1,
  );
  expect(await value('warifu_codes_total', { institution: 'senpoku', use: 'verify', outcome: 'wrong' })).toBe(
    1,
  );
  expect(await value('warifu_enrolments_total', { institution: 'senpoku', outcome: 'done' })).toBe(1);
  const text = await registry.metrics();
  expect(text).toContain('route="/v1/tokens/:userId/verify"');
  for (const secret of [userId, right, wrong]) expect(text).not.toContain(secret);
});

test('names a request by its own route, though the companion answers whatever else is asked', async () => {
  const { userId } = await service.active();
  const headers = { Authorization: `Bearer ${service.apiKey}` };
  for (const path of [`/v1/tokens/${userId}`, '/nothing-here']) {
    await service.app.request(`${ORIGIN}${path}`, { headers });
  }
  const text = await registry.metrics();
  expect(text).toContain('method="GET",route="/v1/tokens/:userId",status="200"');
  expect(text).toContain('method="GET",route="/*",status="404"');
});

test('counts what is presented to bind a token as well', async () => {
  const tokens = hardware(service);
  const { serial } = await tokens.make(HOTP);
  await tokens.bind(serial, ['000000', '000001']);
  await tokens.bind('NOBODYS123', ['000000', '000001']);
  for (const outcome of ['wrong', 'unknown']) {
    expect(await value('warifu_codes_total', { institution: 'senpoku', use: 'bind', outcome })).toBe(1);
  }
});

test('reads what waits in the database, and how old the keys are', async () => {
  const at = new Date(service.clock.now() + 3_600_000);
  await readMetrics(database.db, service.dependencies.directory, ['senpoku'], at);
  expect(await value('warifu_outbox_waiting', { outbox: 'events' })).toBe(0);
  expect(await value('warifu_audit_unlinked_seconds')).toBeGreaterThan(3_500);
  expect(await value('warifu_key_age_seconds', { kind: 'bank', institution: 'senpoku' })).toBeGreaterThan(
    3_500,
  );
});

test('of several keys in force the oldest is told, so that a forgotten one is seen', async () => {
  const now = service.clock.now();
  const ages = { oldest: 3, revoked: 4, newest: 1 };
  for (const [name, days] of Object.entries(ages)) {
    const createdAt = new Date(now - days * DAY_MS);
    await insertApiKey(database.db, sha256(name), { institution: 'akita', kind: 'bank' }, createdAt);
  }
  await database.db
    .updateTable('api_keys')
    .set({ revoked_at: new Date(now) })
    .where('hash', '=', sha256('revoked'))
    .execute();
  await readMetrics(database.db, service.dependencies.directory, [], new Date(now));
  expect(await value('warifu_key_age_seconds', { kind: 'bank', institution: 'akita' })).toBe(
    (ages.oldest * DAY_MS) / 1_000,
  );
});

test('events for a bank that nobody delivers to do not wait', async () => {
  const { tokenId } = await service.active();
  const at = new Date(service.clock.now());
  await database.db
    .insertInto('events')
    .values(
      ['senpoku', 'akita'].map((target) => ({
        id: `event for ${target}`,
        channel: 'bank' as const,
        target,
        institution: target,
        token_id: tokenId,
        created_at: at,
        due_at: at,
      })),
    )
    .execute();
  const read = async (targets: string[]) => {
    await readMetrics(database.db, service.dependencies.directory, targets, at);
    return value('warifu_outbox_waiting', { outbox: 'events' });
  };
  expect([await read(['senpoku', 'akita']), await read(['senpoku']), await read([])]).toEqual([2, 1, 0]);
});
