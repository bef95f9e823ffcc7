import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What is made once for all tests, and copied. */

const ROOT = new URL('../../', import.meta.url).pathname;
const FOLDER = join(ROOT, 'node_modules/.cache/warifu');

/**
 * A file or folder that is made once, until one of its sources changes.
 * @param sources their paths in the project
 * @param make makes it at the path it is given, where nothing is yet
 * @returns where it is
 */
export async function madeOnce(
  name: string,
  sources: readonly string[],
  make: (at: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of sources) hash.update(readFileSync(join(ROOT, file)));
  const place = join(FOLDER, `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(place)) return place;
  mkdirSync(FOLDER, { recursive: true });
  const own = `${place}.${process.pid}`;
  await make(own);
  try {
    renameSync(own, place);
  } catch (error) {
    // Another process has made the same folder meanwhile.
    if (!existsSync(place)) throw error;
    rmSync(own, { recursive: true });
  }
  return place;
}

/** With owners and permissions, which PostgreSQL insists on. */
export const copyFolder = (from: string, to: string) => execFileSync('cp', ['-a', from, to]);
