import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test, vi } from 'vitest';
import type { CodeResponse } from '../../../core/api/bank.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { answered } from '../../service/answered.ts';
import { confirmations, TRANSFER } from '../../service/test-confirmation.ts';
import { type Customer, type TestService, wrongCode } from '../../service/test-service.ts';
import { createTestToken, type TestToken } from '../../service/test-token.ts';
import { postTo, atOnce as sendAtOnce, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

const { wrongCodesToLock, wrongCodesToCancel } = DEFAULT_POLICY;

/** Guesses made at once, over two nodes on one PostgreSQL. */

let here: OpenDatabase;
let there: OpenDatabase;
let service: TestService;
let node: TwoNodes['node'];

useTwoNodes(
  (nodes) => {
    ({ here, there, service, node } = nodes);
  },
  { confirmation: 'code' },
);

/** Sends all bodies at the same moment, to the nodes in turn. */
const atOnce = (path: string, bodies: readonly object[]) =>
  sendAtOnce<CodeResponse>(
    node,
    service.apiKey,
    bodies.map((body) => ({ path, body })),
  );

/** How often each outcome is in the audit, for one event of a token. */
async function outcomes({ tokenId }: Customer, event: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ outcome: string; count: number }>`
    select outcome, count(*)::integer as count from audit
    where token_id = ${tokenId} and event = ${event} group by outcome`.execute(here.db);
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
}

