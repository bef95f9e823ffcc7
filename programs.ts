import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The programs as `npm start` and tests start them: each bundled into one file, and again when a source or a package has
 * changed. To load the hundreds of modules of one takes longer than the rest of its start.
 */

export const PROGRAMS = ['server/main', 'bank/main', 'bank/inbox/main', 'command/main'] as const;

const SOURCES = ['core', 'host', 'server', 'bank', 'command'];
const OTHER_SOURCES = ['bundle-programs.ts', 'node-build.ts', 'package-lock.json'];

const cacheIn = (root: string) => join(root, 'node_modules/.cache/warifu');

/** Node keeps compiled code here for the next start, where `NODE_COMPILE_CACHE` says so. */
export const COMPILED = join(cacheIn(import.meta.dirname), 'compiled');

/** @returns the folder with the bundled programs, such as `server/main.js` */
export function programsFolder(root = import.meta.dirname): string {
  const folder = join(cacheIn(root), `programs-${fingerprint(root)}`);
  if (!existsSync(folder)) bundle(root, folder);
  return folder;
}

/** The bundled file of a program, such as `server/main.ts`; any other file as it is. */
export function programFile(file: string): string {
  const program = PROGRAMS.find((name) => file === `${name}.ts`);
  return program === undefined ? file : join(programsFolder(), `${program}.js`);
}

/** What is bundled names the folder of its sources. */
function fingerprint(root: string): string {
  const hash = createHash('sha256').update(root);
  for (const file of [...SOURCES.flatMap((folder) => filesIn(root, folder)), ...OTHER_SOURCES]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 32);
}

const filesIn = (root: string, folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

/** Others may be bundling the same: whoever is first has it. */
function bundle(root: string, folder: string): void {
  mkdirSync(cacheIn(root), { recursive: true });
  const own = mkdtempSync(`${folder}-`);
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'bundle-programs.ts', own], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    renameSync(own, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(own, { recursive: true });
  }
  // Those of earlier sources. What runs has read them.
  for (const name of readdirSync(cacheIn(root))) {
    const other = join(cacheIn(root), name);
    if (/^programs-[0-9a-f]{32}$/.test(name) && other !== folder)
      rmSync(other, { recursive: true, force: true });
  }
}
