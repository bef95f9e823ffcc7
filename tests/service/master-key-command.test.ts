import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { open, seal } from '../../core/vault/seal.ts';
import { systemRandomBytes } from '../../host/random.ts';
import { readSettings } from '../../host/settings.ts';
import { COMPILED, programFile } from '../../programs.ts';
import { loadMasterKey } from '../../server/master-key.ts';
import { type OpenDatabase, openFolder, openPostgres } from '../../server/store/database.ts';
import { activeToken, client } from './active-token.ts';
import { warifu } from './command.ts';
import { addDatabases } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';
import { type RunningPart, startPart } from './process.ts';

/** `npm run warifu -- master-key rotate` while two nodes serve. */

const newKey = () => randomBytes(32).toString('base64url');
const OLD = newKey();
const NEW = newKey();

/** What each node is started with, one step after the other. */
const BEFORE = { WARIFU_MASTER_KEY: OLD };
const LEARNT = { WARIFU_MASTER_KEY: OLD, WARIFU_MASTER_KEY_NEXT: NEW };
const CHANGED = { WARIFU_MASTER_KEY: NEW, WARIFU_MASTER_KEY_PREVIOUS: OLD };
const AFTER = { WARIFU_MASTER_KEY: NEW };
type Keys = Readonly<Record<string, string>>;

let server: TestPostgres;
let data: string;
let database: OpenDatabase;
const opened: OpenDatabase[] = [];
const nodes: { port: number; part: RunningPart }[] = [];

beforeEach(async () => {
  server = await startPostgres();
  data = mkdtempSync(join(tmpdir(), 'warifu-data-'));
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map(({ part }) => part.kill('SIGKILL')));
  await Promise.all(opened.splice(0).map(({ close }) => close()));
  await server.stop();
});

async function openDatabase(): Promise<void> {
  database = await openPostgres(server.url);
  opened.push(database);
}

const envOf = (keys: Keys, port = 1) => ({
  WARIFU_DATA: data,
  DATABASE_URL: server.url,
  WARIFU_PORT: String(port),
  ...keys,
});
const rotate = () => warifu(['master-key', 'rotate'], envOf(CHANGED));
const verifyAudit = (keys: Keys, ...args: string[]) =>
  warifu(['audit', 'verify', '--part', 'service', ...args], envOf(keys));

/** Stops a node and starts it again with other keys, as a rolling restart does. */
async function restart(place: number, keys: Keys): Promise<void> {
  const port = nodes[place]?.port ?? (await freePort());
  await nodes[place]?.part.kill('SIGTERM');
  nodes[place] = { port, part: await startPart('server/main.ts', envOf(keys, port)) };
}

const urlOf = (place: number) => `http://127.0.0.1:${nodes[place]?.port}`;
const statusOf = async (place: number, path: string) => (await fetch(`${urlOf(place)}${path}`)).status;

/** Asked again, under the same key, as long as the node is busy. */
async function issue(place: number, key = randomUUID()): Promise<string | undefined> {
  const answer = await client(data, urlOf(place))('/v1/tokens', { activationPassword: '1357' }, key);
  if (answer.status === 502 || answer.status === 503) return issue(place, key);
  return answer.status === 201 ? ((await answer.json()) as { userId: string }).userId : undefined;
}

const activeOn = (place: number) => activeToken(data, nodes[place]?.port ?? 0, urlOf(place));

const verify = async (place: number, userId: string, code: string) =>
  (await client(data, urlOf(place))(`/v1/tokens/${userId}/verify`, { code })).json();

/** Many issues, sealed under the old key as the service does. */
async function addIssues(count: number): Promise<void> {
  const { sealing } = await loadMasterKey(readSettings(envOf(BEFORE)));
  const [like] = await database.db.selectFrom('tokens').selectAll().where('status', '=', 'issued').execute();
  if (like === undefined) throw new Error('nothing is issued yet');
  const rows = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const id = `many${String(index).padStart(6, '0')}`;
      const password = await seal(sealing, new TextEncoder().encode('1357'), id, systemRandomBytes);
      return { ...like, id, user_id: String(500_000_000_000 + index), activation_password: password };
    }),
  );
  for (let from = 0; from < count; from += 500) {
    await database.db
      .insertInto('tokens')
      .values(rows.slice(from, from + 500))
      .execute();
  }
}

