import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPostgres } from '../../server/store/database.ts';
import { SENPOKU } from '../institutions.ts';
import { warifu } from './command.ts';
import { freePort } from './free-port.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';
import { startPart } from './process.ts';

/** `npm run warifu -- doctor` and `… directory check`, beside real parts. */

let server: TestPostgres;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  env = {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-data-')),
    WARIFU_PORT: String(await freePort()),
  };
});

const doctor = (...args: string[]) => warifu(['doctor', ...args], env);

const withDatabase = async (name: string) => {
  env = { ...env, DATABASE_URL: await server.createDatabase(name) };
};

test('before the first start it warns, says what will be made, and makes nothing', async () => {
  const { out, code } = await doctor();
  expect(out).toMatch(/^warning key of the token service: neither in WARIFU_MASTER_KEY nor in/m);
  expect(out).toMatch(/^warning database of the token service: there is none in .* yet/m);
  expect(out).toMatch(/^warning token service: nothing answers at http:\/\/127.0.0.1:\d+\/readyz; start it/m);
  expect(code).toBe(0);
  expect((await doctor()).out).toBe(out);
});

test('beside a running service it looks into database, keys and clock', async () => {
  await withDatabase('running');
  const part = await startPart('server/main.ts', env);
  const { out, code } = await doctor();
  await part.kill('SIGTERM');
  expect(out).toMatch(/^ok {6}data folder: .* is for its user alone$/m);
  expect(out).toMatch(/^ok {6}database of the token service: PostgreSQL \d+, with the same time$/m);
  expect(out).toMatch(/^ok {6}database of the token service: all \d+ migrations have run$/m);
  expect(out).toMatch(/^ok {6}key of the token service: is the one its database was written with$/m);
  expect(out).toMatch(/^ok {6}token service: ready at/m);
  expect(code).toBe(0);
});

test('a built-in database is looked into once its part has stopped', async () => {
  const part = await startPart('server/main.ts', env);
  expect((await doctor()).out).toMatch(
    /^warning database of the token service: .*stop the token service first/m,
  );
  await part.kill('SIGTERM');
  expect((await doctor()).out).toMatch(/^ok {6}database of the token service: the built-in PostgreSQL \d+$/m);
});

