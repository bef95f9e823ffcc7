import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process works in the same data folder. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
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
