import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Folders that are made once for all tests, and copied. */

/**
 * Makes a folder, unless it is there. Processes that make the same at the same time all have a whole one.
 * @param make makes it at the path it is given, which is not there yet
 */
export async function makeOnce(folder: string, make: (at: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const own = `${folder}.${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  await make(own);
  try {
    renameSync(own, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(own, { recursive: true });
  }
}

/** With owners and permissions, which PostgreSQL insists on. */
export const copyFolder = (from: string, to: string) => execFileSync('cp', ['-a', from, to]);