test('another key, a migration of a later version and an open file are errors', async () => {
  await withDatabase('wrong');
  await (await startPart('server/main.ts', env)).kill('SIGTERM');
  const { db, close } = await openPostgres(env.DATABASE_URL ?? '');
  await sql`insert into kysely_migration (name, timestamp) values ('9999_later_contract', '')`.execute(db);
  await close();
  chmodSync(join(env.WARIFU_DATA ?? '', 'signing-key.json'), 0o644);
  env = { ...env, WARIFU_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url'), WARIFU_BANK_KEY: 'short' };
  const { out, code } = await doctor();
  expect(out).toMatch(/^error {3}data folder: other users can reach .*signing-key.json; chmod/m);
  expect(out).toMatch(/^error {3}key of the bank: WARIFU_BANK_KEY holds no such key/m);
  expect(out).toMatch(
    /^error {3}database of the token service: a later version has migrated it: 9999_later_contract; install/m,
  );
  expect(out).toMatch(/^error {3}key of the token service: is not the one its database was written with/m);
  expect(code).toBe(1);
});

test('a rotation that is under way is told, with what comes next', async () => {
  await withDatabase('rotating');
  await (await startPart('server/main.ts', env)).kill('SIGTERM');
  const fileOf = (name: string) => join(env.WARIFU_DATA ?? '', name);
  const rotations = async () =>
    (await doctor()).out.split('\n').filter((line) => line.startsWith('warning rotation'));
  expect(await rotations()).toEqual([]);

  writeFileSync(fileOf('master-next.key'), Buffer.alloc(32, 7).toString('base64url'), { mode: 0o600 });
  await warifu(['signing-key', 'rotate', 'prepare'], env);
  expect(await rotations()).toEqual([
    expect.stringMatching(/master key: the next key is there; once every node/),
    expect.stringMatching(/signing key: the next key is prepared; .* rotate switch in 14 days/),
  ]);

  renameSync(fileOf('master.key'), fileOf('master-previous.key'));
  renameSync(fileOf('master-next.key'), fileOf('master.key'));
  await warifu(['signing-key', 'rotate', 'switch', '--force'], env);
  expect(await rotations()).toEqual([
    expect.stringMatching(/signing key: the present key is endorsed .* rotate finish in 90 days/),
    expect.stringMatching(
      /master key: the database of the token service is held by the previous key; .*master-key rotate$/,
    ),
  ]);

  await warifu(['master-key', 'rotate'], env);
  await warifu(['signing-key', 'rotate', 'finish', '--force'], env);
  expect(await rotations()).toEqual([
    expect.stringMatching(
      /master key: the database of the token service is held by the present key; .* take the previous key away/,
    ),
  ]);
  rmSync(fileOf('master-previous.key'));
  expect(await rotations()).toEqual([]);
});

test('a database that a later version has expanded is a warning, as this one goes on with it', async () => {
  await withDatabase('expanded');
  await (await startPart('server/main.ts', env)).kill('SIGTERM');
  const { db, close } = await openPostgres(env.DATABASE_URL ?? '');
  await sql`insert into kysely_migration (name, timestamp) values ('9998_next', '')`.execute(db);
  await close();
  const { out, code } = await doctor();
  expect(out).toMatch(/^warning database of the token service: a later version has migrated it: 9998_next;/m);
  expect(code).toBe(0);
});

test('a database that cannot be reached is an error', async () => {
  env = { ...env, DATABASE_URL: 'postgres://warifu:secret@127.0.0.1:1/warifu' };
  const { out, code } = await doctor();
  expect(out).toMatch(/^error {3}database of the token service: .*ECONNREFUSED/m);
  expect(out).not.toContain('secret');
  expect(code).toBe(1);
});

test('the clock is compared with the Date of an answer', async () => {
  const offsets = [0, 5_000, -60_000];
  const time = createServer((_request, response) => {
    response.setHeader('Date', new Date(Date.now() + (offsets.shift() ?? 0)).toUTCString()).end();
  });
  await new Promise<void>((resolve) => time.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(time.address() as AddressInfo).port}/`;
  expect((await doctor('--clock', url)).out).toMatch(/^ok {6}clock against .*: the same$/m);
  expect((await doctor('--clock', url)).out).toMatch(/^warning clock against .*: \d\.\d s behind it; set/m);
  const wrong = await doctor('--clock', url);
  expect(wrong.out).toMatch(/^error {3}clock against .*: \d\d\.\d s ahead of it; set/m);
  expect(wrong.code).toBe(1);
  time.close();
});

test('a directory is checked as the start does, with its line', async () => {
  const file = join(env.WARIFU_DATA ?? '', 'directory.json');
  const check = (institution: object) => {
    writeFileSync(file, JSON.stringify({ institutions: [institution] }, null, 2));
    return warifu(['directory', 'check', file], env);
  };
  expect(await check(SENPOKU)).toMatchObject({ code: 0, out: `${file}: good: 1 institutions: senpoku\n` });
  const wrong = await check({ ...SENPOKU, color: 'red' });
  expect(wrong).toMatchObject({
    code: 1,
    out: expect.stringMatching(/directory.json:\d+: institutions.0.color: /),
  });
  const part = await startPart('server/main.ts', { ...env, WARIFU_DIRECTORY: file });
  expect(part.output.join('\n')).toContain(wrong.out.trim());
  const kind = await check({ ...SENPOKU, tokenKind: 'hardware-hotp' });
  expect(kind).toMatchObject({
    code: 1,
    out: expect.stringMatching(/directory.json:\d+: institutions.0.tokenKind: /),
  });
});
