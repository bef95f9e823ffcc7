import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { OpenDatabase } from '../../../server/store/database.ts';
import {
  ACTS,
  type Act,
  type Named,
  nextState,
  STATES,
  type State,
  staffActs,
  statusOf,
} from '../../service/staff-acts.ts';
import { confirmations, TRANSFER } from '../../service/test-confirmation.ts';
import type { Customer, TestService } from '../../service/test-service.ts';
import { postUntilAnswered, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** Acts of staff at the same moment, over two nodes on one PostgreSQL. */

let here: OpenDatabase;
let service: TestService;
let node: TwoNodes['node'];
let make: ReturnType<typeof staffActs>['make'];

useTwoNodes((nodes) => {
  ({ here, service, node } = nodes);
  make = staffActs(service).make;
});

const act = (number: number, { userId }: Named, name: Act) =>
  postUntilAnswered(node(number), `/v1/staff/tokens/${userId}/${name}`, {
    key: service.staffKey,
    body: {
      actor: `node${number}`,
      reason: '競合の試験',
      ...(name === 'replace' && { activationPassword: '24680135' }),
    },
  });

/** What was done to a token by staff, in the order it was done. */
async function doneTo({ userId }: Named): Promise<Act[]> {
  const { rows } = await sql<{ event: Act }>`
    select event from audit join tokens on tokens.id = audit.token_id
    where user_id = ${userId} and outcome = 'done' and event = any (${[...ACTS]}) and actor like 'node%'
    order by audit.id`.execute(here.db);
  return rows.map(({ event }) => event);
}

const ORIGINS: Record<Act, State> = {
  unlock: 'locked',
  suspend: 'active',
  resume: 'suspended from locked',
  release: 'active',
  void: 'enrolled',
  replace: 'locked',
};

test.each(ACTS)('of the same %s at once one is done', async (name) => {
  const token = await make[ORIGINS[name]]();
  const statuses = await Promise.all(Array.from({ length: 10 }, (_, node) => act(node, token, name)));
  expect(statuses.filter((status) => status < 300)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(9);
  expect(await doneTo(token)).toEqual([name]);
});

test.each([
  ['active', 'release', 'replace'],
  ['suspended from locked', 'release', 'replace'],
] as const)('%s: of %s and %s at once one is done', async (state, one, other) => {
  for (let round = 0; round < 5; round += 1) {
    const token = await make[state]();
    const statuses = await Promise.all([one, other, one, other].map((name, node) => act(node, token, name)));
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    expect(await doneTo(token)).toHaveLength(1);
  }
});

test.each(STATES)('%s: all acts at once are as good as one after another', async (state) => {
  const token = await make[state]();
  const statuses = await Promise.all([...ACTS, ...ACTS].map((name, node) => act(node, token, name)));
  const done = await doneTo(token);
  expect(done).toHaveLength(statuses.filter((status) => status < 300).length);
  const end = done.reduce((at: State | undefined, name) => at && nextState(at, name), state);
  if (end === undefined) throw new Error(`${state}: ${done.join(', ')} is not in the table`);
  expect((await staffActs(service).show(token)).status).toBe(statusOf(end));
});

/** Statements that waited for each other met once in thirty. */
const ROUNDS = 10;

test('customers that are asked, decide and transfer meanwhile: no two statements wait for each other', async () => {
  const { ask, decideOn, shown, path } = confirmations(service);
  const oneCustomer = async (customer: Customer) => {
    const asked = [await ask(customer), await ask(customer), await ask(customer)];
    const details = (await shown(customer)).map((one) => one.details);
    const of = (index: number) => {
      const { id } = asked[index] ?? { id: '' };
      return { id, details: details.find((text) => text.includes(id)) ?? '' };
    };
    const decide = async (index: number, decision: 'confirmed' | 'not-me') =>
      (await decideOn(customer, of(index).id, decision, of(index).details)).status;
    const write = { key: service.apiKey, body: { transaction: TRANSFER } };
    const use = (number: number, index: number) =>
      postUntilAnswered(node(number), path(customer, `/${of(index).id}/verify`), write);
    await decide(0, 'confirmed');
    return Promise.all([
      use(0, 0),
      act(1, customer, 'suspend'),
      decide(1, 'confirmed'),
      act(0, customer, 'resume'),
      decide(2, 'not-me'),
      use(1, 0),
      postUntilAnswered(node(1), path(customer), write),
      act(0, customer, 'replace'),
    ]);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const customers: Customer[] = [];
    while (customers.length < 12) customers.push(await service.active());
    const statuses = (await Promise.all(customers.map(oneCustomer))).flat();
    expect(statuses).not.toContain(500);
  }
}, 120_000);
