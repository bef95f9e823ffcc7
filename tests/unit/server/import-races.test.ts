import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import type { Import, ImportRow } from '../../../core/api/imports.ts';
import { SENPOKU } from '../../institutions.ts';
import { answered } from '../../service/answered.ts';
import { ORIGIN, type TestService } from '../../service/test-service.ts';
import { type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** Files of tokens that are sent by many at the same moment, over two nodes on one PostgreSQL. */

let service: TestService;
let node: TwoNodes['node'];

useTwoNodes(
  (nodes) => {
    ({ service, node } = nodes);
  },
  { institutions: [SENPOKU] },
);

const SENDERS = 10;
const BATCH = 20;

const rowsOf = (name: string, count: number): ImportRow[] =>
  Array.from({ length: count }, (_, place) => ({
    line: place + 1,
    serial: `${name}${String(place).padStart(6, '0')}`,
    key: randomBytes(20).toString('base64url'),
    algorithm: 'SHA-1',
    digits: 6,
    counter: 0,
  }));

/** Sends a file as a client does: from where the service stands, and again what a busy node does not answer. */
async function sendAll(index: number, digest: string, rows: readonly ImportRow[]): Promise<Import> {
  const put = async (path: string, body: object): Promise<Import> => {
    const response = await answered(`PUT ${path}`, async () =>
      node(index).request(`${ORIGIN}/v1/staff/imports/${digest}${path}`, {
        method: 'PUT',
        headers: { Authorization: `Bearer ${service.staffKey}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    expect(response.status).toBe(200);
    return response.json() as Promise<Import>;
  };
  const asked = { fileName: 'tokens.csv', tokens: rows.length, actor: 'staff01', reason: '納品' };
  let standing = await put('', asked);
  while (standing.endedAt === undefined) {
    const { taken } = standing;
    standing = await put(`/rows/${taken}`, { rows: rows.slice(taken, taken + BATCH) });
  }
  return standing;
}

const serials = async (name: string) => {
  const rows = await service.db
    .selectFrom('tokens')
    .select('serial')
    .where('serial', 'like', `${name}%`)
    .execute();
  return rows.map(({ serial }) => serial).sort();
};

test('of one file that many send, each token is there once, and all see it end', async () => {
  const rows = rowsOf('SAME', 200);
  const digest = randomBytes(32).toString('hex');
  const ends = await Promise.all(Array.from({ length: SENDERS }, (_, index) => sendAll(index, digest, rows)));
  expect(new Set(ends.map(({ endedAt }) => endedAt)).size).toBe(1);
  expect(ends[0]).toMatchObject({ taken: 200, added: 200 });
  expect(await serials('SAME')).toEqual(rows.map(({ serial }) => serial));
  const audited = await service.db
    .selectFrom('audit')
    .select('event')
    .where('token_id', '=', `import ${digest}`)
    .orderBy('id')
    .execute();
  expect(audited.map(({ event }) => event)).toEqual(['begin-import', 'import']);
});

test('of two files with the same tokens in another order, each token is there once and counted once', async () => {
  const rows = rowsOf('BOTH', 200);
  const ends = await Promise.all(
    [rows, rows.toReversed()].map((file, index) => sendAll(index, randomBytes(32).toString('hex'), file)),
  );
  expect(ends.map(({ taken }) => taken)).toEqual([200, 200]);
  expect(ends.reduce((sum, { added }) => sum + added, 0)).toBe(200);
  expect(await serials('BOTH')).toEqual(rows.map(({ serial }) => serial));
});

test('two files whose rows cross while both wait for a third sender are both taken', async () => {
  const rows = rowsOf('CROSS', 3);
  const [first, middle, last] = rows as [ImportRow, ImportRow, ImportRow];
  const files = [
    [first, last, middle],
    [middle, last, first],
  ].map((file) => file.map((row, place) => ({ ...row, line: place + 1 })));
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const third = service.db.transaction().execute(async (transaction) => {
    await sql`
      insert into tokens (id, institution, status, serial, secret, kind, algorithm, digits, confirmation_mode, last_step, drift, issued_at, enrolled_at)
      values ('third', 'senpoku', 'enrolled', ${last.serial}, '', 'hardware-hotp', 'SHA-1', 6, 'approve', 0, 0, now(), now())`.execute(
      transaction,
    );
    held.resolve();
    await released.promise;
    throw new Error('goes back');
  });
  await held.promise;
  const sending = files.map((file, index) => sendAll(index, randomBytes(32).toString('hex'), file));
  await vi.waitFor(async () => {
    const { rows: waiting } = await sql`
      select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
      service.db,
    );
    expect(waiting).toHaveLength(2);
  }, 30_000);
  released.resolve();
  await expect(third).rejects.toThrow('goes back');
  const ends = await Promise.all(sending);
  expect(ends.reduce((sum, { added }) => sum + added, 0)).toBe(3);
  expect(await serials('CROSS')).toEqual(rows.map(({ serial }) => serial));
});