describe('N5b: guesses made at once', () => {
  const verify = ({ userId }: Customer) => `/v1/tokens/${userId}/verify`;

  test('at a login code: ten are judged; the right one behind them is not, however many there are', async () => {
    const customer = await service.active();
    const wrong = { code: await wrongCode(customer) };
    const right = { code: await customer.code() };
    const answers = await atOnce(verify(customer), [...Array(60).fill(wrong), right, right]);
    expect(answers.filter(({ accepted }) => accepted)).toEqual([]);
    const { wrong: judged, overtaken = 0, stopped = 0, ...others } = await outcomes(customer, 'verify');
    expect({ judged, unjudged: overtaken + stopped, others }).toEqual({
      judged: wrongCodesToLock,
      unjudged: 52,
      others: {},
    });
    const shown = await service.bank('GET', `/v1/tokens/${customer.userId}`);
    expect(await shown.json()).toMatchObject({ status: 'locked' });
  });

  test('whoever waits for the token is woken at the lock, on every node', async () => {
    const customer = await service.active();
    const woken = [vi.fn(), vi.fn()] as const;
    here.wakes.on(customer.tokenId, woken[0]);
    there.wakes.on(customer.tokenId, woken[1]);
    const wrong = { code: await wrongCode(customer) };
    const guesses = (count: number) => atOnce(verify(customer), Array(count).fill(wrong));
    await guesses(wrongCodesToLock - 1);
    expect(woken.map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    await guesses(1);
    await vi.waitFor(() => expect(woken.map(({ mock }) => mock.calls.length)).toEqual([1, 1]), 20_000);
  });

  test('of a customer who mistypes and then has it right: the right one is accepted', async () => {
    const customer = await service.active();
    const wrong = { code: await wrongCode(customer) };
    const answers = await atOnce(verify(customer), [wrong, wrong, { code: await customer.code() }]);
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
  });

  test('at a confirmation code: three are judged, and the confirmation is over', async () => {
    const { ask, decide, shown, show, codeFor, path } = confirmations(service);
    const customer = await service.active();
    const asked = await ask(customer);
    const right = await codeFor(customer, (await shown(customer))[0]?.details ?? '');
    await decide(customer, asked, 'confirmed');
    const guess = (code: string) => ({ transaction: TRANSFER, code });
    const wrong = guess(right === '00000000' ? '00000001' : '00000000');
    const guesses = [...Array(20).fill(wrong), guess(right), guess(right)];
    const answers = await atOnce(path(customer, `/${asked.id}/verify`), guesses);
    expect(answers.filter(({ accepted }) => accepted)).toEqual([]);
    const { wrong: judged, overtaken = 0, stopped = 0, ...others } = await outcomes(customer, 'use');
    expect({ judged, unjudged: overtaken + stopped, others }).toEqual({
      judged: wrongCodesToCancel,
      unjudged: 19,
      others: {},
    });
    expect((await show(customer, asked)).status).toBe('cancelled');
  });

  test('at login and confirmation codes together: ten are judged', async () => {
    const { ask, decide, codeFor, shown, path } = confirmations(service);
    const customer = await service.active();
    const wrong = { code: await wrongCode(customer) };
    for (let failure = 0; failure < wrongCodesToLock - 1; failure += 1)
      await atOnce(verify(customer), [wrong]);
    const asked = await ask(customer);
    const right = await codeFor(customer, (await shown(customer))[0]?.details ?? '');
    await decide(customer, asked, 'confirmed');
    const confirm = { transaction: TRANSFER, code: right === '00000000' ? '00000001' : '00000000' };
    await Promise.all([
      atOnce(verify(customer), Array(8).fill(wrong)),
      atOnce(path(customer, `/${asked.id}/verify`), Array(2).fill(confirm)),
    ]);
    const judged = [await outcomes(customer, 'verify'), await outcomes(customer, 'use')];
    expect(judged.reduce((sum, { wrong: count = 0 }) => sum + count, 0)).toBe(wrongCodesToLock);
  });
});

test('N5b: at an activation password: ten are judged; the right one behind them is not', async () => {
  const { userId } = await service.issue();
  const strangers = await Promise.all(Array.from({ length: 30 }, createTestToken));
  const enrol = async (token: TestToken, index: number, activationPassword: string) => {
    return service.enrolRequest(token, { userId, activationPassword }, { node: node(index) });
  };
  await Promise.all(strangers.map((token, index) => enrol(token, index, '00000000')));
  const behind = strangers.slice(0, 2).map((token, index) => enrol(token, index, '24680135'));
  const answers = await Promise.all(behind);
  expect(answers.filter(({ status }) => status === 201)).toEqual([]);
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from audit join tokens on tokens.id = audit.token_id
    where user_id = ${userId} and event = 'enrol' and outcome = 'wrong'`.execute(here.db);
  expect(rows).toEqual([{ count: DEFAULT_POLICY.activationTriesAtOnce }]);
});

test.each(['locked', 'suspended'] as const)(
  'a right code whose token is %s meanwhile is audited as not judged, not as spent',
  async (status) => {
    const customer = await service.active();
    const path = `/v1/tokens/${customer.userId}/verify`;
    const write = {
      key: service.apiKey,
      body: { code: await customer.code() },
      idempotencyKey: randomUUID(),
    };
    let sent = 0;
    const send = () => {
      sent += 1;
      return postTo(service.app, path, write);
    };
    let answer: Promise<Response> | undefined;
    await there.db.transaction().execute(async (other) => {
      await other
        .updateTable('tokens')
        .set({ status, ...(status === 'suspended' && { suspended_from: 'active' }) })
        .where('id', '=', customer.tokenId)
        .execute();
      // Was read as in use, and waits for the row.
      answer = answered(`POST ${path}`, send);
      await vi.waitUntil(
        async () => {
          const { rows } = await sql`select from pg_stat_activity where wait_event_type = 'Lock'`.execute(
            other,
          );
          return rows.length === 1;
        },
        { timeout: 30_000, interval: 20 },
      );
    });
    expect(await (await answer)?.json()).toMatchObject({ accepted: false, token: { status } });
    // Stopped, if it was sent again because the other took too long.
    const { overtaken = 0, stopped = 0, ...others } = await outcomes(customer, 'verify');
    expect({ unjudged: overtaken + (sent > 1 ? stopped : 0), others }).toEqual({ unjudged: 1, others: {} });
  },
);
