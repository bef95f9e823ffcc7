import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../service/free-port.ts';
import { startPart } from '../service/process.ts';

/** Built once for a run: the production extension for ports and keys of the run's own. */
export interface E2eBuild {
  readonly port: number;
  readonly output: string;
  /** Data folders as a first start leaves them, to copy: making databases anew takes seconds. */
  readonly freshData: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    build: E2eBuild;
  }
}

/** Three free ports in a row. */
async function freeRow(): Promise<number> {
  for (;;) {
    const port = await freePort();
    const next = await Promise.all([isFree(port + 1), isFree(port + 2)]);
    if (next.every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Builds the product as `npm run build` does, for ports and keys of this run. */
export async function buildForTests(): Promise<E2eBuild & { remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-e2e-'));
  const port = await freeRow();
  const output = join(folder, 'output');
  const freshData = join(folder, 'data');
  execFileSync('npm', ['run', '--silent', 'build'], {
    env: {
      ...process.env,
      WARIFU_PORT: String(port),
      WARIFU_DATA: freshData,
      WARIFU_OUTPUT: output,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const build = { port, output, freshData };
  await firstStart(build);
  return { ...build, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Lets every part make its data, and ends them. */
async function firstStart({ port, freshData }: E2eBuild): Promise<void> {
  const env = { WARIFU_PORT: String(port), WARIFU_DATA: freshData };
  const parts = ['server/main.ts', 'bank/main.ts'];
  await Promise.all(parts.map(async (file) => (await startPart(file, env)).kill('SIGTERM')));
}

export default async function setup({ provide }: { provide(key: 'build', value: E2eBuild): void }) {
  const { remove, ...build } = await buildForTests();
  provide('build', build);
  return remove;
}
