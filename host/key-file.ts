import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './listen.ts';

/**
 * Reads a text from a file that only this user can read. If the file is missing, it is made; of several processes at once one
 * makes it, and none reads half of it.
 */
export function keptText(file: string, make: () => string): string {
  return readText(file) ?? makeText(file, make());
}

/**
 * As {@link keptText}, for a key that is changed now and then.
 * @param others the keys before and after it: beside one of them a new one would open nothing
 * @throws Error if the file is missing beside one of them
 */
export function keptKey(file: string, make: () => string, others: readonly (string | undefined)[]): string {
  return keptText(file, () => {
    if (others.every((other) => other === undefined)) return make();
    throw new Error(
      `${file} is missing, and none is made while the key before or after it is there: put the key back that is in use, which may be that one`,
    );
  });
}

/** @returns undefined if the file does not exist */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function makeText(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const own = `${file}.${randomUUID()}`;
  writeFileSync(own, `${text}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(own, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(own);
  }
  return readFileSync(file, 'utf8').trim();
}
