import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { createService } from '../../../server/app.ts';
import { decideConfirmations } from '../../../server/store/confirmations.ts';
import { type OpenDatabase, openPostgres } from '../../../server/store/database.ts';
import { startPostgres, type TestPostgres } from '../../service/postgres.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { type Customer, createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

/** The devices of a token, and what each may do. */

let server: TestPostgres;
let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  server = await startPostgres();
  database = await openPostgres(server.url);
  service = await createTestService(database);
}, 60_000);

afterAll(async () => {
  await database.close();
  await server.stop();
});

const devicesOf = ({ tokenId }: Customer) =>
  database.db.selectFrom('devices').selectAll().where('token_id', '=', tokenId).execute();

const confirmationOf = ({ id }: { id: string }) =>
  database.db.selectFrom('confirmations').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

const audited = async ({ tokenId }: Customer) =>
  (
    await database.db
      .selectFrom('audit')
      .select(['event', 'outcome', 'device_id'])
      .where('token_id', '=', tokenId)
      .where('event', 'in', ['enrol', 'decide'])
      .orderBy('id')
      .execute()
  ).map(({ event, outcome, device_id }) => ({ what: `${event} ${outcome}`, device: device_id }));

/** The same customer at another device of the token, which may do what is said. */
async function addDevice(
  customer: Customer,
  may: { may_decide: boolean },
): Promise<Customer & { id: string }> {
  const token = await createTestToken();
  const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
  await database.db
    .insertInto('devices')
    .values({
      id,
      token_id: customer.tokenId,
      jkt: token.jkt,
      receiving_key: JSON.stringify(token.receivingKey),
      may_make_codes: true,
      may_fill: true,
      ...may,
      added_at: new Date(),
    })
    .execute();
  return { ...customer, token, id };
}

describe('初期設定', () => {
  test('adds one device, that may do all, and the audit names it', async () => {
    const customer = await service.enrol();
    const [device, ...others] = await devicesOf(customer);
    expect(others).toEqual([]);
    expect(device).toMatchObject({
      jkt: customer.token.jkt,
      receiving_key: customer.token.receivingKey,
      may_make_codes: true,
      may_decide: true,
      may_fill: true,
    });
    expect(await audited(customer)).toEqual([{ what: 'enrol done', device: device?.id }]);
  });

  test('by the same device, at once over two nodes, adds it once, and every answer is the same key', async () => {
    const there = await openPostgres(server.url);
    const nodes = [service.app, createService({ ...service.dependencies, db: there.db, wakes: there.wakes })];
    for (let round = 0; round < 5; round += 1) {
      const { userId } = await service.issue();
      const token = await createTestToken();
      const answers = await Promise.all(
        nodes.map((node) => service.enrolRequest(token, { userId }, { node })),
      );
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      const keys = await Promise.all(
        answers.map(async (answer) => {
          const { enrolment } = (await answer.json()) as { enrolment: string };
          return Buffer.from((await token.openSecret(enrolment)).key).toString('hex');
        }),
      );
      expect(keys[0]).toBe(keys[1]);
    }
    await there.close();
  });
});

describe('a decision', () => {
  test('names the device that signed it, and so does the audit', async () => {
    const { ask, decide } = confirmations(service);
    const desktop = await service.active();
    const phone = await addDevice(desktop, { may_decide: true });
    const [first] = await devicesOf(desktop);
    const [a, b] = [await ask(desktop), await ask(desktop)];
    await decide(desktop, a, 'confirmed');
    await decide(phone, b, 'not-me');
    expect((await confirmationOf(a)).device_id).toBe(first?.id);
    expect((await confirmationOf(b)).device_id).toBe(phone.id);
    const [, confirmed, ...byPhone] = await audited(desktop);
    expect(confirmed).toEqual({ what: 'decide confirmed', device: first?.id });
    // What else was asked is cancelled by the phone's "not me".
    expect(byPhone.sort((x, y) => (x.what < y.what ? -1 : 1))).toEqual([
      { what: 'decide cancelled', device: phone.id },
      { what: 'decide not-me', device: phone.id },
    ]);
  });

  test('of a device that may not decide is refused by a code of its own, and changes nothing', async () => {
    const { ask, decide, decideOn, shown, show } = confirmations(service);
    const phone = await service.active();
    const desktop = await addDevice(phone, { may_decide: false });
    const asked = await ask(phone);
    expect(await shown(desktop)).toHaveLength(1);
    for (const decision of ['confirmed', 'rejected', 'not-me'] as const) {
      const refused = await decideOn(desktop, asked.id, decision);
      expect(await refused.json()).toMatchObject({ status: 403, code: 'device_not_allowed' });
    }
    expect((await show(phone, asked)).status).toBe('waiting');
    await decide(phone, asked, 'confirmed');
    expect((await confirmationOf(asked)).signed_decision).not.toBeNull();
  });

  test('is refused by the statement as well, where the device loses its right on the way', async () => {
    const { ask } = confirmations(service);
    const customer = await service.active();
    const { id } = await ask(customer);
    const stranger = await service.active();
    const decideBy = async (deviceId = '') => {
      const [row] = await decideConfirmations(database.db, () => DEFAULT_POLICY, [
        {
          write: { institution: 'senpoku', requestId: 'r', at: new Date(service.clock.now()) },
          id,
          tokenId: customer.tokenId,
          deviceId,
          decision: 'confirmed',
          origin: null,
          factors: null,
          signed: 'a.b.c',
        },
      ]);
      return row?.status;
    };
    const lost = await addDevice(customer, { may_decide: false });
    expect(await decideBy(lost.id)).toBeUndefined();
    expect(await decideBy((await devicesOf(stranger))[0]?.id)).toBeUndefined();
    expect(await decideBy((await devicesOf(customer))[0]?.id)).toBe('confirmed');
  });
});

test('each device of a token has event streams of its own', async () => {
  const phone = await service.active();
  const desktop = await addDevice(phone, { may_decide: false });
  const url = `${ORIGIN}/v1/events`;
  const abort = new AbortController();
  const open = async ({ token }: Customer) => {
    const proof = await token.proof({ method: 'POST', url, timeMs: service.clock.now() });
    const response = await service.app.request(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ proofs: [proof] }),
      signal: abort.signal,
    });
    return response;
  };
  const streams = [];
  for (let count = 0; count < 8; count += 1) streams.push(await open(phone));
  expect(streams.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect((await open(phone)).status).toBe(429);
  const other = await open(desktop);
  expect(other.status).toBe(200);
  const reader = other.body?.getReader();
  await reader?.read();
  await confirmations(service).ask(phone);
  const { value } = (await reader?.read()) ?? {};
  expect(new TextDecoder().decode(value)).toContain('event: confirmations');
  await Promise.all([...streams.map(({ body }) => body?.cancel()), reader?.cancel()]);
});
