import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort, type PortRange } from '../service/free-port.ts';
import { startPart } from '../service/process.ts';

/** The production extension for ports and keys of its own, and what the servers start from. */
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

/** Apart from those of single tests: a system on them is stopped and started many times. */
const PORTS: PortRange = { first: 20_000, count: 10_000 };

/** Builds the product as `npm run build` does, for ports and keys of its own. */
export async function buildForTests(): Promise<E2eBuild & { remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-e2e-'));
  const port = await freePort(PORTS);
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

/** Stories and attacks are played by the same workers, on the same builds. */
const shared = globalThis as { builds?: ReturnType<typeof buildAll> };

async function buildAll(workers: number): Promise<readonly (E2eBuild & { remove(): void })[]> {
  const builds = [];
  while (builds.length < workers) builds.push(await buildForTests());
  return builds;
}

export default async function setup({ config, provide }: TestProject) {
  shared.builds ??= buildAll(Number(config.maxWorkers));
  const builds = await shared.builds;
  provide(
    'builds',
    builds.map(({ remove, ...build }) => build),
  );
  return () => {
    for (const { remove } of builds) remove();
  };
}
