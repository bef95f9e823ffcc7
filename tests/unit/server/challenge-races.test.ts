import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { Challenge, UseChallengeResponse } from '../../../core/api/challenge.ts';
import { policyOf } from '../../../core/institution/policy.ts';
import { SENPOKU } from '../../institutions.ts';
import { answered } from '../../service/answered.ts';
import { challenges } from '../../service/test-challenge.ts';
import { replacements } from '../../service/test-replacement.ts';
import type { Customer, TestService } from '../../service/test-service.ts';
import { postTo, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** Login by signature at the same moment, over two nodes on one PostgreSQL. */

const { challengesAtOnce } = policyOf(SENPOKU);

let service: TestService;
let nodeAt: TwoNodes['node'];
let challenge: ReturnType<typeof challenges>;
let customer: Customer;

useTwoNodes((nodes) => {
  ({ service, node: nodeAt } = nodes);
  challenge = challenges(service);
});

beforeEach(async () => {
  customer = await service.active();
});

/** What each of so many did at once, at the nodes in turn. */
const atOnce = <T>(many: number, act: (node: TestService['app'], index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: many }, (_, index) => act(nodeAt(index), index)));

const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();

async function use(
  node: TestService['app'],
  { userId }: Customer,
  { id }: Challenge,
  idempotencyKey = randomUUID(),
): Promise<UseChallengeResponse> {
  const path = `/v1/tokens/${userId}/challenges/${id}/use`;
  const write = { key: service.apiKey, body: {}, idempotencyKey };
  const response = await answered(`POST ${path}`, () => postTo(node, path, write));
  expect(response.status).toBe(200);
  return response.json() as Promise<UseChallengeResponse>;
}

const ask = (node: TestService['app'], idempotencyKey = randomUUID()) => {
  const write = { key: service.apiKey, body: { use: 'verify' }, idempotencyKey };
  const path = `/v1/tokens/${customer.userId}/challenges`;
  return answered(`POST ${path}`, () => postTo(node, path, write));
};

const sign = (node: TestService['app'], asked: Challenge, claims = {}) =>
  challenge.sign(customer, asked, claims, { node });

async function signed(of = customer, what: Challenge['use'] = 'verify') {
  const asked = await challenge.ask(of, what);
  await challenge.sign(of, asked);
  return asked;
}

test('a signed challenge that is used many times at once is accepted once', async () => {
  const asked = await signed();
  const answers = await atOnce(20, (node) => use(node, customer, asked));
  expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
  expect(answers.every(({ challenge: { status } }) => status === 'spent')).toBe(true);
});

test('the same use sent many times at once is accepted, and done once', async () => {
  const asked = await signed();
  const key = randomUUID();
  const answers = await atOnce(10, (node) => use(node, customer, asked, key));
  expect(answers.every(({ accepted }) => accepted)).toBe(true);
  const uses = await service.db
    .selectFrom('audit')
    .select('id')
    .where('token_id', '=', customer.tokenId)
    .where('event', '=', 'verify')
    .execute();
  expect(uses).toHaveLength(1);
});

test('of signatures on one challenge at once, one counts', async () => {
  const asked = await challenge.ask(customer);
  const answers = await atOnce(8, (node) => sign(node, asked));
  expect(statuses(answers)).toEqual([200, ...Array(7).fill(409)]);
});

test('signed for the own and for a false origin at once: one of the two', async () => {
  const asked = await challenge.ask(customer);
  const [own, other] = await Promise.all([
    sign(nodeAt(0), asked),
    sign(nodeAt(1), asked, { origin: 'https://relay.example' }),
  ]);
  const { status } = await challenge.show(customer, asked);
  expect([own.status, other.status, status]).toEqual([
    own.status,
    403,
    own.status === 200 ? 'signed' : 'refused',
  ]);
});

test('however many sessions ask at once, no more wait than may, each with another number', async () => {
  const answers = await atOnce(4 * challengesAtOnce, (node) => ask(node));
  expect(answers.every(({ status }) => status === 201 || status === 429)).toBe(true);
  const waiting = (await challenge.list(customer)).said?.challenges ?? [];
  expect(waiting.length).toBe(answers.filter(({ status }) => status === 201).length);
  expect(waiting.length).toBeGreaterThan(0);
  expect(waiting.length).toBeLessThanOrEqual(challengesAtOnce);
  expect(new Set(waiting.map(({ number }) => number)).size).toBe(waiting.length);
});

test('one request to ask, sent many times at once, makes one challenge', async () => {
  const key = randomUUID();
  const answers = await atOnce(8, async (node) => (await ask(node, key)).json() as Promise<Challenge>);
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect((await challenge.list(customer)).said?.challenges).toHaveLength(1);
});

test('used and disowned at once: let on, or suspended', async () => {
  for (let round = 0; round < 5; round += 1) {
    const one = await service.active();
    const asked = await signed(one);
    const [used, disowned] = await Promise.all([
      use(nodeAt(round), one, asked),
      challenge.disown(one, asked, { node: nodeAt(round + 1) }),
    ]);
    expect(disowned.status).toBe(used.accepted ? 409 : 200);
  }
});

test('all that wait are disowned at once: each is over, and the token is suspended once', async () => {
  for (let round = 0; round < 40; round += 1) {
    const one = await service.active();
    const waiting: { id: string }[] = [];
    for (let place = 0; place < challengesAtOnce; place += 1) waiting.push(await challenge.ask(one));
    const answers = await atOnce(waiting.length, (node, index) =>
      challenge.disown(one, waiting[index] ?? { id: '' }, { node }),
    );
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    const suspensions = service.db.selectFrom('events').select('id').where('token_id', '=', one.tokenId);
    expect(await suspensions.execute()).toHaveLength(1);
  }
});

test('利用開始 on a new device, used many times at once, takes the old one’s place once', async () => {
  const { fresh: make, approve } = replacements(service);
  const fresh = await make(customer);
  await approve(customer, fresh);
  const asked = await signed(fresh, 'activate');
  const answers = await atOnce(6, (node) => use(node, fresh, asked));
  expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
  const old = await service.bank('GET', `/v1/tokens/${customer.userId}`);
  expect(await old.json()).toMatchObject({ status: 'released', replacedBy: fresh.userId });
});

test('a bank that waits at one node hears of the signature at the other', async () => {
  const asked = await challenge.ask(customer);
  const waiting = challenge.show(customer, asked, '?wait=20');
  await challenge.sign(customer, asked, {}, { node: nodeAt(1) });
  expect(await waiting).toMatchObject({ status: 'signed' });
});