/** How many secrets of tokens a key opens, and how many it does not. */
async function openedBy(key: string) {
  const { sealing } = await loadMasterKey(readSettings(envOf({ WARIFU_MASTER_KEY: key })));
  const rows = await database.db
    .selectFrom('tokens')
    .select(['id', 'secret', 'activation_password'])
    .execute();
  const values = rows.flatMap(({ id, secret, activation_password: password }) =>
    [secret, password].flatMap((sealed) => (sealed === null ? [] : [{ id, sealed: new Uint8Array(sealed) }])),
  );
  const tried = await Promise.all(
    values.map(({ id, sealed }) =>
      open(sealing, sealed, id).then(
        () => true,
        () => false,
      ),
    ),
  );
  const yes = tried.filter(Boolean).length;
  return { yes, no: tried.length - yes };
}

/** Issues on both nodes until told to stop. */
function load() {
  const issued: string[] = [];
  const refused: unknown[] = [];
  let stopped = false;
  const workers = [0, 1, 0, 1].map(async (place) => {
    while (!stopped) {
      const userId = await issue(place).catch((error: unknown) => void refused.push(error));
      if (userId === undefined) refused.push(place);
      else issued.push(userId);
    }
  });
  return {
    issued,
    refused,
    stop: async () => {
      stopped = true;
      await Promise.all(workers);
    },
  };
}

function startRotation(): ChildProcess {
  return spawn(process.execPath, [programFile('command/main.ts'), 'master-key', 'rotate'], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...envOf(CHANGED) },
    stdio: 'ignore',
  });
}

/** Kills a rotation as soon as it has sealed something again. It cannot end before: somebody else holds a row. */
async function killInTheMiddle(): Promise<void> {
  const holding = await database.db.startTransaction().execute();
  await sql`select from tokens where id = 'many002999' for update`.execute(holding);
  const first = database.db.selectFrom('tokens').select('activation_password').where('id', '=', 'many000000');
  const before = Buffer.from((await first.executeTakeFirstOrThrow()).activation_password ?? []).toString(
    'hex',
  );
  const child = startRotation();
  const exited = new Promise((resolve) => child.once('exit', resolve));
  try {
    for (;;) {
      const { activation_password: now } = await first.executeTakeFirstOrThrow();
      if (Buffer.from(now ?? []).toString('hex') !== before) break;
      expect(child.exitCode).toBeNull();
    }
  } finally {
    child.kill('SIGKILL');
    await exited;
    await holding.rollback().execute();
  }
}

test('every secret is sealed again under load, also after kill -9; codes go on, and so do the chains', async () => {
  for (const place of [0, 1]) await restart(place, BEFORE);
  await openDatabase();
  const { userId, code } = await activeOn(0);
  const spent = await code(0);
  expect(await verify(1, userId, spent)).toMatchObject({ accepted: true });
  await issue(0);
  await addIssues(3_000);

  for (const place of [0, 1]) await restart(place, LEARNT);
  await restart(0, CHANGED);
  // One node seals under the new key already, the other under the old one, and each opens what the other seals.
  for (const place of [0, 1]) {
    const one = await activeOn(place);
    expect(await verify(1 - place, one.userId, await one.code(0))).toMatchObject({ accepted: true });
  }
  await restart(1, CHANGED);
  const heads = join(data, 'heads.json');
  expect((await verifyAudit(CHANGED, '--heads', heads)).code).toBe(0);

  const loaded = load();
  await killInTheMiddle();
  expect(await openedBy(NEW)).toMatchObject({ no: expect.toSatisfy((count: number) => count > 0) });
  const again = await rotate();
  await loaded.stop();
  expect(again).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^[1-9]\d* secrets were sealed again\n$/),
  });
  expect(await rotate()).toMatchObject({ code: 0, out: '0 secrets were sealed again\n' });
  expect(loaded.refused).toEqual([]);
  expect(loaded.issued.length).toBeGreaterThan(0);
  expect(await openedBy(NEW)).toMatchObject({ no: 0 });
  expect(await openedBy(OLD)).toMatchObject({ yes: 0 });

  for (const place of [0, 1]) await restart(place, AFTER);
  expect(await verify(0, userId, spent)).toMatchObject({ accepted: false });
  expect(await verify(1, userId, await code(1))).toMatchObject({ accepted: true });
  for (const { part } of nodes) await part.kill('SIGTERM');
  const verified = await verifyAudit(AFTER, '--since', heads);
  expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/senpoku: good: \d+ linked/) });
  expect((await verifyAudit(BEFORE)).out).toMatch(/CANNOT TELL: its key is not the one/);
});

