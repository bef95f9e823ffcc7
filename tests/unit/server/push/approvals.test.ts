import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { policyOf } from '../../../../core/institution/policy.ts';
import { deliverDue } from '../../../../server/deliver.ts';
import { pushChannel } from '../../../../server/push/channel.ts';
import type { OpenDatabase } from '../../../../server/store/database.ts';
import { eventDelivered, takeEvents } from '../../../../server/store/events.ts';
import { SENPOKU } from '../../../institutions.ts';
import { openServiceMemory } from '../../../service/memory.ts';
import { type PushServer, startPushServer, testSubscription } from '../../../service/push-server.ts';
import { approvals } from '../../../service/test-approval.ts';
import { confirmations } from '../../../service/test-confirmation.ts';
import { byDevice, type Desktop, pairings } from '../../../service/test-pairing.ts';
import { type Customer, createTestService, type TestService } from '../../../service/test-service.ts';

/** What the phone is told by Web Push when a desktop asks for a code. */

let database: OpenDatabase;
let pushServer: PushServer;
let service: TestService;
let approval: ReturnType<typeof approvals>;
let phone: Customer;
let desktop: Desktop;
let read: ReturnType<typeof testSubscription>['read'];

beforeAll(async () => {
  database = await openServiceMemory();
});
afterAll(() => database.close());

beforeEach(async () => {
  pushServer = await startPushServer();
  service = await createTestService(database, { pushPort: pushServer.port });
  approval = approvals(service);
  phone = await service.active();
  desktop = await pairings(service).pair(phone);
  const made = testSubscription(`http://127.0.0.1:${pushServer.port}/p/1`);
  read = made.read;
  await byDevice(service, phone.token, ['PUT', '/v1/token/push'], made.subscription);
});
afterEach(() => pushServer.close());

const deliver = () => deliverDue(service.dependencies, pushChannel(service.dependencies), pushServer.name);

const messages = () => pushServer.pushed.map((pushed) => read(pushed));

test('how many questions wait, and nothing of the page; no longer than the question', async () => {
  await approval.ask(desktop, phone);
  expect(await deliver()).toBe(1);
  expect(messages()).toEqual([{ institution: 'senpoku', waiting: 0, approvals: 1 }]);
  const ttl = Number(pushServer.pushed[0]?.headers.ttl);
  expect(ttl).toBeGreaterThan(0);
  expect(ttl).toBeLessThanOrEqual(policyOf(SENPOKU).approvalSeconds);
});

test('both, where both wait', async () => {
  await confirmations(service).ask(phone);
  await approval.ask(desktop, phone);
  expect(await deliver()).toBe(1);
  expect(messages()).toEqual([{ institution: 'senpoku', waiting: 1, approvals: 1 }]);
});

test('nothing of a question that was decided or withdrawn before', async () => {
  await approval.decide(phone, await approval.ask(desktop, phone), 'refused');
  await deliver();
  await approval.withdraw(await approval.ask(desktop, phone));
  await deliver();
  expect(messages()).toEqual([]);
});

test('nothing of a question whose desktop was removed, or whose token was suspended', async () => {
  const { remove, pair } = pairings(service);
  const [second, third] = [await pair(phone), await pair(phone)];
  await approval.ask(desktop, phone);
  await remove(phone, desktop.pairing);
  await deliver();
  await approval.ask(second, phone);
  await approval.decide(phone, await approval.ask(third, phone), 'not-me');
  await deliver();
  expect(messages()).toEqual([]);
});

test('only the questions that the phone is shown', async () => {
  const { remove, pair } = pairings(service);
  await approval.ask(desktop, phone);
  await approval.ask(await pair(phone), phone);
  await remove(phone, desktop.pairing);
  await deliver();
  expect(messages()).toEqual([{ institution: 'senpoku', waiting: 0, approvals: 1 }]);
});

test('a question is told that was asked while the message of the one before was under way', async () => {
  await approval.ask(desktop, phone);
  const at = new Date(service.clock.now());
  const due = { channel: 'push', target: pushServer.name, most: 1, at, heldUntil: at } as const;
  const [underWay] = await takeEvents(database.db, due);
  if (underWay === undefined) throw new Error('nothing was due');
  await approval.ask(desktop, phone);
  await eventDelivered(database.db, underWay, at);
  expect(await deliver()).toBe(1);
});
