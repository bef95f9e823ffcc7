import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { OpenDatabase } from '../../../server/store/database.ts';
import type { TestPostgres } from '../../service/postgres.ts';
import { confirmations, TRANSFER } from '../../service/test-confirmation.ts';
import { type Fresh, replacements } from '../../service/test-replacement.ts';
import type { Customer, TestService } from '../../service/test-service.ts';
import { postTo, postUntilAnswered, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** 新しい端末でのトークン利用 and what happens to the old token at the same moment, over two nodes on one PostgreSQL. */

let server: TestPostgres;
let here: OpenDatabase;
let there: OpenDatabase;
let service: TestService;
let node: TwoNodes['node'];

useTwoNodes((nodes) => {
  ({ server, here, there, service, node } = nodes);
});

const post = (
  number: number,
  path: string,
  body: object,
  { key = service.apiKey, idempotencyKey }: { key?: string; idempotencyKey?: string } = {},
) => postUntilAnswered(node(number), path, { key, body, idempotencyKey });

const begin = (node: number, { userId }: { userId: string }) =>
  post(node, `/v1/tokens/${userId}/replacement`, { activationPassword: '97531' });
const activate = async (node: number, fresh: Fresh) =>
  post(node, `/v1/tokens/${fresh.userId}/activate`, { code: await fresh.code() });
const byStaff = (node: number, { userId }: { userId: string }, act: 'suspend' | 'release') =>
  post(
    node,
    `/v1/staff/tokens/${userId}/${act}`,
    { actor: 'staff01', reason: '競合の試験' },
    { key: service.staffKey },
  );

/** As far as the code that puts the new token into use. */
async function ready(): Promise<{ old: Customer; fresh: Fresh }> {
  const { fresh: make, approve } = replacements(service);
  const old = await service.active();
  const fresh = await make(old);
  await approve(old, fresh);
  return { old, fresh };
}

const statusOf = async (token: { userId: string }) => (await replacements(service).show(token)).status;

/** The statuses of the tokens that were to take a token's place. */
async function successorsOf({ userId }: { userId: string }) {
  const { rows } = await sql<{ user_id: string }>`
    select user_id from tokens where replaces = ${userId} order by issued_at`.execute(here.db);
  return Promise.all(rows.map((row) => statusOf({ userId: row.user_id })));
}

test('ten that begin at once: exactly one survives', async () => {
  for (let round = 0; round < 3; round += 1) {
    const old = await service.active();
    const statuses = await Promise.all(Array.from({ length: 10 }, (_, node) => begin(node, old)));
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 201));
    const successors = await successorsOf(old);
    expect(successors.filter((status) => status === 'issued')).toHaveLength(1);
    expect(successors.filter((status) => status === 'void')).toHaveLength(9);
  }
});

test('the first code sent ten times at once puts one token into use, once', async () => {
  const { old, fresh } = await ready();
  const code = await fresh.code();
  const send = (node: number) => post(node, `/v1/tokens/${fresh.userId}/activate`, { code });
  const statuses = await Promise.all(Array.from({ length: 10 }, (_, node) => send(node)));
  expect(statuses).not.toContain(500);
  const { audited } = replacements(service);
  expect((await audited(old)).filter((line) => line === 'replace done')).toHaveLength(1);
  expect((await audited(fresh)).filter((line) => line === 'activate done')).toHaveLength(1);
  expect([await statusOf(old), await statusOf(fresh)]).toEqual(['released', 'active']);
});

test.each(['suspend', 'release'] as const)(
  'staff %s the old token meanwhile: either it was replaced before, or the new one is void',
  async (act) => {
    const ends = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const { old, fresh } = await ready();
      const statuses = await Promise.all([
        activate(round, fresh),
        byStaff(round + 1, old, act),
        byStaff(round, old, act),
      ]);
      expect(statuses).not.toContain(500);
      const end = `${await statusOf(old)}, ${await statusOf(fresh)}`;
      ends.add(end);
      const { replacedBy } = await replacements(service).show(old);
      expect(replacedBy).toBe(end.endsWith('active') ? fresh.userId : undefined);
    }
    const stopped = act === 'suspend' ? 'suspended, void' : 'released, void';
    for (const end of ends) expect(['released, active', stopped]).toContain(end);
  },
);

