import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bankChannel } from '../../../../server/bank-events.ts';
import { deliverDue, deliverEvents, SEND_WITHIN_MS } from '../../../../server/deliver.ts';
import { pushChannel } from '../../../../server/push/channel.ts';
import { type OpenDatabase, openPostgres } from '../../../../server/store/database.ts';
import { sweep } from '../../../../server/store/sweep.ts';
import { startPostgres } from '../../../service/postgres.ts';
import {
  type Pushed,
  type PushServer,
  startPushServer,
  testSubscription,
} from '../../../service/push-server.ts';
import { confirmations } from '../../../service/test-confirmation.ts';
import { type Customer, createTestService, ORIGIN, type TestService } from '../../../service/test-service.ts';

/** What is sent to a push service when a customer is asked, by two nodes on one PostgreSQL. */

let server: Awaited<ReturnType<typeof startPostgres>>;
let here: OpenDatabase;
let there: OpenDatabase;
let pushServer: PushServer;
let service: TestService;
let customer: Customer;

beforeAll(async () => {
  server = await startPostgres();
  [here, there] = [await openPostgres(server.url), await openPostgres(server.url)];
}, 60_000);
afterAll(async () => {
  await here.close();
  await there.close();
  await server.stop();
});

beforeEach(async () => {
  await sql`truncate events`.execute(here.db);
  pushServer = await startPushServer();
  service = await createTestService(here, { pushPort: pushServer.port });
  customer = await service.active();
});
afterEach(() => pushServer.close());

async function subscribe(who = customer, path = '/p/1') {
  const { subscription, read } = testSubscription(`http://127.0.0.1:${pushServer.port}${path}`);
  const url = `${ORIGIN}/v1/token/push`;
  const body = JSON.stringify(subscription);
  const proof = await who.token.proof({ method: 'PUT', url, body, timeMs: service.clock.now() });
  const headers = { DPoP: proof, 'Content-Type': 'application/json' };
  const { status } = await service.app.request(url, { method: 'PUT', headers, body });
  expect(status).toBe(204);
  return read;
}

const ask = (who = customer) => confirmations(service).ask(who);
const deliver = (database = here) => {
  const node = { ...service.dependencies, db: database.db };
  return deliverDue(node, pushChannel(node), pushServer.name);
};
const subscriptions = async () => (await sql`select from push_subscriptions`.execute(here.db)).rows.length;
const unsent = async () =>
  (await sql`select from events where channel = 'push' and delivered_at is null`.execute(here.db)).rows
    .length;
const first = (): Pushed => {
  const [pushed] = pushServer.pushed;
  if (pushed === undefined) throw new Error('nothing was pushed');
  return pushed;
};