test('of the built-in database, by files in the data folder, with what push services are told by', async () => {
  const [previous, present] = [join(data, 'master-previous.key'), join(data, 'master.key')];
  const env = { WARIFU_DATA: data, WARIFU_PORT: String(await freePort()) };
  await addDatabases(data);
  const stopped = async () => (await startPart('server/main.ts', env)).kill('SIGTERM');
  expect(await stopped()).toBe(0);
  const { sealing } = await loadMasterKey(readSettings(env));
  const folder = await openFolder(join(data, 'service'));
  const sealed = await seal(sealing, new Uint8Array(8), 'push device', systemRandomBytes);
  await sql`set session_replication_role = replica`.execute(folder.db);
  await folder.db
    .insertInto('push_subscriptions')
    .values({ device_id: 'device', service: 'x', sealed })
    .execute();
  await folder.close();
  renameSync(present, previous);
  writeFileSync(present, NEW, { mode: 0o600 });
  const { out, code } = await warifu(['master-key', 'rotate'], env);
  expect([code, out]).toEqual([0, '1 secrets were sealed again\n']);
  rmSync(previous);
  expect(await stopped()).toBe(0);
  expect(await warifu(['audit', 'verify', '--part', 'service'], env)).toMatchObject({ code: 0 });
});

test('once the database is handed over, a node that seals under the old key is not ready and does not start', async () => {
  for (const place of [0, 1]) await restart(place, LEARNT);
  await openDatabase();
  await issue(0);
  const without = await warifu(['master-key', 'rotate'], envOf(BEFORE));
  expect([without.code, without.err]).toEqual([2, expect.stringContaining('WARIFU_MASTER_KEY_PREVIOUS')]);
  await restart(0, CHANGED);
  expect([await statusOf(0, '/readyz'), await statusOf(1, '/readyz')]).toEqual([200, 200]);
  expect((await rotate()).code).toBe(0);
  expect([await statusOf(0, '/readyz'), await statusOf(1, '/readyz')]).toEqual([200, 503]);
  await restart(1, LEARNT);
  expect(await nodes[1]?.part.exited).toBe(1);
  // The next run finds what it sealed meanwhile.
  const { sealing } = await loadMasterKey(readSettings(envOf(BEFORE)));
  const late = await database.db.selectFrom('tokens').select('id').executeTakeFirstOrThrow();
  const password = await seal(sealing, new TextEncoder().encode('1357'), late.id, systemRandomBytes);
  await database.db
    .updateTable('tokens')
    .set({ activation_password: password })
    .where('id', '=', late.id)
    .execute();
  expect((await rotate()).out).toBe('1 secrets were sealed again\n');
  await sql`update tokens set activation_password = '\\x00112233445566778899aabbccddeeff00112233445566778899aabb'`.execute(
    database.db,
  );
  expect(await rotate()).toMatchObject({
    code: 1,
    out: expect.stringContaining(`BAD: what ${late.id} holds`),
  });
});
