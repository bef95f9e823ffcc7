import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process uses the same data folder. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
}

/** Permission bits of other users, and the sticky bit of a folder that all users share, such as /tmp. */
const OTHERS = 0o077;
const SHARED = 0o1000;

/**
 * Makes a data folder that only this process's user can read, or takes an existing one away from other users. Files that this
 * process makes from now on are closed to others as well.
 * @throws Error with a message for the operator if the folder stays open to others
 */
export function closeFolder(folder: string): void {
  process.umask(OTHERS);
  mkdirSync(folder, { recursive: true });
  const { mode } = statSync(folder);
  if ((mode & SHARED) !== 0)
    throw new Error(`${folder} is shared by all users; choose a data folder of its own`);
  if ((mode & OTHERS) === 0) return;
  try {
    chmodSync(folder, mode & 0o700);
  } catch (cause) {
    throw new Error(`other users can read ${folder}, and chmod 700 failed; change its mode or owner`, {
      cause,
    });
  }
}

/**
 * Locks a folder for this process. The lock is the operating system's, taken through SQLite, so it ends with the process even
 * if that is killed.
 * @returns a function that unlocks the folder
 * @throws FolderInUseError
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    file.close();
    throw new FolderInUseError(`${folder} is in use by another process`, { cause });
  }
  return () => file.close();
}
