import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openPostgres } from '../../server/store/database.ts';
import { activeToken, client } from './active-token.ts';
import { warifu as run } from './command.ts';
import { addDatabases } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { startPostgres } from './postgres.ts';
import { type RunningPart, startPart } from './process.ts';
import { type SystemPostgres, startSystemPostgres } from './system-postgres.ts';

/** `npm run warifu -- backup` and `… restore`, and a service that goes on with what was restored. */

const running: RunningPart[] = [];
let folder: string;
let port: number;
let out: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warifu-backup-'));
  port = await freePort();
  out = join(folder, 'backup');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((part) => part.kill('SIGKILL')));
});

interface Place {
  readonly data: string;
  readonly url?: string;
}

const envOf = ({ data, url }: Place) => ({
  WARIFU_DATA: data,
  WARIFU_PORT: String(port),
  ...(url !== undefined && { DATABASE_URL: url }),
});
const warifu = (place: Place, ...args: string[]) => run(args, envOf(place));

async function startService(place: Place): Promise<RunningPart> {
  const part = await startPart('server/main.ts', envOf(place));
  running.push(part);
  return part;
}

/** A place with a built-in database. */
async function builtIn(): Promise<Place> {
  const data = join(folder, 'one');
  await addDatabases(data);
  return { data };
}

const service = ['--part', 'service'];
const restored = /^token service: good: the audit, the counts and the spent steps are those of \d{4}-/;

/** A token in use, with one code spent; then a backup, which is restored elsewhere, where the token goes on. */
async function goesOn(from: Place, to: Place, stopped: boolean): Promise<void> {
  const url = `http://127.0.0.1:${port}`;
  const first = await startService(from);
  const { userId, code } = await activeToken(from.data, port, url);
  const verify = async (data: string, presented: string) =>
    (await client(data, url)(`/v1/tokens/${userId}/verify`, { code: presented })).json();
  const spent = await code(0);
  expect(await verify(from.data, spent)).toMatchObject({ accepted: true });
  if (stopped) await first.kill('SIGTERM');
  const made = await warifu(from, 'backup', ...service, '--out', out, '--keys');
  expect(made).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^token service: \d+ rows of \d+ tables$/m),
  });
  expect(statSync(out).mode & 0o777).toBe(0o700);
  await first.kill('SIGTERM');

  expect(await warifu(to, 'restore', out)).toMatchObject({ code: 0, out: expect.stringMatching(restored) });
  expect(await warifu(to, 'restore', out, '--check')).toMatchObject({ code: 0 });
  const again = await warifu(to, 'restore', out);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('already')]);
  await startService(to);
  expect(await verify(to.data, spent)).toMatchObject({ accepted: false });
  expect(await verify(to.data, await code(1))).toMatchObject({ accepted: true });
}