test('a second one begun meanwhile: of the two tokens one can be in use', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { old, fresh } = await ready();
    const [taken, begun] = await Promise.all([activate(round, fresh), begin(round + 1, old)]);
    const successors = (await successorsOf(old)).toSorted();
    if (begun === 409) {
      expect(taken).toBe(200);
      expect(successors).toEqual(['active']);
    } else {
      expect(successors).toEqual(['issued', 'void']);
      expect(await statusOf(old)).toBe('active');
    }
  }
});

test('begun while staff suspend the old token, which is resumed: nothing is left of it', async () => {
  for (let round = 0; round < 10; round += 1) {
    const old = await service.active();
    const statuses = await Promise.all([
      begin(round, old),
      byStaff(round + 1, old, 'suspend'),
      begin(round + 1, old),
    ]);
    expect(statuses[1]).toBe(200);
    const resumed = await service.staff('POST', `/v1/staff/tokens/${old.userId}/resume`, {
      actor: 'staff01',
      reason: '競合の試験',
    });
    expect(resumed.status).toBe(200);
    expect((await successorsOf(old)).filter((status) => status !== 'void')).toEqual([]);
  }
});

test('whatever is done to both at once: no two statements wait for each other, and the end is one of two', async () => {
  const oneCustomer = async ({ old, fresh }: Awaited<ReturnType<typeof ready>>) => {
    const { ask, shown, decideOn, path } = confirmations(service);
    const asked = await ask(old);
    const details = (await shown(old)).find((one) => one.details.includes(asked.id))?.details;
    const statuses = await Promise.all([
      activate(0, fresh),
      activate(1, fresh),
      (await decideOn(old, asked.id, 'not-me', details)).status,
      post(0, path(old, `/${asked.id}/verify`), { transaction: TRANSFER }),
      post(1, `/v1/tokens/${old.userId}/verify`, { code: await old.code() }),
      post(0, `/v1/tokens/${old.userId}/release`, { code: await old.code(1) }),
      post(1, `/v1/tokens/${fresh.userId}/void`, {}),
      byStaff(1, old, 'suspend'),
    ]);
    expect(statuses).not.toContain(500);
    const both = [await statusOf(old), await statusOf(fresh)];
    const { replacedBy } = await replacements(service).show(old);
    if (both[1] === 'active') expect([both[0], replacedBy]).toEqual(['released', fresh.userId]);
    else expect([both[1], replacedBy]).toEqual(['void', undefined]);
  };
  const customers: Awaited<ReturnType<typeof ready>>[] = [];
  while (customers.length < 8) customers.push(await ready());
  await Promise.all(customers.map(oneCustomer));
});

test('a crash in the middle leaves the old token in use, and a repeat with the same key completes it', async () => {
  const { old, fresh } = await ready();
  const code = await fresh.code();
  const idempotencyKey = randomUUID();
  const send = () => post(0, `/v1/tokens/${fresh.userId}/activate`, { code }, { idempotencyKey });
  const held = Promise.withResolvers<void>();
  const killed = Promise.withResolvers<void>();
  const holding = there.db.transaction().execute(async (trx) => {
    await sql`select from tokens where id = ${fresh.tokenId} for update`.execute(trx);
    held.resolve();
    await killed.promise;
  });
  await held.promise;
  // The statement has the old token and waits for the new one, which somebody holds.
  const write = { key: service.apiKey, body: { code }, idempotencyKey };
  const sent = postTo(node(0), `/v1/tokens/${fresh.userId}/activate`, write);
  await waitingStatement();
  await server.kill();
  killed.resolve();
  await expect(holding).rejects.toThrow();
  expect((await sent).status).toBe(503);
  await server.restart();
  // The nodes find their connections gone, one after the other.
  const both = () => Promise.all([statusOf(old), statusOf(fresh)]).catch(() => []);
  await expect.poll(both, { timeout: 30_000 }).toEqual(['active', 'enrolled']);
  expect(await send()).toBe(200);
  expect([await statusOf(old), await statusOf(fresh)]).toEqual(['released', 'active']);
  const { audited } = replacements(service);
  expect((await audited(old)).filter((line) => line === 'replace done')).toHaveLength(1);
}, 60_000);

/** Resolves when a statement waits for a lock. */
async function waitingStatement(): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await sql`select from pg_stat_activity where wait_event_type = 'Lock'`.execute(
          here.db,
        );
        return rows.length;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0);
}
