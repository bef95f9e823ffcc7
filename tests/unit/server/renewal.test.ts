import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CodeResponse, Token } from '../../../core/api/bank.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { type Customer, type TestService, wrongCode } from '../../service/test-service.ts';
import { postTo, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** 有効期限の更新, over two nodes on one PostgreSQL. */

const DAY = 24 * 60 * 60_000;

let here: OpenDatabase;
let service: TestService;
let node: TwoNodes['node'];
let customer: Customer;
let end: number;

useTwoNodes((nodes) => {
  ({ here, service, node } = nodes);
});

const show = async () => (await (await service.bank('GET', `/v1/tokens/${customer.userId}`)).json()) as Token;

async function renew(code: string, { at = 0, key = undefined as string | undefined } = {}) {
  const write = { key: service.apiKey, body: { code }, idempotencyKey: key };
  const response = await postTo(node(at), `/v1/tokens/${customer.userId}/renew`, write);
  const body = (await response.json()) as CodeResponse & { code?: string };
  return { status: response.status, ...body };
}

const inDays = (days: number, ms = 0) => service.clock.move(end - days * DAY + ms - Date.now());

async function audited() {
  const rows = await here.db
    .selectFrom('audit')
    .select('outcome')
    .where('token_id', '=', customer.tokenId)
    .where('event', '=', 'renew')
    .orderBy('id')
    .execute();
  return rows.map(({ outcome }) => outcome);
}

beforeEach(async () => {
  service.clock.move(0);
  customer = await service.active();
  end = Date.parse((await show()).expiresAt ?? '');
});

describe('有効期限の更新', () => {
  test('puts the end off by the years of the policy, from the end it had; the token stays what it is', async () => {
    const { devices: _devices, ...before } = await show();
    inDays(60, 60_000);
    const renewed = await renew(await customer.code());
    expect(renewed).toMatchObject({ status: 200, accepted: true });
    expect(renewed.token).toEqual({ ...before, expiresAt: renewed.token.expiresAt });
    const years = new Date(renewed.token.expiresAt ?? '').getUTCFullYear() - new Date(end).getUTCFullYear();
    expect(years).toBe(5);
    expect(renewed.token.expiresAt).toMatch(/-(28|29|30|31)T00:00:00\.000Z$/);
    service.clock.move(end + 60_000 - Date.now());
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
    expect(await audited()).toEqual(['done']);
  });

  test('takes the current code and no other, once', async () => {
    inDays(10);
    expect((await renew(await wrongCode(customer))).accepted).toBe(false);
    const code = await customer.code();
    expect((await service.present('verify', customer, code)).accepted).toBe(true);
    expect((await renew(code)).accepted).toBe(false);
    expect((await show()).expiresAt).toBe(new Date(end).toISOString());
    expect(await audited()).toEqual(['wrong', 'spent']);
  });

  test('is refused before its days, and spends nothing', async () => {
    inDays(60, -60_000);
    const code = await customer.code();
    expect(await renew(code)).toMatchObject({ status: 409, code: 'state_conflict' });
    expect((await service.present('verify', customer, code)).accepted).toBe(true);
  });

  test('is refused from the end on', async () => {
    inDays(0);
    expect(await renew(await customer.code())).toMatchObject({ status: 200, accepted: false });
    expect((await show()).expiresAt).toBe(new Date(end).toISOString());
  });

  test.each(['locked', 'suspended', 'released'])('is refused of a token that is %s', async (status) => {
    inDays(10);
    const act = { actor: 'clerk', reason: '試験' };
    const to = (name: string) => service.staff('POST', `/v1/staff/tokens/${customer.userId}/${name}`, act);
    if (status === 'suspended') await to('suspend');
    if (status === 'released') await to('release');
    if (status === 'locked') {
      for (let count = 0; count < 10; count += 1) await renew(await wrongCode(customer));
    }
    expect((await show()).status).toBe(status);
    const refused = await renew(await customer.code());
    expect(refused.accepted ?? false).toBe(false);
    expect((await show()).expiresAt).toBe(new Date(end).toISOString());
  });

  test('twice at once, with two codes, on two nodes: once', async () => {
    for (let round = 0; round < 5; round += 1) {
      service.clock.move(0);
      customer = await service.active();
      end = Date.parse((await show()).expiresAt ?? '');
      inDays(10);
      const codes = [await customer.code(), await customer.code(1)];
      const answers = await Promise.all(
        [0, 1, 2, 3].map((one) => renew(codes[one % 2] ?? '', { at: one % 2 === 0 ? one / 2 : one })),
      );
      expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
      const years =
        new Date((await show()).expiresAt ?? '').getUTCFullYear() - new Date(end).getUTCFullYear();
      expect(years).toBe(5);
      expect((await audited()).filter((outcome) => outcome === 'done')).toHaveLength(1);
    }
  });

  test('a repeat of the same request is answered as the first was, and another with its key is refused', async () => {
    inDays(10);
    const key = randomUUID();
    const code = await customer.code();
    const first = await renew(code, { key });
    expect(await renew(code, { key, at: 1 })).toEqual(first);
    expect(await renew(await customer.code(1), { key })).toMatchObject({ code: 'idempotency_conflict' });
    expect(await audited()).toEqual(['done']);
  });

  test('the token is told, signed, at its next contact', async () => {
    inDays(10);
    await renew(await customer.code());
    const { expiresAt } = await show();
    const answer = (await (await confirmations(service).byToken(customer, 'GET', '')).json()) as {
      confirmations: string;
    };
    expect(decodeJwt(answer.confirmations)).toMatchObject({ status: 'active', expiresAt });
  });
});