describe('a customer who is asked', () => {
  test('is told by a message that says which institution and how many, and nothing else', async () => {
    const read = await subscribe();
    await ask();
    expect(await deliver()).toBe(1);
    expect(await deliver()).toBe(0);
    expect(pushServer.pushed).toHaveLength(1);
    expect(read(first())).toEqual({ institution: 'senpoku', waiting: 1, approvals: 0 });
    const { path, headers } = first();
    expect(path).toBe('/p/1');
    expect(headers).toMatchObject({
      urgency: 'high',
      'content-encoding': 'aes128gcm',
      authorization: expect.stringMatching(/^vapid t=\S+, k=\S+$/),
      topic: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/),
    });
    expect(headers.authorization).toContain(service.dependencies.push.key.publicPoint);
  });

  test('is told no longer than there is something to confirm', async () => {
    await subscribe();
    const { expiresAt } = await ask();
    await deliver();
    const ttl = Number(first().headers.ttl);
    expect(ttl).toBeGreaterThan(0);
    expect(service.clock.now() + ttl * 1000).toBeLessThanOrEqual(Date.parse(expiresAt));
  });

  test('without a subscription is told nothing', async () => {
    await ask();
    expect(await unsent()).toBe(0);
  });

  test('twice before anything was sent is told once, of both', async () => {
    const read = await subscribe();
    await ask();
    await ask();
    expect(await unsent()).toBe(1);
    await deliver();
    expect(pushServer.pushed.map(read)).toEqual([{ institution: 'senpoku', waiting: 2, approvals: 0 }]);
  });

  test('again later is told again, under the same topic', async () => {
    await subscribe();
    const another = await service.active();
    await subscribe(another, '/p/2');
    await ask();
    await deliver();
    await ask();
    await deliver();
    await ask(another);
    await deliver();
    const [one, two, three] = pushServer.pushed.map(({ headers }) => headers.topic);
    expect(two).toBe(one);
    expect(three).not.toBe(one);
  });

  test('while an older message is under way is told of the newer one too', async () => {
    const read = await subscribe();
    const { promise, resolve } = Promise.withResolvers<void>();
    pushServer.answers.push({ status: 201, after: promise });
    await ask();
    const sending = deliver();
    await pushServer.has(1);
    await ask();
    resolve();
    await sending;
    expect(await deliver(there)).toBe(1);
    expect(pushServer.pushed.map(read).map(({ waiting }) => waiting)).toEqual([1, 2]);
  });

  test.each(['confirmed', 'rejected', 'not-me'] as const)(
    'is not told of what was %s before it was sent',
    async (decision) => {
      await subscribe();
      const asked = await ask();
      await confirmations(service).decide(customer, asked, decision);
      await deliver();
      expect(pushServer.pushed).toEqual([]);
      expect(await unsent()).toBe(0);
    },
  );

  test('is not told of what the bank called off, nor of what has ended', async () => {
    await subscribe();
    const { id } = await ask();
    await service.bank('POST', confirmations(service).path(customer, `/${id}/cancel`), {});
    await deliver();
    await ask();
    service.nextStep(6);
    await deliver();
    expect(pushServer.pushed).toEqual([]);
    expect(await unsent()).toBe(0);
  });

  test.each([
    ['locked', () => ({ status: 'locked' as const })],
    ['expired', () => ({ expires_at: new Date(service.clock.now()) })],
  ])('is not told of what a token that is %s does not show', async (_what, now) => {
    await subscribe();
    await ask();
    await here.db.updateTable('tokens').set(now()).where('id', '=', customer.tokenId).execute();
    await deliver();
    expect(pushServer.pushed).toEqual([]);
    expect(await unsent()).toBe(0);
  });

  test('of whom another question still waits is told of that one', async () => {
    const read = await subscribe();
    await ask();
    const newer = await ask();
    await confirmations(service).decide(customer, newer, 'rejected');
    await deliver();
    expect(pushServer.pushed.map(read)).toEqual([{ institution: 'senpoku', waiting: 1, approvals: 0 }]);
  });

  test('is told once, whichever node comes first', async () => {
    const customers = [customer];
    while (customers.length < 5) customers.push(await service.active());
    for (const [at, one] of customers.entries()) await subscribe(one, `/p/${at}`);
    for (const one of customers) await ask(one);
    const taken = await Promise.all([deliver(here), deliver(there), deliver(here), deliver(there)]);
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(customers.length);
    expect(new Set(pushServer.pushed.map(({ path }) => path)).size).toBe(customers.length);
    expect(pushServer.pushed).toHaveLength(customers.length);
  });

  test('is told once, also where the push service takes longer than the first retry waits', async () => {
    await subscribe();
    const { promise, resolve } = Promise.withResolvers<void>();
    pushServer.answers.push({ status: 201, after: promise });
    await ask();
    const began = service.clock.now();
    const sending = deliver();
    await pushServer.has(1);
    service.clock.move(began - Date.now() + SEND_WITHIN_MS);
    expect(await deliver(there)).toBe(0);
    resolve();
    await sending;
    expect(await unsent()).toBe(0);
    service.clock.move(began - Date.now() + 60_000);
    expect(await deliver(there)).toBe(0);
    expect(pushServer.pushed).toHaveLength(1);
  });

  test('by a node that dies while it sends is told by another soon after', async () => {
    await subscribe();
    const { promise, resolve } = Promise.withResolvers<void>();
    pushServer.answers.push({ status: 201, after: promise });
    await ask();
    const began = service.clock.now();
    const dying = deliver();
    await pushServer.has(1);
    service.clock.move(began - Date.now() + 2 * SEND_WITHIN_MS - 2_000);
    expect(await deliver(there)).toBe(0);
    service.clock.move(began - Date.now() + 2 * SEND_WITHIN_MS + 2_000);
    expect(await deliver(there)).toBe(1);
    expect(await unsent()).toBe(0);
    resolve();
    await dying;
  });

  test('is told as soon as the service learns it', async () => {
    await subscribe();
    const stopping = new AbortController();
    const node = { ...service.dependencies, db: there.db, wakes: there.wakes, stopping: stopping.signal };
    const delivering = deliverEvents(node, [pushChannel(node), bankChannel('bank', node, new Map())]);
    await ask();
    await pushServer.has(1);
    stopping.abort();
    await delivering;
    expect(await unsent()).toBe(0);
  });
});