describe('the built-in database', () => {
  test('in another folder codes go on, and spent ones stay spent', async () => {
    await goesOn(await builtIn(), { data: join(folder, 'two') }, true);
  });

  test('without --keys no key is in it, and nothing is restored before the key is there', async () => {
    const one = await builtIn();
    await (await startService(one)).kill('SIGTERM');
    const made = await warifu(one, 'backup', ...service, '--out', out);
    expect(made.out).toMatch(/^no keys: keep those of .*one elsewhere/m);
    expect(readdirSync(out).toSorted()).toEqual(['backup.json', 'service']);
    const two = { data: join(folder, 'two') };
    const { code, err } = await warifu(two, 'restore', out);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/put its key first into WARIFU_MASTER_KEY or .*master.key/),
    ]);
    expect(existsSync(join(two.data, 'service', 'pg'))).toBe(false);
    const other = { ...envOf(two), WARIFU_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url') };
    expect(await run(['restore', out], other)).toMatchObject({
      code: 1,
      out: expect.stringContaining('BAD: its key is not the one'),
    });
  });

  test('an API key that was revoked after the backup is said to be in force again', async () => {
    const one = await builtIn();
    await (await startService(one)).kill('SIGTERM');
    await warifu(one, 'backup', ...service, '--out', out, '--keys');
    const senpoku = ['--institution', 'senpoku'];
    const [line = ''] = (await warifu(one, 'key', 'list', ...senpoku)).out.split('\n');
    const [, id = ''] = /^(\S+) .* in force$/.exec(line) ?? [];
    const by = ['--actor', 'ops01', '--reason', 'leaked'];
    expect((await warifu(one, 'key', 'revoke', id, ...senpoku, ...by)).code).toBe(0);
    const two = { data: join(folder, 'two') };
    const { code, out: said } = await warifu(two, 'restore', out);
    expect(code).toBe(0);
    expect(said).toContain(`token service: in force: ${line}\n`);
    expect(said).toMatch(/^token service: revoke those .* before you start it.* suspend/m);
    expect((await warifu(two, 'restore', out, '--check')).out).not.toContain(id);
  });

  test('a check that cannot look says so, and finds another key bad', async () => {
    const one = await builtIn();
    await (await startService(one)).kill('SIGTERM');
    await warifu(one, 'backup', ...service, '--out', out, '--keys');
    const other = { ...envOf(one), WARIFU_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url') };
    expect(await run(['restore', out, '--check'], other)).toMatchObject({
      code: 1,
      out: expect.stringContaining('BAD: its key is not the one'),
    });
    const part = await startService(one);
    const busy = await warifu(one, 'restore', out, '--check');
    expect([busy.code, busy.out]).toEqual([2, '']);
    expect(busy.err).toMatch(/^warifu: token service: .*stop the token service first[^\n]*\n$/);
    await part.kill('SIGTERM');
    const away = { ...envOf(one), DATABASE_URL: `postgres://warifu@127.0.0.1:${await freePort()}/warifu` };
    const unreached = await run(['restore', out, '--check'], away);
    expect([unreached.code, unreached.out]).toEqual([2, '']);
    expect(unreached.err).toMatch(/^warifu: token service: .*ECONNREFUSED[^\n]*\n$/);
  });

  test('is not copied while its part runs, nor from nothing, nor over a folder', async () => {
    const one = await builtIn();
    const part = await startService(one);
    const busy = await warifu(one, 'backup', ...service, '--out', out);
    expect([busy.code, busy.err]).toEqual([2, expect.stringContaining('stop the token service first')]);
    expect(existsSync(out)).toBe(false);
    await part.kill('SIGTERM');
    mkdirSync(out);
    const there = await warifu(one, 'backup', ...service, '--out', out);
    expect([there.code, there.err]).toEqual([2, expect.stringContaining('is there already')]);
    const none = await warifu({ data: join(folder, 'none') }, 'backup', '--out', join(folder, 'b'));
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('there is no database in')]);
    const broken = await warifu({ data: join(folder, 'two') }, 'restore', out);
    expect([broken.code, broken.err]).toEqual([2, expect.stringContaining('is no whole backup')]);
  });
});

