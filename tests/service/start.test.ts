import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { newDataFolder } from './data-folder.ts';
import { freePort } from './free-port.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

/** `npm start` as npm runs it, without the build and the browser. */

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-start-'));
  writeFileSync(join(folder, 'npm'), '#!/bin/sh\n', { mode: 0o755 });
  const child = spawn('sh', ['-c', scripts.start], {
    env: {
      ...process.env,
      PATH: `${folder}:${dirname(process.execPath)}:${process.env.PATH}`,
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
      WARIFU_OUTPUT: folder,
      WARIFU_DATA: await newDataFolder(),
      WARIFU_PORT: String(await freePort()),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('Ctrl+C')) resolve();
    });
  });
  await Promise.race([ready, exited]);
  return { child, exited };
}

/** The processes that a process has started. */
const startedBy = (pid: number | undefined): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

test('npm start ends with 1, and with all of its parts, where one of them is killed', async () => {
  const { child, exited } = await start();
  onTestFinished(() => void child.kill());
  const parts = startedBy(child.pid);
  expect(parts).toHaveLength(3);
  const [killed = 0, ...others] = parts;
  process.kill(killed, 'SIGKILL');
  expect(await exited).toBe(1);
  for (const pid of others) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('what ends npm start ends all of its parts', async () => {
  const { child, exited } = await start();
  onTestFinished(() => void child.kill());
  const parts = startedBy(child.pid);
  child.kill('SIGTERM');
  await exited;
  expect(parts).toHaveLength(3);
  for (const pid of parts) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