describe('a push service that', () => {
  test.each([404, 410])('answers %d has the subscription forgotten', async (status) => {
    await subscribe();
    const before = await subscriptions();
    pushServer.answers.push({ status });
    await ask();
    await deliver();
    expect(await subscriptions()).toBe(before - 1);
    await ask();
    expect(await unsent()).toBe(0);
  });

  test('says gone of what was renewed meanwhile has nothing forgotten', async () => {
    await subscribe();
    const { promise, resolve } = Promise.withResolvers<void>();
    pushServer.answers.push({ status: 410, after: promise });
    await ask();
    const sending = deliver();
    await pushServer.has(1);
    const read = await subscribe(customer, '/p/new');
    resolve();
    await sending;
    await ask();
    await deliver();
    expect(pushServer.pushed.slice(1).map(read)).toEqual([
      { institution: 'senpoku', waiting: 2, approvals: 0 },
    ]);
  });

  test.each([
    ['in seconds', () => '1200'],
    ['by a date', () => new Date(service.clock.now() + 1_200_000).toUTCString()],
  ])('asks to wait, %s, is not asked before, nor for a newer question', async (_, retryAfter) => {
    const read = await subscribe();
    pushServer.answers.push({ status: 429, headers: { 'Retry-After': retryAfter() } });
    await ask();
    await deliver();
    service.nextStep(18);
    await ask();
    expect(await deliver()).toBe(0);
    service.nextStep(3);
    expect(await deliver()).toBe(1);
    expect(pushServer.pushed.slice(1).map(read)).toEqual([
      { institution: 'senpoku', waiting: 1, approvals: 0 },
    ]);
  });

  test('answers slowly, and asks to wait, is not asked before by any node', async () => {
    await subscribe();
    const { promise, resolve } = Promise.withResolvers<void>();
    pushServer.answers.push({ status: 503, headers: { 'Retry-After': '90' }, after: promise });
    await ask();
    const began = service.clock.now();
    const sending = deliver();
    await pushServer.has(1);
    service.clock.move(began - Date.now() + 4_000);
    expect(await deliver(there)).toBe(0);
    await ask();
    resolve();
    await sending;
    service.clock.move(began - Date.now() + 80_000);
    expect(await deliver(there)).toBe(0);
    service.clock.move(began - Date.now() + 100_000);
    expect(await deliver(there)).toBe(1);
  });

  test('is out of order is asked again after 2 seconds, then after 4', async () => {
    await subscribe();
    pushServer.answers.push({ status: 503 }, { status: 500 });
    await ask();
    const tried = [];
    const began = service.clock.now();
    for (const seconds of [0, 1, 6, 8, 20]) {
      service.clock.move(began - Date.now() + seconds * 1_000);
      tried.push(await deliver());
    }
    expect(tried).toEqual([1, 0, 1, 0, 1]);
    expect(await unsent()).toBe(0);
  });

  test('is out of order is asked again, until what there was to tell has ended', async () => {
    await subscribe();
    pushServer.answers.push({ status: 503 }, { status: 500 }, { status: 502 });
    await ask();
    await deliver();
    expect(await deliver()).toBe(0);
    for (let step = 0; step < 6; step += 1) {
      service.nextStep();
      await deliver();
    }
    expect(pushServer.pushed).toHaveLength(4);
    pushServer.answers.push(...Array(9).fill({ status: 503 }));
    service.nextStep(30);
    await ask();
    for (let step = 0; step < 8; step += 1) {
      await deliver();
      service.nextStep();
    }
    expect(await unsent()).toBe(0);
  });

  test('refuses a message for good is not asked again', async () => {
    await subscribe();
    const before = await subscriptions();
    pushServer.answers.push({ status: 400 });
    await ask();
    await deliver();
    expect(await unsent()).toBe(0);
    expect(await subscriptions()).toBe(before);
    expect(service.log.join('')).toContain('push service refused a message');
  });

  test('leads elsewhere is not followed', async () => {
    await subscribe();
    const elsewhere = await startPushServer();
    const Location = `http://127.0.0.1:${elsewhere.port}/p`;
    pushServer.answers.push({ status: 307, headers: { Location } });
    await ask();
    await deliver();
    expect(elsewhere.pushed).toEqual([]);
    expect(await unsent()).toBe(0);
    elsewhere.close();
  });

  test('is no longer listed is sent nothing, and what there was for it is forgotten', async () => {
    await subscribe();
    await ask();
    const services = { hosts: [], unsafeTestPort: undefined };
    const node = { ...service.dependencies, push: { ...service.dependencies.push, services } };
    expect(pushChannel(node).targets).toEqual([]);
    expect(await unsent()).toBe(1);
    await sweep(here.db, new Date(service.clock.now() + 61 * 60_000));
    expect(await unsent()).toBe(0);
    await ask();
    await deliverDue(node, pushChannel(node), pushServer.name);
    expect(pushServer.pushed).toEqual([]);
  });
});

test('neither endpoints nor keys of subscriptions are in the log', async () => {
  await subscribe(customer, '/p/very-secret-path');
  pushServer.answers.push({ status: 503 });
  await ask();
  await deliver();
  const log = service.log.join('\n');
  expect(log).toContain('could not deliver event');
  expect(log).not.toContain('very-secret-path');
});
