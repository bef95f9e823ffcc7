import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../service/free-port.ts';
import { startPart } from '../service/process.ts';

/** The production build, for ports of one worker's own. */
export interface E2eBuild {
  readonly port: number;
  readonly output: string;
  /** Data folders as a first start leaves them, to copy: making databases anew takes seconds. */
  readonly freshData: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** One for each worker. */
    builds: readonly E2eBuild[];
  }
}

/** Two cores carry two stories at a time: each waits for its browser half of the time. */
export const WORKERS = 2;

/** Three free ports in a row, apart from those taken. */
async function freeRow(taken: readonly { readonly port: number }[]): Promise<number> {
  for (;;) {
    const port = await freePort();
    const next = await Promise.all([isFree(port + 1), isFree(port + 2)]);
    if (next.every(Boolean) && taken.every((other) => Math.abs(other.port - port) > 3)) return port;
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

/** Builds the product as `npm run build` does, once for each worker, with keys of this run. */
export async function buildForTests(
  workers: number,
): Promise<{ builds: [E2eBuild, ...E2eBuild[]]; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-e2e-'));
  const freshData = join(folder, 'data');
  const make = async (taken: readonly E2eBuild[]) => {
    const port = await freeRow(taken);
    const output = join(folder, `output-${port}`);
    build(port, output, freshData);
    return { port, output, freshData };
  };
  const builds: [E2eBuild, ...E2eBuild[]] = [await make([])];
  while (builds.length < workers) builds.push(await make(builds));
  await firstStart(builds[0]);
  return { builds, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function build(port: number, output: string, data: string): void {
  execFileSync('npm', ['run', '--silent', 'build'], {
    env: { ...process.env, WARIFU_PORT: String(port), WARIFU_DATA: data, WARIFU_OUTPUT: output },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Lets every part make its data, and ends them. */
async function firstStart({ port, freshData }: E2eBuild): Promise<void> {
  const env = { WARIFU_PORT: String(port), WARIFU_DATA: freshData };
  for (const file of ['server/main.ts', 'bank/main.ts']) {
    await (await startPart(file, env)).kill('SIGTERM');
  }
}

export default async function setup({
  provide,
}: {
  provide(key: 'builds', value: readonly E2eBuild[]): void;
}) {
  const { remove, builds } = await buildForTests(WORKERS);
  provide('builds', builds);
  return remove;
}
