import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresTools } from '../postgres-tools.ts';
import { activeToken, client } from './active-token.ts';
import { twoInstitutions, writeDirectory } from './cells-directory.ts';
import { warifu } from './command.ts';
import { freePort } from './free-port.ts';
import { type RunningPart, startPart } from './process.ts';
import { type SystemPostgres, startSystemPostgres } from './system-postgres.ts';

/** senpoku is moved to a database of its own, and the operators' command works on both. */

let server: SystemPostgres;
let port: number;
let data: string;
let env: Record<string, string>;
let node: RunningPart | undefined;

beforeAll(async () => {
  server = await startSystemPostgres();
  port = await freePort();
  data = mkdtempSync(join(tmpdir(), 'warifu-data-'));
  env = {
    WARIFU_DATA: data,
    WARIFU_PORT: String(port),
    WARIFU_DIRECTORY: join(data, 'directory.json'),
    DATABASE_URL: server.createDatabase('main'),
  };
});
afterAll(async () => {
  await node?.kill('SIGKILL');
  server.stop();
});

const tool = (name: string, ...args: string[]) =>
  execFileSync(join(postgresTools(), name), args, { stdio: 'ignore' });

async function start(): Promise<void> {
  node = await startPart('server/main.ts', env);
}

/** The tokens of both institutions, each with a code that is spent. */
function spentTokens() {
  const url = `http://127.0.0.1:${port}`;
  return Promise.all(
    Object.values(twoInstitutions(port)).map(async (institution) => {
      const { userId, code } = await activeToken(data, port, url, institution);
      const verify = async (presented: string) =>
        (await client(data, url, institution.key)(`/v1/tokens/${userId}/verify`, { code: presented })).json();
      const spent = await code(0);
      expect(await verify(spent)).toMatchObject({ accepted: true });
      return { verify, spent, code };
    }),
  );
}

test('moved by a copy, codes go on and spent ones stay spent; the commands know which database is whose', async () => {
  writeDirectory(join(data, 'directory.json'), port, false);
  await start();
  const tokens = await spentTokens();
  await node?.kill('SIGTERM');

  const dump = join(data, 'service.dump');
  const north = server.createDatabase('north');
  env = { ...env, DATABASE_URL_NORTH: north };
  tool('pg_dump', '--format=custom', `--file=${dump}`, env.DATABASE_URL ?? '');
  tool('pg_restore', '--exit-on-error', '--single-transaction', `--dbname=${north}`, dump);
  writeDirectory(join(data, 'directory.json'), port, true);

  await start();
  for (const { verify, spent, code } of tokens) {
    expect(await verify(spent)).toMatchObject({ accepted: false });
    expect(await verify(await code(1))).toMatchObject({ accepted: true });
  }
  await node?.kill('SIGTERM');

  const service = ['--part', 'service'];
  const heads = join(data, 'heads.json');
  const verified = await warifu(['audit', 'verify', ...service, '--heads', heads], env);
  expect(verified.out).toContain('token service, akagi: good: ');
  expect(verified.out).toContain('token service (north), senpoku: good: ');
  expect(verified.code).toBe(0);
  expect(await warifu(['audit', 'verify', ...service, '--since', heads], env)).toMatchObject({ code: 0 });

  const listed = await warifu(['key', 'list'], env);
  for (const key of ['akagi', 'senpoku']) {
    expect(listed.out.match(new RegExp(`${key} +bank`, 'g')), listed.err).toHaveLength(1);
  }

  const out = join(data, 'backup');
  const backedUp = await warifu(['backup', ...service, '--keys', '--out', out], env);
  expect(backedUp.code, backedUp.err).toBe(0);
  const restored = await warifu(['restore', ...service, out], {
    ...env,
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-data-')),
    DATABASE_URL: server.createDatabase('main_restored'),
    DATABASE_URL_NORTH: server.createDatabase('north_restored'),
  });
  const [first = '', second = ''] = restored.out.split(/^(?=token service \(north\): good: )/m);
  expect(first, restored.err).toMatch(/^token service: good: .*\ntoken service: in force: \w+ +akagi +bank /);
  expect(second).toMatch(/^.*\ntoken service \(north\): in force: \w+ +senpoku +bank /);
  expect(first).not.toContain('senpoku');

  const key = Buffer.alloc(32, 7).toString('base64url');
  const withBothKeys = {
    ...env,
    WARIFU_MASTER_KEY: key,
    WARIFU_MASTER_KEY_PREVIOUS: readFileSync(join(data, 'master.key'), 'utf8').trim(),
  };
  const rotations = async () =>
    [
      ...(await warifu(['doctor'], withBothKeys)).out.matchAll(
        /rotation of the master key: the database of the (.*) is held by the (\w+) key/g,
      ),
    ].map(([, database, holder]) => [database, holder]);
  expect(await rotations()).toEqual([
    ['token service', 'previous'],
    ['token service (north)', 'previous'],
  ]);
  const rotated = await warifu(['master-key', 'rotate'], withBothKeys);
  expect(rotated.out, rotated.err).toMatch(
    /^token service: \d+ secrets were sealed again\ntoken service \(north\): \d+ secrets were sealed again\n$/,
  );
  expect(await rotations()).toEqual([
    ['token service', 'present'],
    ['token service (north)', 'present'],
  ]);
});
