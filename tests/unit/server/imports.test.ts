import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../../core/api/audit.ts';
import { type ExistingSerials, IMPORT, type Import, type ImportRow } from '../../../core/api/imports.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { hardware } from '../../service/test-hardware.ts';
import { createTestService, type TestService } from '../../service/test-service.ts';

/** `/v1/staff/imports`: tokens of a file, taken in a row at a time. */

let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
});
afterAll(() => database.close());

const newDigest = () => randomBytes(32).toString('hex');
const BY = { actor: 'staff01', reason: '納品書 1207', fileName: 'tokens-1207.xml' };

const begin = (digest: string, tokens: number, body: object = {}) =>
  service.staff('PUT', `/v1/staff/imports/${digest}`, { ...BY, tokens, ...body });
const send = (digest: string, from: number, rows: readonly object[]) =>
  service.staff('PUT', `/v1/staff/imports/${digest}/rows/${from}`, { rows });
const standing = async (response: Response | Promise<Response>) => (await (await response).json()) as Import;
const existingOf = async (digest: string, query = '') =>
  (await (
    await service.staff('GET', `/v1/staff/imports/${digest}/existing${query}`)
  ).json()) as ExistingSerials;

let made = 0;
function row(changes: object = {}): ImportRow {
  made += 1;
  const key = randomBytes(20).toString('base64url');
  const serial = `IM${String(made).padStart(8, '0')}`;
  return { line: made, serial, key, algorithm: 'SHA-1', digits: 6, counter: 0, ...changes } as ImportRow;
}
const rows = (count: number) => Array.from({ length: count }, () => row());

test('rows are taken one after the other until there are as many as the file has', async () => {
  const digest = newDigest();
  const [one, ...others] = rows(5);
  expect(await standing(begin(digest, 5))).toEqual({
    digest,
    fileName: 'tokens-1207.xml',
    actor: 'staff01',
    tokens: 5,
    taken: 0,
    added: 0,
    startedAt: expect.any(String),
  });
  expect(await standing(send(digest, 0, [one as ImportRow]))).toMatchObject({ taken: 1, added: 1 });
  const over = await standing(send(digest, 1, others));
  expect(over).toMatchObject({ taken: 5, added: 5, endedAt: expect.any(String) });
  expect(await standing(service.staff('GET', `/v1/staff/imports/${digest}`))).toEqual(over);
  expect(await existingOf(digest)).toEqual({ existing: [] });
});

test('a repeat, and rows that are not next, change nothing; the answer says how far it is', async () => {
  const digest = newDigest();
  const sent = rows(2);
  await begin(digest, 4);
  await send(digest, 0, sent);
  expect(await standing(send(digest, 0, sent))).toMatchObject({ taken: 2, added: 2 });
  expect(await standing(send(digest, 3, rows(1)))).toMatchObject({ taken: 2, added: 2 });
  expect(await standing(begin(digest, 4, { actor: 'staff02' }))).toMatchObject({
    taken: 2,
    actor: 'staff01',
  });
  expect(await existingOf(digest)).toEqual({ existing: [] });
});

test('a serial that is there already is left as it is, and told with its line', async () => {
  const devices = hardware(service);
  const bound = await devices.bound({ algorithm: 'SHA-1', digits: 6, period: null });
  const digest = newDigest();
  const sent = [row(), row({ serial: bound.serial, line: 77 }), row()];
  await begin(digest, 3);
  expect(await standing(send(digest, 0, sent))).toMatchObject({ taken: 3, added: 2 });
  expect(await existingOf(digest)).toEqual({ existing: [{ line: 77, serial: bound.serial }] });
  expect(await service.present('verify', bound, await bound.code(2))).toMatchObject({ accepted: true });
});

