import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilReady } from '../faults/load.ts';
import { freePort } from '../free-port.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';

/** The folder that `npm run bundle` makes, away from the sources and their packages. */

const BUNDLE = join(import.meta.dirname, '../../../bundle.ts');

function bundle(): string {
  const output = mkdtempSync(join(tmpdir(), 'warifu-bundle-'));
  const env = { ...process.env, WARIFU_OUTPUT: output };
  const { status, stderr } = spawnSync(process.execPath, [BUNDLE], { env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return join(output, 'service');
}

function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of globSync('**/*', { cwd: folder }).sort()) {
    const path = join(folder, file);
    if (statSync(path).isFile()) hash.update(`\0${file}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

let folder: string;
let postgres: TestPostgres;
beforeAll(async () => {
  folder = bundle();
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

test('built again, it has the same bytes', () => {
  expect(hashOf(bundle())).toBe(hashOf(folder));
});

describe.each([
  { file: 'server/main.js', database: 'DATABASE_URL', after: 0 },
  { file: 'bank/main.js', database: 'BANK_DATABASE_URL', after: 1 },
])('$file', ({ file, database, after }) => {
  test('runs without the packages, and ends in order', async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [file], {
      cwd: folder,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-bundle-data-')),
        WARIFU_PORT: String(port),
        WARIFU_LOG: 'silent',
        [database]: await postgres.createDatabase(database.toLowerCase()),
      },
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await Promise.race([untilReady(port + after), ended]);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});

test('command/main.js says what it can', () => {
  const { stdout } = spawnSync(process.execPath, ['command/main.js', '--help'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stdout).toContain('Usage: warifu');
});
