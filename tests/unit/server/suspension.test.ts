import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Token } from '../../../core/api/bank.ts';
import { CUSTOMER, type StaffToken } from '../../../core/api/staff.ts';
import { createService } from '../../../server/app.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { SENPOKU } from '../../institutions.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { type Customer, ORIGIN, type TestService } from '../../service/test-service.ts';
import { postTo, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** 利用停止 by the customer, over two nodes on one PostgreSQL. */

let here: OpenDatabase;
let service: TestService;
let nodeAt: TwoNodes['node'];
let customer: Customer;

const ACT = { actor: 'staff01', reason: '試験' };

useTwoNodes((nodes) => {
  ({ here, service, node: nodeAt } = nodes);
});

beforeEach(async () => {
  customer = await service.active();
});

/** The bank asks for it, or staff act. */
async function post(
  path: string,
  key: string,
  { node = 0, idempotencyKey = undefined as string | undefined, body = {} },
) {
  const response = await postTo(nodeAt(node), path, { key, body, idempotencyKey });
  return { status: response.status, body: (await response.json()) as Token & { code?: string } };
}

const atBank = (node = 0, key?: string) =>
  post(`/v1/tokens/${customer.userId}/suspend`, service.apiKey, { node, idempotencyKey: key });

const byStaff = (act: string, node = 0) =>
  post(`/v1/staff/tokens/${customer.userId}/${act}`, service.staffKey, { node, body: ACT });

/** The token asks for it. */
async function onToken(node = 0, given?: string) {
  const url = `${ORIGIN}/v1/token/suspend`;
  const proof =
    given ?? (await customer.token.proof({ method: 'POST', url, body: '', timeMs: service.clock.now() }));
  const response = await nodeAt(node).request(url, { method: 'POST', headers: { DPoP: proof } });
  const body = (await response.json()) as { state?: string; code?: string };
  return { status: response.status, code: body.code, state: body.state && decodeJwt(body.state), proof };
}

const shown = async () =>
  (await (await service.staff('GET', `/v1/staff/tokens/${customer.userId}`)).json()) as StaffToken;

const audited = () =>
  here.db
    .selectFrom('audit')
    .select(['event', 'outcome', 'actor', 'device_id'])
    .where('token_id', '=', customer.tokenId)
    .where('event', 'in', ['suspend', 'release', 'resume', 'cancel'])
    .orderBy('id')
    .execute();

const keys = () =>
  here.db.selectFrom('idempotency').select('key').where('token_id', '=', customer.tokenId).execute();

const events = () =>
  here.db.selectFrom('events').selectAll().where('token_id', '=', customer.tokenId).execute();

describe('利用停止 by the customer', () => {
  test('at the bank: nothing is taken from then on, and it is written down who and when', async () => {
    const before = service.clock.now();
    expect(await atBank()).toMatchObject({ status: 200, body: { status: 'suspended' } });
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(false);
    const { suspendedAt = '', ...token } = await shown();
    expect(token).toMatchObject({ suspendedFrom: 'active', suspendedBy: 'customer' });
    expect(Math.abs(Date.parse(suspendedAt) - before)).toBeLessThan(10_000);
    expect(await audited()).toEqual([
      { event: 'suspend', outcome: 'done', actor: CUSTOMER, device_id: null },
    ]);
    expect(await events()).toHaveLength(1);
  });

  test('on the token: the same, signed, and which device it was', async () => {
    const asked = await onToken();
    expect(asked).toMatchObject({
      status: 200,
      state: { tokenId: customer.tokenId, status: 'suspended' },
    });
    const { jti } = decodeJwt(asked.proof);
    expect(asked.state).toMatchObject({ proof: jti });
    const [entry] = await audited();
    expect(entry).toMatchObject({ event: 'suspend', outcome: 'done', actor: CUSTOMER });
    expect(entry?.device_id).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  test('what was asked of the customer is cancelled by the same statement', async () => {
    const { ask, show } = confirmations(service);
    const asked = await ask(customer);
    await onToken();
    expect((await show(customer, asked)).status).toBe('cancelled');
    expect((await audited()).map(({ event, actor }) => [event, actor])).toEqual([
      ['suspend', CUSTOMER],
      ['cancel', CUSTOMER],
    ]);
  });

  test('again, of a suspended token: as it was asked for, and told once', async () => {
    await atBank();
    const { suspendedAt } = await shown();
    service.clock.move(5_000);
    expect((await atBank(1)).status).toBe(200);
    expect(await onToken(1)).toMatchObject({ status: 200, state: { status: 'suspended' } });
    expect(await shown()).toMatchObject({ suspendedAt, suspendedFrom: 'active' });
    expect((await audited()).map(({ outcome }) => outcome)).toEqual(['done', 'stopped']);
    expect(await events()).toHaveLength(1);
    service.clock.move(0);
  });

  test.each([
    ['a suspended token', 'suspend', 200],
    ['a released token', 'release', 409],
  ] as const)('on the token, of %s, without end: nothing more is written', async (_what, act, status) => {
    await byStaff(act);
    const rows = async () => [await audited(), await keys()];
    const before = await rows();
    for (let time = 0; time < 5; time += 1) expect((await onToken(time)).status).toBe(status);
    expect(await rows()).toEqual(before);
  });

  test('a repeat is answered as the first was, also once staff have resumed the token', async () => {
    const key = randomUUID();
    await atBank(0, key);
    expect((await atBank(1, key)).status).toBe(200);
    await byStaff('resume');
    expect(await atBank(1, key)).toMatchObject({ status: 200, body: { status: 'active' } });
    expect((await shown()).status).toBe('active');
    const asked = await onToken();
    expect(await onToken(1, asked.proof)).toMatchObject({ status: 401, code: 'proof_invalid' });
  });

  test('the customer alone does not come out of it', async () => {
    await atBank();
    for (const use of ['activate', 'verify', 'release'] as const) {
      const { accepted } = await service.present(use, customer, await customer.code());
      expect([use, accepted]).toEqual([use, false]);
    }
    const own = await service.bank('POST', `/v1/staff/tokens/${customer.userId}/resume`, ACT);
    expect(own.status).toBe(403);
    expect((await shown()).status).toBe('suspended');
    expect((await byStaff('resume')).status).toBe(200);
    expect(await shown()).not.toHaveProperty('suspendedBy');
    expect((await service.present('verify', customer, await customer.code(1))).accepted).toBe(true);
  });

  test('on a token that is not in use yet: refused, and nothing is written', async () => {
    customer = await service.enrol();
    expect(await onToken()).toMatchObject({ status: 409, code: 'state_conflict' });
    expect((await shown()).status).toBe('enrolled');
    expect([await audited(), await events()]).toEqual([[], []]);
    expect(await atBank()).toMatchObject({ status: 200, body: { status: 'suspended' } });
  });

  test.each(['release', 'void'] as const)('is refused after %s', async (end) => {
    if (end === 'void') customer = await service.enrol();
    expect((await byStaff(end)).status).toBe(200);
    expect(await atBank()).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    expect(await onToken()).toMatchObject({ status: 409, code: 'state_conflict' });
    expect(await events()).toEqual([]);
  });

  test('no member of staff goes by the name that the audit has for the customer', async () => {
    const body = { ...ACT, actor: CUSTOMER };
    const response = await service.staff('POST', `/v1/staff/tokens/${customer.userId}/suspend`, body);
    expect(response.status).toBe(400);
  });

  test('“not me” and staff are told apart from it', async () => {
    await byStaff('suspend');
    expect(await shown()).toMatchObject({ suspendedBy: 'staff' });
    expect((await atBank()).status).toBe(200);
    expect(await shown()).toMatchObject({ suspendedBy: 'staff' });
    customer = await service.active();
    const { ask, decide } = confirmations(service);
    await decide(customer, await ask(customer), 'not-me');
    expect(await shown()).toMatchObject({ suspendedBy: 'not-me' });
  });
});

describe('at the same moment, on two nodes', () => {
  test('asked for at the bank and on the token: it is done once', async () => {
    const answers = await Promise.all([atBank(0), onToken(1), atBank(1), onToken(0)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await audited()).filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(await events()).toHaveLength(1);
  });

  test('while staff release: the token ends released, and the audit has what was done', async () => {
    for (let round = 0; round < 10; round += 1) {
      customer = await service.active();
      const asking = round % 2 === 0 ? () => onToken(0) : () => atBank(0);
      const [suspended, released] = await Promise.all([asking(), byStaff('release', 1)]);
      expect(released.status).toBe(200);
      const token = await shown();
      expect(token.status).toBe('released');
      expect(token).not.toHaveProperty('suspendedBy');
      const entries = (await audited()).map(({ event, outcome }) => `${event} ${outcome}`);
      const done = entries.includes('suspend done');
      expect(entries).toContain('release done');
      const others = entries.filter((entry) => entry !== 'release done');
      const isAtBank = round % 2 === 1;
      // What a device asks for after the release is not written down.
      if (isAtBank || others.length > 0) expect(others).toEqual([done ? 'suspend done' : 'suspend stopped']);
      expect(await events()).toHaveLength(done ? 1 : 0);
      // Answered when the release had its turn as well, it may have been done and be told of as over.
      if (!done) expect(suspended.status).toBe(409);
    }
  });

  test('while staff resume: the last one counts, and it stays either one', async () => {
    for (let round = 0; round < 10; round += 1) {
      customer = await service.active();
      await byStaff('suspend');
      const [, resumed] = await Promise.all([onToken(0), byStaff('resume', 1)]);
      expect(resumed.status).toBe(200);
      const last = (await audited()).filter(({ outcome }) => outcome === 'done').at(-1)?.event;
      expect((await shown()).status).toBe(last === 'suspend' ? 'suspended' : 'active');
    }
  });
});

test('where staff alone suspend, neither bank nor token is let', async () => {
  const rules = { ...SENPOKU.rules, suspend: 'staff' } as const;
  const directory = { institutions: [{ ...SENPOKU, rules }] };
  const own = createService({ ...service.dependencies, directory });
  nodeAt = () => own;
  const refused = { status: 403, code: 'suspension_by_staff' };
  expect(await atBank()).toMatchObject({ status: 403, body: { code: refused.code } });
  expect(await onToken()).toMatchObject(refused);
  expect((await shown()).status).toBe('active');
  expect(await audited()).toEqual([]);
});
