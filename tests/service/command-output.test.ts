import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { COMPILED, programFile } from '../../programs.ts';
import { useRunningService } from './running-service.ts';

/** `npm run warifu -- …` where what it says does not arrive. */

const running = useRunningService();

const BY = ['--institution', 'senpoku', '--actor', 'ops01', '--reason', '年次の変更'];

/** Runs a command whose standard output is a full disk, or a pipe that nobody reads any more. */
async function unheard(to: 'full' | 'closed', ...args: string[]) {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [programFile('command/main.ts'), ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...running().env },
    stdio: ['ignore', to === 'full' ? full : 'pipe', 'pipe'],
  }) as ChildProcess & { readonly stderr: Readable };
  closeSync(full);
  child.stdout?.destroy();
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
