import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { COMPILED, programFile } from '../../programs.ts';
import { useRunningService } from './running-service.ts';

/** `npm run warifu -- …` where what it says does not arrive. */

const running = useRunningService();

const BY = ['--institution', 'senpoku', '--actor', 'ops01', '--reason', '年次の変更'];

const env = () => ({ ...process.env, NODE_COMPILE_CACHE: COMPILED, ...running().env });

/** Runs a command whose standard output is a full disk, or a pipe that nobody reads any more. */
async function unheard(to: 'full' | 'closed', ...args: string[]) {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [programFile('command/main.ts'), ...args], {
    env: env(),
    stdio: ['ignore', to === 'full' ? full : 'pipe', 'pipe'],
  }) as ChildProcess & { readonly stderr: Readable };
  closeSync(full);
  child.stdout?.destroy();
  const [[code], err] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  return { code, err };
}

/** Runs a command that can write files of so many kilobytes. */
async function inFilesOf(kilobytes: number, ...args: string[]) {
  const limited = [
    '-c',
    `ulimit -f ${kilobytes}; exec "$0" "$@"`,
    process.execPath,
    programFile('command/main.ts'),
  ];
  const child = spawn('bash', [...limited, ...args], { env: env(), stdio: ['ignore', 'ignore', 'pipe'] });
  const [[code], err] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  return { code, err };
}

const WHERE = ['full', 'closed'] as const;

test.each(WHERE)('a key that cannot be handed over is not in force: %s', async (to) => {
  const keys = () => running().db.selectFrom('api_keys').selectAll().execute();
  const before = (await keys()).length;
  const { code, err } = await unheard(to, 'key', 'issue', '--kind', 'bank', ...BY);
  expect(err).toMatch(/^warifu: cannot write the standard output: .*(ENOSPC|EPIPE)[^\n]*\n$/);
  expect(code).toBe(2);
  expect(await keys()).toHaveLength(before);
});

test('of a key that does not fit into its file no file is left, and none is in force', async () => {
  const keys = () => running().db.selectFrom('api_keys').selectAll().execute();
  const before = (await keys()).length;
  const out = join(mkdtempSync(join(tmpdir(), 'warifu-key-')), 'senpoku.key');
  const { code, err } = await inFilesOf(0, 'key', 'issue', '--kind', 'bank', ...BY, '--out', out);
  expect([code, err]).toEqual([2, expect.stringMatching(/^warifu: EFBIG/)]);
  expect(existsSync(out)).toBe(false);
  expect(await keys()).toHaveLength(before);
});

test.each(WHERE)('nothing was found to be changed, and nothing good was said either: %s', async (to) => {
  for (const args of [
    ['audit', 'verify', '--part', 'service'],
    ['key', 'list'],
  ]) {
    const { code, err } = await unheard(to, ...args);
    expect(err).toMatch(/^warifu: cannot write the standard output: .*(ENOSPC|EPIPE)[^\n]*\n$/);
    expect(code).toBe(2);
  }
});

test('heads that cannot be written leave those there are', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'warifu-heads-')), 'heads.json');
  writeFileSync(file, 'kept before');
  const args = ['audit', 'verify', '--part', 'service', '--institution', 'senpoku', '--heads', file];
  const { code, err } = await inFilesOf(0, ...args);
  expect([code, err]).toEqual([2, expect.stringMatching(/^warifu: cannot write .*heads\.json: EFBIG/)]);
  expect(readFileSync(file, 'utf8')).toBe('kept before');
});

test.each([
  ['export', []],
  ['drop', ['--part', 'service', '--before', '2024-01-01', '--actor', 'ops01', '--reason', '保存期間満了']],
])('of an audit %s that does not fit no half is left, and nothing is dropped', async (command, args) => {
  const { db } = running();
  const entries = () => db.selectFrom('audit').select('id').where('institution', '=', 'akita').execute();
  await sql`
    insert into audit (at, institution, token_id, event, outcome, request_id)
    select '2020-03-31', 'akita', 'token', 'verify', 'done', 'request ' || n from generate_series(1, 5000) n`.execute(
    db,
  );
  const links = () => sql`select from audit_links where institution = 'akita'`.execute(db);
  const before = await entries();
  await vi.waitUntil(async () => (await links()).rows.length === before.length, { timeout: 20_000 });
  const out = join(mkdtempSync(join(tmpdir(), 'warifu-audit-')), 'akita.csv');
  const all = ['audit', command, '--institution', 'akita', '--out', out, ...args];
  const { code, err } = await inFilesOf(100, ...all);
  expect(existsSync(out)).toBe(false);
  expect([code, err]).toEqual([2, 'warifu: EFBIG: file too large, write\n']);
  expect(await entries()).toHaveLength(before.length);
});
