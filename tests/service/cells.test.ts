import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Institution } from '../../core/institution/directory.ts';
import { activeToken, client } from './active-token.ts';
import { twoInstitutions, writeDirectory } from './cells-directory.ts';
import { warifu } from './command.ts';
import { freePort } from './free-port.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';
import { type RunningPart, startPart } from './process.ts';

/** Two institutions on two PostgreSQL servers: akagi on the main one, senpoku on that of the north. */

type Active = Awaited<ReturnType<typeof activeToken>>;

let main: TestPostgres;
let north: TestPostgres;
let data: string;
let port: number;
let url: string;
let env: Record<string, string>;
let node: RunningPart;
let institutions: { readonly akagi: Institution; readonly senpoku: Institution };
const tokens = new Map<Institution, Active>();

beforeAll(async () => {
  [main, north, port] = await Promise.all([startPostgres(), startPostgres(), freePort()]);
  data = mkdtempSync(join(tmpdir(), 'warifu-data-'));
  url = `http://127.0.0.1:${port}`;
  institutions = twoInstitutions(port);
  const directory = join(data, 'directory.json');
  writeDirectory(directory, port, true);
  env = {
    WARIFU_DATA: data,
    WARIFU_PORT: String(port),
    WARIFU_DIRECTORY: directory,
    DATABASE_URL: main.url,
    DATABASE_URL_NORTH: north.url,
  };
  node = await startPart('server/main.ts', env);
  for (const one of Object.values(institutions)) tokens.set(one, await activeToken(data, port, url, one));
});
afterAll(async () => {
  await node.kill('SIGTERM');
  await Promise.all([main.stop(), north.stop()]);
});

function tokenOf(institution: Institution): Active {
  const token = tokens.get(institution);
  if (token === undefined) throw new Error(`${institution.key} has no token`);
  return token;
}

/** What the service answers to an institution's bank. */
async function status(institution: Institution): Promise<number> {
  const { userId } = tokenOf(institution);
  const answer = await client(data, url, institution.key)(`/v1/tokens/${userId}`);
  await answer.body?.cancel();
  return answer.status;
}

/** What it answers to a customer's token. */
async function statusOfToken(institution: Institution): Promise<number> {
  const { token } = tokenOf(institution);
  const proof = await token.proof({
    method: 'GET',
    url: `${institution.serviceOrigin}/v1/token`,
    timeMs: Date.now(),
  });
  const answer = await fetch(`${url}/v1/token`, { headers: { DPoP: proof } });
  await answer.body?.cancel();
  return answer.status;
}

async function readiness(): Promise<object> {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, ...((await answer.json()) as object) };
}

/** Until both its bank and its customers are answered so. */
const until = (institution: Institution, wanted: number) =>
  expect
    .poll(() => Promise.all([status(institution), statusOfToken(institution)]), { timeout: 60_000 })
    .toEqual([wanted, wanted]);

async function tokensIn(database: TestPostgres): Promise<unknown[]> {
  const reader = new Client(database.url);
  await reader.connect();
  const { rows } = await reader.query('select institution from tokens');
  await reader.end();
  return rows;
}

test('the tokens of an institution are in its own database', async () => {
  expect(await tokensIn(main)).toEqual([{ institution: 'akagi' }]);
  expect(await tokensIn(north)).toEqual([{ institution: 'senpoku' }]);
  expect(await readiness()).toMatchObject({ status: 'ready', databases: { main: 'ready', north: 'ready' } });
});

test('a database that is gone takes its institutions with it, and nobody else', async () => {
  const { akagi, senpoku } = institutions;
  await north.crash();
  await until(senpoku, 503);
  const verified = await client(
    data,
    url,
    'akagi',
  )(`/v1/tokens/${tokenOf(akagi).userId}/verify`, {
    code: await tokenOf(akagi).code(0),
  });
  expect(await verified.json()).toMatchObject({ accepted: true });
  expect(await statusOfToken(akagi)).toBe(200);
  expect(await readiness()).toMatchObject({ databases: { main: 'ready', north: 'unavailable' } });
  const { out } = await warifu(['doctor'], env);
  expect(out).toMatch(/^error {3}database of the token service \(north\): /m);
  expect(out).toMatch(
    /^error {3}token service: ready at .*, but these of its databases are not: north; its log says more$/m,
  );
  await north.restart();
  await until(senpoku, 200);
});

test('a node starts without a database that is not there yet, and takes it when it is', async () => {
  const { akagi, senpoku } = institutions;
  await north.crash();
  await node.kill('SIGTERM');
  node = await startPart('server/main.ts', env);
  expect(await status(akagi)).toBe(200);
  expect(await status(senpoku)).toBe(502);
  expect(await statusOfToken(senpoku)).toBe(502);
  expect(await readiness()).toMatchObject({ databases: { main: 'ready', north: 'unavailable' } });
  await north.restart();
  await until(senpoku, 200);
});

test('a database that refuses its password is named before anything starts', async () => {
  const url = new URL(north.url);
  url.password = 'other';
  const wrong = { ...env, WARIFU_PORT: String(await freePort()), DATABASE_URL_NORTH: url.href };
  const part = await startPart('server/main.ts', wrong);
  expect(await part.exited).toBe(1);
  expect(part.output.join('\n')).toMatch(/could not start: database north: password authentication failed/);
});

test('a database whose URL is missing is said before anything starts', async () => {
  const { DATABASE_URL_NORTH: _, ...without } = env;
  const part = await startPart('server/main.ts', { ...without, WARIFU_PORT: String(await freePort()) });
  expect(await part.exited).toBe(1);
  expect(part.output.join('\n')).toContain('DATABASE_URL_NORTH is not set');
});
