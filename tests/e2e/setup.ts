import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { addDatabases } from '../service/data-folder.ts';
import { freePort, type PortRange } from '../service/free-port.ts';
import { startPart } from '../service/process.ts';
import { keepQuickPasswords } from './quick-passwords.ts';
import { addStartedProfile } from './start-firefox.ts';

/** The production extension for ports of its own, what the servers start from, and the inbox that runs for all of them. */
export interface E2eBuild {
  readonly port: number;
  readonly output: string;
  /** Data folders as a first start leaves them, to copy: making databases anew takes seconds. */
  readonly freshData: string;
  /** Where the inbox takes mails. */
  readonly smtpPort: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** One for each worker. */
    builds: readonly E2eBuild[];
  }
}

/** Apart from those of single tests: a system on them is stopped and started many times. */
const PORTS: PortRange = { first: 20_000, count: 10_000 };

type RemovableBuild = E2eBuild & { remove(): Promise<void> };

/** Builds the product as `npm run build` does, for ports and keys of its own. */
export async function buildForTests(): Promise<RemovableBuild> {
  const folder = newFolder();
  const port = await freePort(PORTS);
  await firstStart(port, dataIn(folder));
  return buildIn(folder, port);
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'warifu-e2e-'));
const dataIn = (folder: string) => join(folder, 'data');
const outputIn = (folder: string) => join(folder, 'output');

/** Builds for the keys that are in the folder's data, and starts the inbox. */
async function buildIn(folder: string, port: number): Promise<RemovableBuild> {
  const [output, freshData] = [outputIn(folder), dataIn(folder)];
  const places = { WARIFU_PORT: String(port), WARIFU_DATA: freshData, WARIFU_OUTPUT: output };
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { env: { ...process.env, ...places } });
  const smtpPort = await freePort();
  const inbox = await startPart('bank/inbox/main.ts', { ...places, WARIFU_SMTP_PORT: String(smtpPort) });
  const remove = async () => {
    await inbox.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, output, freshData, smtpPort, remove };
}

/** Lets every part make its data, and ends them. */
async function firstStart(port: number, data: string): Promise<void> {
  const env = { WARIFU_PORT: String(port), WARIFU_DATA: data };
  await addDatabases(data);
  const parts = ['server/main.ts', 'bank/main.ts'];
  await Promise.all(parts.map(async (file) => (await startPart(file, env)).kill('SIGTERM')));
  await keepQuickPasswords(data);
}

/** Stories and attacks are played by the same workers, on the same builds. */
const shared = globalThis as { builds?: ReturnType<typeof buildAll> };

/** All from one first start: their ports are their own, their keys are not. */
async function buildAll(workers: number): Promise<readonly RemovableBuild[]> {
  const ports = new Set<number>();
  while (ports.size < workers) ports.add(await freePort(PORTS));
  const places = [...ports].map((port) => ({ port, folder: newFolder() }));
  const first = newFolder();
  await firstStart(await freePort(PORTS), dataIn(first));
  for (const { folder } of places) cpSync(dataIn(first), dataIn(folder), { recursive: true });
  rmSync(first, { recursive: true });
  const building = places.map(({ port, folder }) => buildIn(folder, port));
  const [built] = await Promise.all([
    Promise.all(building),
    addStartedProfile(places.map(({ folder }) => outputIn(folder))),
  ]);
  return built;
}

export default async function setup({ config, provide }: TestProject) {
  shared.builds ??= buildAll(Number(config.maxWorkers));
  const builds = await shared.builds;
  provide(
    'builds',
    builds.map(({ remove, ...build }) => build),
  );
  return () => Promise.all(builds.map(({ remove }) => remove()));
}