describe('PostgreSQL', () => {
  let server: SystemPostgres;
  beforeAll(async () => {
    server = await startSystemPostgres();
  });
  afterAll(() => server.stop());

  test('is dumped while the service runs; in another database codes go on, and spent ones stay spent', async () => {
    const one = { data: join(folder, 'one'), url: server.createDatabase('one') };
    await goesOn(one, { data: join(folder, 'two'), url: server.createDatabase('two') }, false);
  });

  test('what is missing, more, or spent otherwise is found', async () => {
    const one = { data: join(folder, 'one'), url: server.createDatabase('whole') };
    const part = await startService(one);
    await activeToken(one.data, port, `http://127.0.0.1:${port}`);
    await part.kill('SIGTERM');
    expect(await warifu(one, 'backup', ...service, '--out', out)).toMatchObject({ code: 0 });
    const { db, close } = await openPostgres(one.url);
    await db.updateTable('tokens').set({ last_step: 1 }).execute();
    await sql`delete from devices`.execute(db);
    await sql`alter table audit_links disable trigger all`.execute(db);
    await sql`delete from audit_links where number = 2`.execute(db);
    await close();
    const { code, out: said } = await warifu(one, 'restore', out, '--check');
    expect(said).toMatch(/^token service: BAD: the audit: was deleted with its link$/m);
    expect(said).toMatch(/^token service: BAD: devices: 1 rows were backed up, and 0 are there$/m);
    expect(said).toMatch(/^token service: BAD: the status or the last spent step of some token is another$/m);
    expect(code).toBe(1);
  });

  test('what is ended while it is dumped is in force in it, and ended after the time that it names', async () => {
    const one = { data: join(folder, 'one'), url: server.createDatabase('meanwhile') };
    await (await startService(one)).kill('SIGTERM');
    const senpoku = ['--institution', 'senpoku'];
    const list = () => warifu(one, 'key', 'list', ...senpoku);
    const [, id = ''] = /^(\S+) /.exec((await list()).out) ?? [];
    const [slow, begun, end] = [join(folder, 'bin'), join(folder, 'begun'), join(folder, 'end')];
    mkdirSync(slow);
    const wait = `: > ${begun}; while [ ! -e ${end} ]; do sleep 0.05; done`;
    const script = `#!/bin/sh\nPATH='${process.env.PATH}'\n[ "$1" = --version ] || { ${wait}; }\nexec pg_dump "$@"\n`;
    writeFileSync(join(slow, 'pg_dump'), script, { mode: 0o755 });
    const path = `${slow}:${process.env.PATH}`;
    const made = run(['backup', ...service, '--out', out, '--keys'], { ...envOf(one), PATH: path });
    await vi.waitUntil(() => existsSync(begun), { timeout: 30_000 });
    const by = ['--actor', 'ops01', '--reason', 'leaked'];
    expect((await warifu(one, 'key', 'revoke', id, ...senpoku, ...by)).code).toBe(0);
    writeFileSync(end, '');
    expect((await made).code).toBe(0);
    const [, revoked = ''] = new RegExp(`^${id} .* revoked (\\S+)$`, 'm').exec((await list()).out) ?? [];

    const two = { data: join(folder, 'two'), url: server.createDatabase('meanwhile-2') };
    const { out: said } = await warifu(two, 'restore', out);
    expect(said).toMatch(new RegExp(`^token service: in force: ${id} `, 'm'));
    const [, after = ''] = /revoke those of these keys that were revoked after (\S+) /.exec(said) ?? [];
    expect(Date.parse(after)).toBeLessThan(Date.parse(revoked));
  });

  test('a backup of one kind is not put into the other', async () => {
    const one = await builtIn();
    await (await startService(one)).kill('SIGTERM');
    await warifu(one, 'backup', ...service, '--out', out, '--keys');
    const two = { data: join(folder, 'two'), url: server.createDatabase('kind') };
    const { code, err } = await warifu(two, 'restore', out);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('is of the built-in database, and a URL is set'),
    ]);
  });
});

test('a server that is newer than pg_dump is said, and no backup is left that looks whole', async () => {
  const newer = await startPostgres();
  const one = { data: join(folder, 'one'), url: newer.url };
  await (await startService(one)).kill('SIGTERM');
  const old = join(folder, 'bin');
  mkdirSync(old);
  writeFileSync(join(old, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 15.4 (Debian)"\n', {
    mode: 0o755,
  });
  const path = `${old}:${dirname(process.execPath)}`;
  const { code, err } = await run(['backup', ...service, '--out', out], { ...envOf(one), PATH: path });
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/pg_dump is of PostgreSQL 15 and cannot read 1[6-9]/),
  ]);
  expect(existsSync(join(out, 'backup.json'))).toBe(false);
  rmSync(join(old, 'pg_dump'));
  const none = await run(['backup', ...service, '--out', join(folder, 'b')], { ...envOf(one), PATH: path });
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('install postgresql-client')]);
  await newer.stop();
});