test('of a file whose tokens are all there, all are told, a page at a time', async () => {
  const parts = Array.from({ length: 4 }, () => rows(150));
  const [first, second] = [newDigest(), newDigest()];
  for (const digest of [first, second]) {
    await begin(digest, 600);
    for (const [place, part] of parts.entries()) await send(digest, place * 150, part);
  }
  expect(await existingOf(first)).toEqual({ existing: [] });
  const page = await existingOf(second);
  expect(page.existing).toHaveLength(IMPORT.existingPage);
  const rest = await existingOf(second, `?after=${page.next}`);
  expect(rest.next).toBeUndefined();
  const told = [...page.existing, ...rest.existing].map(({ line, serial }) => ({ line, serial }));
  expect(told).toEqual(parts.flat().map(({ line, serial }) => ({ line, serial })));
});

describe('a file with all its tokens in one line', () => {
  const parts = Array.from({ length: 4 }, () => rows(150).map((one) => ({ ...one, line: 1 })));
  const [first, second] = [newDigest(), newDigest()];
  const sendAll = async (digest: string) => {
    await begin(digest, 600);
    for (const [place, part] of parts.entries()) await send(digest, place * 150, part);
    return standing(service.staff('GET', `/v1/staff/imports/${digest}`));
  };

  test('is taken where its tokens are there already, and all are told, a page at a time', async () => {
    expect(await sendAll(first)).toMatchObject({ taken: 600, added: 600 });
    expect(await sendAll(second)).toMatchObject({ taken: 600, added: 0, endedAt: expect.any(String) });
    const page = await existingOf(second);
    expect(page).toMatchObject({ next: 1 });
    const rest = await existingOf(second, `?after=1&afterSerial=${page.existing.at(-1)?.serial}`);
    expect(rest.next).toBeUndefined();
    expect([...page.existing, ...rest.existing]).toEqual(
      parts.flat().map(({ line, serial }) => ({ line, serial })),
    );
    // Who does not name the serial goes on with the next line.
    expect(await existingOf(second, '?after=1')).toEqual({ existing: [] });
  });

  test('is taken where one of its tokens, which is there, is sent twice', async () => {
    const digest = newDigest();
    const [part = []] = parts;
    await begin(digest, 300);
    await send(digest, 0, part);
    expect(await standing(send(digest, 150, part))).toMatchObject({ taken: 300, added: 0 });
    expect((await existingOf(digest)).existing).toHaveLength(150);
  });
});

test('tokens of both kinds are bound and used, with the parameters of their file', async () => {
  const devices = hardware(service);
  const clock = { algorithm: 'SHA-512', digits: 8, period: 60 } as const;
  const counted = await devices.make({ algorithm: 'SHA-256', digits: 8, period: null }, { nextCount: 41 });
  for (const [token, at] of [
    [await devices.make(clock), -1],
    [counted, 41],
  ] as const) {
    expect(await devices.bind(token.serial, await token.pair(at))).toMatchObject({ accepted: true });
  }
});

