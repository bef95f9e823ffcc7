import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { E2eBuild } from './setup.ts';
import { institutionsWith } from './system.ts';

/** A folder of builds whose companion may be replaced while it is served. */
export interface OwnCompanion {
  readonly build: E2eBuild;
  /** The files of what is served, as `/assets/…`, with their sizes. */
  assets(): Map<string, number>;
  /** Makes another build of the companion, for the same keys, and has it served instead. */
  deployNext(): Promise<void>;
  remove(): void;
}

export function ownCompanion(build: E2eBuild): OwnCompanion {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-companion-'));
  const [output, served] = [join(folder, 'output'), join(folder, 'output/web')];
  cpSync(join(build.output, 'web'), served, { recursive: true });
  return {
    build: { ...build, output },
    assets: () =>
      new Map(
        readdirSync(join(served, 'assets')).map((name) => [
          `/assets/${name}`,
          statSync(join(served, 'assets', name)).size,
        ]),
      ),
    async deployNext() {
      const next = join(folder, 'next');
      await buildNext(build, next, join(folder, 'directory.json'));
      rmSync(served, { recursive: true });
      cpSync(join(next, 'web'), served, { recursive: true });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The next version differs in what a build always holds: an institution's name in English. */
async function buildNext({ port, freshData }: E2eBuild, output: string, directory: string): Promise<void> {
  const institutions = institutionsWith({}, port).map((one) => ({ ...one, nameEn: `${one.nameEn} (new)` }));
  writeFileSync(directory, JSON.stringify({ institutions }));
  await promisify(execFile)('npx', ['vite', 'build', '-c', 'companion.config.ts', '--logLevel', 'warn'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      WARIFU_PORT: String(port),
      WARIFU_DATA: freshData,
      WARIFU_OUTPUT: output,
      WARIFU_DIRECTORY: directory,
    },
  });
}
