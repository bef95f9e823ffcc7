import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ownBuild } from '../own-build.ts';

const SCRIPT = 'tests/e2e/own-bank.ts';

/** The entry that docs/NEW-INSTITUTION.md has as an example, on the ports of this worker. */
function entry(port: number) {
  const [, text = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync('docs/NEW-INSTITUTION.md', 'utf8')) ?? [];
  const origins = text.replaceAll(':4601', `:${port + 1}`).replaceAll(':4600', `:${port}`);
  return JSON.parse(origins);
}

async function run(kind: string, institutions: object[]) {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-own-'));
  const file = join(folder, 'directory.json');
  writeFileSync(file, JSON.stringify({ institutions }));
  try {
    return await promisify(execFile)(process.execPath, [SCRIPT, kind, file], { timeout: 280_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(['chromium', 'firefox'])('a bank that is not ours, as README.md has it, in %s', async (kind) => {
  const { stdout } = await run(kind, [entry(ownBuild().port)]);
  expect(stdout).toContain('the code that was filled is accepted: true');
  expect(stdout).toContain('the transfer that was confirmed may be executed: true');
});

test('of a bank that prefers signatures the script says so, and starts nothing', async () => {
  const signed = { ...entry(ownBuild().port), login: ['signed', 'code'] };
  const refused = await run('chromium', [signed]).catch((error: Error & { stdout: string }) => error);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused).toHaveProperty('stderr', expect.stringContaining('prefers signatures'));
});
