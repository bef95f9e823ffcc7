import { sql } from 'kysely';
import { beforeEach, expect, test, vi } from 'vitest';
import { policyOf } from '../../../core/institution/policy.ts';
import { SENPOKU } from '../../institutions.ts';
import { approvals } from '../../service/test-approval.ts';
import { type Answer, type Desktop, newNonce, pairings } from '../../service/test-pairing.ts';
import type { Customer, TestService } from '../../service/test-service.ts';
import { type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** 連携 and 承認 at the same moment, over two nodes on one PostgreSQL. */

let service: TestService;
let nodeAt: TwoNodes['node'];
let there: TwoNodes['there'];
let pairing: ReturnType<typeof pairings>;
let approval: ReturnType<typeof approvals>;
let phone: Customer;

useTwoNodes((nodes) => {
  ({ service, node: nodeAt, there } = nodes);
  pairing = pairings(service);
  approval = approvals(service);
});

beforeEach(async () => {
  phone = await service.active();
});

/** What each of so many did at once, at the nodes in turn. */
const atOnce = <T>(many: number, act: (over: { node: TestService['app'] }, index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: many }, (_, index) => act({ node: nodeAt(index) }, index)));

const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();

test('of phones that give one code at once, one has it', async () => {
  const phones = [phone, await service.active(), await service.active(), await service.active()];
  const { code, pairing: id } = await pairing.begin();
  const answers = await atOnce(4, (over, index) => pairing.claim(phones[index] ?? phone, code, over));
  expect(statuses(answers)).toEqual([200, 404, 404, 404]);
  const winner = answers.findIndex(({ status }) => status === 200);
  const row = await service.db
    .selectFrom('pairings')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(row.token_id).toBe(phones[winner]?.tokenId);
});

test('of nonces that a phone gives at once, one counts', async () => {
  const desktop = await pairing.begin();
  await pairing.claim(phone, desktop.code);
  const answers = await atOnce(6, (over) => pairing.answer(phone, desktop, newNonce(), over));
  expect(statuses(answers)).toEqual([200, 409, 409, 409, 409, 409]);
});

test('a decision that is sent many times at once adds one device', async () => {
  const desktop = await pairing.toSymbols(phone);
  const answers = await atOnce(8, (over) => pairing.decide(phone, desktop, 'paired', over));
  expect(statuses(answers)).toEqual(Array(8).fill(200));
  expect((await pairing.devices(phone)).said?.devices).toHaveLength(2);
  const events = await service.db
    .selectFrom('events')
    .select('kind')
    .where('token_id', '=', phone.tokenId)
    .execute();
  expect(events).toEqual([{ kind: 'device-added' }]);
});

test('paired and called off at once: one of the two', async () => {
  for (let round = 0; round < 6; round += 1) {
    const desktop = await pairing.toSymbols(phone);
    const [decided, cancelled] = await Promise.all([
      pairing.decide(phone, desktop, 'paired', { node: nodeAt(0) }),
      pairing.cancel(desktop, { node: nodeAt(1) }),
    ]);
    expect([decided.status, cancelled.status]).toEqual(decided.status === 200 ? [200, 409] : [409, 204]);
    if (decided.status === 200) await pairing.remove(phone, desktop.pairing);
  }
});

test('desktops that are paired at once are no more than the policy says', async () => {
  const { pairedDevices } = policyOf(SENPOKU);
  const desktops: Desktop[] = [];
  for (let begun = 0; begun < pairedDevices + 2; begun += 1) desktops.push(await pairing.toSymbols(phone));
  const answers = await Promise.all(
    desktops.map((desktop, index) => pairing.decide(phone, desktop, 'paired', { node: nodeAt(index) })),
  );
  expect(statuses(answers)).toEqual([...Array(pairedDevices).fill(200), 409, 409]);
  const list = (await pairing.devices(phone)).said?.devices ?? [];
  expect(list).toHaveLength(1 + pairedDevices);
  const fillers = list.filter(({ may }) => may === 'fill');
  // Removed by everybody at once, each is gone once, and all places are free again.
  await atOnce(fillers.length * 2, (over, index) =>
    pairing.remove(phone, fillers[index % fillers.length]?.id ?? '', over),
  );
  const row = await service.db
    .selectFrom('tokens')
    .select('paired_devices')
    .where('id', '=', phone.tokenId)
    .executeTakeFirstOrThrow();
  expect(row.paired_devices).toBe(0);
});

test('two decisions on one question at once: one of them stands', async () => {
  const desktop = await pairing.pair(phone);
  for (const others of [
    ['approved', 'refused'],
    ['approved', 'approved'],
  ] as const) {
    const question = await approval.ask(desktop, phone);
    const answers = await atOnce(2, (over, index) =>
      approval.decide(phone, question, others[index] ?? 'refused', { code: `1234567${index}`, over }),
    );
    expect(statuses(answers)).toEqual(others[0] === others[1] ? [200, 200] : [200, 409]);
    const { said } = await approval.look(question);
    expect(answers.map(({ said: one }) => one?.status)).toContain(said?.status);
  }
});

test('questions that one desktop asks at once: one waits', async () => {
  const desktop = await pairing.pair(phone);
  const answers = await atOnce(4, async (over) => approval.send(await approval.sign(desktop, phone), over));
  expect(answers.every(({ status }) => status === 201 || status === 429)).toBe(true);
  expect((await approval.list(phone)).said?.approvals).toHaveLength(1);
});

test('asked anew as it is refused: both are answered', async () => {
  const desktop = await pairing.pair(phone);
  const question = await approval.ask(desktop, phone);
  const next = await approval.sign(desktop, phone);
  const both: Promise<Answer<unknown>>[] = [];
  // Both are under way, and neither is done, while another statement has the desktop's row.
  await there.db.transaction().execute(async (other) => {
    await sql`select from devices where id = ${desktop.pairing} for update`.execute(other);
    const waiting = async (many: number) => {
      const { rows } = await sql`select from pg_stat_activity where wait_event_type = 'Lock'`.execute(other);
      return rows.length === many;
    };
    both.push(approval.send(next, { node: nodeAt(0) }));
    await vi.waitUntil(() => waiting(1), { timeout: 30_000 });
    both.push(approval.decide(phone, question, 'refused', { over: { node: nodeAt(1) } }));
    await vi.waitUntil(() => waiting(2), { timeout: 30_000 });
  });
  expect((await Promise.all(both)).map(({ status }) => status)).toEqual([201, 409]);
});

test('approved and withdrawn at once: one of the two, and the desktop learns which', async () => {
  const desktop = await pairing.pair(phone);
  const question = await approval.ask(desktop, phone);
  const [decided, withdrawn] = await Promise.all([
    approval.decide(phone, question, 'approved', { over: { node: nodeAt(0) } }),
    approval.withdraw(question, { node: nodeAt(1) }),
  ]);
  expect([decided.status, withdrawn.said?.status]).toEqual(
    decided.status === 200 ? [200, 'approved'] : [409, 'withdrawn'],
  );
});

test('a desktop that waits at one node hears of the decision at the other', async () => {
  const desktop = await pairing.pair(phone);
  const question = await approval.ask(desktop, phone);
  const waiting = approval.look(question, '?wait=20', { node: nodeAt(1) });
  await approval.decide(phone, question, 'approved', { over: { node: nodeAt(0) } });
  expect((await waiting).said?.status).toBe('approved');
});
