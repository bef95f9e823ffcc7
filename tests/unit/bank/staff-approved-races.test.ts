import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenDatabase, openPostgres } from '../../../bank/store/database.ts';
import { takeLeftProposal } from '../../../bank/store/left-acts.ts';
import { startPostgres, type TestPostgres } from '../../service/postgres.ts';

/** Two nodes of the bank at the same moment, on one PostgreSQL. */

const COUNT = 20;
const NOW = Date.parse('2026-11-27T12:00:00Z');
const MINUTE = 60_000;

let server: TestPostgres;
let nodes: OpenDatabase[];

beforeAll(async () => {
  server = await startPostgres();
  nodes = [await openPostgres(server.url), await openPostgres(server.url)];
}, 60_000);
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await server.stop();
});

test('one of them takes each unfinished proposal', async () => {
  const [{ db }] = nodes as [OpenDatabase, OpenDatabase];
  const ids = Array.from({ length: COUNT }, (_, index) => `customer${index}`);
  const old = { institution: 'senpoku', name: '見本', password_hash: 'x', confirmation_hash: 'x' };
  await db
    .insertInto('customers')
    .values(ids.map((id) => ({ ...old, id, login_id: id })))
    .execute();
  const approved = {
    institution: 'senpoku',
    user_id: '000000000001',
    token_status: 'active',
    act: 'suspend',
    reason: '紛失',
    proposed_by: 'staff01',
    proposed_at: new Date(NOW - 3 * MINUTE),
    ends_at: new Date(NOW + MINUTE),
    state: 'approved',
    decided_by: 'staff02',
    decided_at: new Date(NOW - 2 * MINUTE),
  } as const;
  await db
    .insertInto('proposals')
    .values(ids.map((customer_id) => ({ ...approved, customer_id })))
    .execute();
  const taking = {
    institutions: ['senpoku'],
    now: new Date(NOW),
    before: new Date(NOW - MINUTE),
    since: new Date(NOW - 60 * MINUTE),
  };
  const taken = await Promise.all(
    Array.from({ length: 4 * COUNT }, (_, turn) =>
      takeLeftProposal((nodes[turn % 2] as OpenDatabase).db, taking),
    ),
  );
  const found = taken.flatMap((row) => (row === undefined ? [] : [row.customer_id]));
  expect(found.toSorted()).toEqual(ids.toSorted());
  expect(await takeLeftProposal(db, taking)).toBeUndefined();
}, 60_000);
