import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Token } from '../../../core/api/bank.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { takeEvents } from '../../../server/store/events.ts';
import type { EventChannel } from '../../../server/store/schema.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { byDevice, DESKTOP, type Desktop, newNonce, pairings } from '../../service/test-pairing.ts';
import { type Customer, createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';

/** Devices that fill: who sees them, who removes them, and what a removed one can still do. */

const ACT = { actor: 'staff01', reason: '試験' };
const HOUR_MS = 60 * 60_000;

let database: OpenDatabase;
let service: TestService;
let pairing: ReturnType<typeof pairings>;
let phone: Customer;
let desktop: Desktop;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
  pairing = pairings(service);
});
afterAll(() => database.close());

beforeEach(async () => {
  phone = await service.active();
  desktop = await pairing.pair(phone);
});

const atBank = async () => (await (await service.bank('GET', `/v1/tokens/${phone.userId}`)).json()) as Token;
const removeByStaff = (id: string, headers = {}) =>
  service.staff('POST', `/v1/staff/tokens/${phone.userId}/devices/${id}/remove`, ACT, headers);
const unpairings = () =>
  service.db
    .selectFrom('audit')
    .select(['actor', 'reason', 'device_id', 'outcome'])
    .where('token_id', '=', phone.tokenId)
    .where('event', '=', 'unpair')
    .orderBy('id')
    .execute();
const stateOf = ({ token }: Desktop) => byDevice(service, token, ['GET', '/v1/token']);

test('the bank sees them where it asks for the token, and not with each code', async () => {
  expect((await atBank()).devices).toMatchObject([
    { form: 'other', may: 'all' },
    { id: desktop.pairing, ...DESKTOP, may: 'fill' },
  ]);
  const { token } = await service.present('verify', phone, await phone.code());
  expect(token).not.toHaveProperty('devices');
});

test('when one was last seen is written at most once an hour, and told to the hour', async () => {
  const seen = async () => (await atBank()).devices?.[1]?.lastSeenAt;
  const before = service.clock.now() - Date.now();
  await stateOf(desktop);
  const first = await seen();
  expect(first).toMatch(/T\d\d:00:00\.000Z$/);
  expect(Date.parse(first ?? '')).toBeGreaterThan(service.clock.now() - 2 * HOUR_MS);
  service.clock.move(before + HOUR_MS / 2);
  await stateOf(desktop);
  expect(await seen()).toBe(first);
  service.clock.move(before + HOUR_MS + 1_000);
  await stateOf(desktop);
  expect(Date.parse((await seen()) ?? '')).toBeGreaterThanOrEqual(Date.parse(first ?? '') + HOUR_MS);
  service.clock.move(before);
});

test('nodes of releases that know no such events leave it to newer ones to tell the bank', async () => {
  const { db } = service;
  await pairing.remove(phone, desktop.pairing);
  const told = async (channel: EventChannel) => {
    const at = new Date(service.clock.now());
    const due = { channel, target: 'senpoku', at, heldUntil: at, most: 1_000 };
    const events = await takeEvents(db, due);
    return events.filter(({ token_id }) => token_id === phone.tokenId).map(({ kind }) => kind);
  };
  expect(await told('bank'), 'what they would tell as a suspension').toEqual([]);
  expect((await told('devices')).sort()).toEqual(['device-added', 'device-removed']);
});

describe('one is removed', () => {
  test('by the phone, by itself, by staff', async () => {
    const [second, third] = [await pairing.pair(phone), await pairing.pair(phone)];
    expect((await pairing.remove(phone, desktop.pairing)).said?.devices).toHaveLength(3);
    expect(await pairing.remove(second, second.pairing)).toMatchObject({ status: 200 });
    expect((await removeByStaff(third.pairing)).status).toBe(200);
    expect((await pairing.devices(phone)).said?.devices).toMatchObject([{ may: 'all' }]);
  });

  test('by no other device that fills, and the phone not at all', async () => {
    const second = await pairing.pair(phone);
    const refused = { status: 403, code: 'device_not_allowed' };
    expect(await pairing.remove(second, desktop.pairing)).toMatchObject(refused);
    const [own] = (await pairing.devices(phone)).said?.devices ?? [];
    expect(await pairing.remove(phone, own?.id ?? '')).toMatchObject(refused);
    expect((await removeByStaff(own?.id ?? '')).status).toBe(409);
  });

  test('by nobody of another token, or of another institution', async () => {
    const other = await service.active();
    expect(await pairing.remove(other, desktop.pairing)).toMatchObject({ status: 404, code: 'not_found' });
    const headers = { Authorization: `Bearer ${await service.keyOf('staff', 'akita')}` };
    expect((await removeByStaff(desktop.pairing, headers)).status).toBe(404);
    const byBank = { Authorization: `Bearer ${service.apiKey}` };
    expect((await removeByStaff(desktop.pairing, byBank)).status).toBe(403);
    expect((await pairing.devices(phone)).said?.devices).toHaveLength(2);
  });

  test('once: a repeat is answered with the first outcome, another act is refused, and the audit says so', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    for (let time = 0; time < 2; time += 1) {
      expect((await removeByStaff(desktop.pairing, headers)).status).toBe(200);
    }
    const late = { 'Idempotency-Key': randomUUID() };
    for (let time = 0; time < 2; time += 1) {
      expect((await removeByStaff(desktop.pairing, late)).status).toBe(409);
    }
    const line = { ...ACT, device_id: desktop.pairing };
    expect(await unpairings()).toEqual([
      { ...line, outcome: 'done' },
      { ...line, outcome: 'stopped' },
    ]);
  });

  test('by the phone once: what comes late is no act of staff, and has no line', async () => {
    for (let time = 0; time < 2; time += 1) await pairing.remove(phone, desktop.pairing);
    expect(await unpairings()).toMatchObject([{ actor: null, outcome: 'done' }]);
  });

  test('and its event stream ends; that of another device goes on', async () => {
    const url = `${ORIGIN}/v1/events`;
    const listen = async ({ token }: Pick<Desktop, 'token'>) => {
      const proof = await token.proof({ method: 'POST', url, timeMs: service.clock.now() });
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ proofs: [proof] });
      const stream = (await service.app.request(url, { method: 'POST', headers, body })).body?.getReader();
      await stream?.read();
      return stream;
    };
    const [own, second] = [await listen(desktop), await listen(await pairing.pair(phone))];
    await pairing.remove(phone, desktop.pairing);
    let last = await own?.read();
    while (last?.done === false) last = await own?.read();
    expect(last?.done).toBe(true);
    const { value } = (await second?.read()) ?? {};
    expect(new TextDecoder().decode(value)).toContain('event: confirmations');
    await second?.cancel();
  });

  test('and its key is nobody’s: it sees nothing, asks nothing, and pairs no more', async () => {
    await pairing.remove(phone, desktop.pairing);
    expect(await stateOf(desktop)).toMatchObject({ status: 404, code: 'token_unknown' });
    expect(await pairing.remove(desktop, desktop.pairing)).toMatchObject({ status: 404 });
    expect(await pairing.askToBegin(desktop.token, newNonce())).toMatchObject({ status: 409 });
  });
});