describe('refused', () => {
  const refusal = async (response: Response | Promise<Response>) => {
    const answer = (await (await response).json()) as { status: number; code: string };
    return [answer.status, answer.code];
  };

  test.each([
    ['two rows of a serial', () => [row({ serial: 'IMTWICE1' }), row({ serial: 'IMTWICE1' })]],
    ['no rows', () => []],
    ['too many rows', () => rows(IMPORT.rows + 1)],
    ['a short key', () => [row({ key: 'A'.repeat(18) })]],
    ['a long key', () => [row({ key: 'A'.repeat(87) })]],
    ['a serial as people write it', () => [row({ serial: 'im-0001' })]],
    ['seven digits', () => [row({ digits: 7 })]],
    ['a counter and a period', () => [row({ period: 30, drift: 0 })]],
    ['a counter beyond counting', () => [row({ counter: 2_000_000_001 })]],
    ['a line that no file has', () => [row({ line: 2 ** 31 })]],
    ['an expiry before any calendar', () => [row({ expiresAt: '0000-01-01T00:00:00Z' })]],
    ['a value that nobody knows', () => [row({ userId: '123456789012' })]],
  ])('%s', async (_what, sent) => {
    const digest = newDigest();
    await begin(digest, 1_000);
    expect(await refusal(send(digest, 0, sent()))).toEqual([400, 'invalid_request']);
    expect(await standing(service.staff('GET', `/v1/staff/imports/${digest}`))).toMatchObject({ taken: 0 });
  });

  test('an import that nobody began, a file without tokens, and another number of them', async () => {
    const digest = newDigest();
    expect(await refusal(send(digest, 0, rows(1)))).toEqual([404, 'not_found']);
    expect(await refusal(service.staff('GET', `/v1/staff/imports/${digest}`))).toEqual([404, 'not_found']);
    expect(await refusal(begin(digest, 0))).toEqual([400, 'invalid_request']);
    await begin(digest, 2);
    expect(await refusal(begin(digest, 3))).toEqual([409, 'state_conflict']);
    expect(await refusal(begin('FF'.repeat(32), 3))).toEqual([400, 'invalid_request']);
  });

  test('rows beyond the number of tokens the import was begun with, and a repeat of the last ones is none', async () => {
    const digest = newDigest();
    const beyond = [400, 'invalid_request', ['rows']];
    const answered = async (response: Promise<Response>) => {
      const { status, code, fields } = (await (await response).json()) as Record<string, unknown>;
      return [status, code, fields];
    };
    const sent = rows(2);
    await begin(digest, 2);
    expect(await answered(send(digest, 0, rows(3)))).toEqual(beyond);
    expect(await answered(send(digest, 2, rows(1)))).toEqual(beyond);
    expect(await standing(send(digest, 0, sent))).toMatchObject({ taken: 2 });
    expect(await answered(send(digest, 2, rows(1)))).toEqual(beyond);
    expect(await standing(send(digest, 0, sent))).toMatchObject({ taken: 2 });
    expect(await standing(send(digest, 1, sent.slice(1)))).toMatchObject({ taken: 2 });
  });

  test("the bank's key, and another institution's staff", async () => {
    const digest = newDigest();
    await begin(digest, 2);
    expect(await refusal(service.bank('GET', `/v1/staff/imports/${digest}`))).toEqual([
      403,
      'key_not_allowed',
    ]);
    const Authorization = `Bearer ${await service.keyOf('staff', 'akita')}`;
    const theirs = await service.bank(
      'PUT',
      `/v1/staff/imports/${digest}/rows/0`,
      { rows: rows(1) },
      { Authorization },
    );
    expect(theirs.status).toBe(404);
  });
});

test('the audit says who imported what, and when it was over', async () => {
  const page = async () =>
    ((await (await service.staff('GET', '/v1/staff/audit?actor=staff77')).json()) as AuditPage).entries;
  const digest = newDigest();
  await begin(digest, 2, { actor: 'staff77' });
  await begin(digest, 2, { actor: 'staff77' });
  await send(digest, 0, rows(1));
  const begun = { event: 'begin-import', outcome: 'done', actor: 'staff77', reason: BY.reason };
  expect(await page()).toMatchObject([begun]);
  await send(digest, 1, rows(1));
  await send(digest, 1, rows(1));
  expect(await page()).toMatchObject([{ ...begun, event: 'import' }, begun]);
  const named = await service.db
    .selectFrom('audit')
    .select('token_id')
    .distinct()
    .where('actor', '=', 'staff77')
    .execute();
  expect(named).toEqual([{ token_id: `import ${digest}` }]);
});

test('A22, A24: no key is readable in the database or the log', async () => {
  const digest = newDigest();
  const [sent] = rows(1);
  await begin(digest, 1);
  await send(digest, 0, [sent as ImportRow]);
  const { secret } = await service.db
    .selectFrom('tokens')
    .select('secret')
    .where('serial', '=', sent?.serial ?? '')
    .executeTakeFirstOrThrow();
  const key = Buffer.from(sent?.key ?? '', 'base64url');
  expect(Buffer.from(secret ?? []).includes(key)).toBe(false);
  expect(service.log.join('')).not.toContain(sent?.key);
});
