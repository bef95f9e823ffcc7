import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process works in the same data folder. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
}

/** Permission bits of others than the folder's user, and the bit of a folder that everybody shares, such as /tmp. */
const OTHERS = 0o077;
const SHARED = 0o1000;

/**
 * Makes a data folder for this process's user alone, or closes one that is open to others, whoever made it; what is made in
 * it by this process from now on is closed as well.
 * @throws Error with a message for the operator where it cannot be closed
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
 * Keeps a folder for this process until it ends, however it ends: the lock is the operating system's, taken through
 * SQLite, so a killed process leaves nothing behind.
 * @returns lets the folder go
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
