import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../service/postgres.ts';

/** Built once for a run: the production extension for ports and a signing key of the run's own. */
export interface E2eBuild {
  readonly port: number;
  readonly output: string;
  readonly signingKey: string;
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
  execFileSync('npm', ['run', '--silent', 'build'], {
    env: { ...process.env, WARIFU_PORT: String(port), WARIFU_DATA: join(folder, 'data'), WARIFU_OUTPUT: output },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const signingKey = readFileSync(join(folder, 'data', 'signing-key.json'), 'utf8');
  return { port, output, signingKey, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export default async function setup({ provide }: { provide(key: 'build', value: E2eBuild): void }) {
  const { remove, ...build } = await buildForTests();
  provide('build', build);
  return remove;
}
