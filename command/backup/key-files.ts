import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SIGNING_KEY_FILES } from '../../server/signing-key.ts';
import { CannotTellError } from '../errors.ts';

/** Files with keys in a data folder, and folders of such files. */
const KEY_FILES = [
  'master.key',
  'master-next.key',
  'master-previous.key',
  ...Object.values(SIGNING_KEY_FILES),
  'push-key.json',
  'bank.key',
  'bank-previous.key',
];
export const KEY_FOLDERS = ['api-keys', 'staff-keys'];

/** Paths of the key files that a data folder has, from there. */
export function keyFilesIn(folder: string): string[] {
  const inFolders = KEY_FOLDERS.filter((name) => existsSync(join(folder, name))).flatMap((name) =>
    readdirSync(join(folder, name)).map((file) => join(name, file)),
  );
  return [...KEY_FILES.filter((name) => existsSync(join(folder, name))), ...inFolders];
}

/** Copies the key files of a folder into another. @throws CannotTellError if that has other keys, and copies nothing */
export function copyKeys(from: string, to: string): string[] {
  const files = keyFilesIn(from);
  const other = files.find((file) => {
    const there = join(to, file);
    return existsSync(there) && !readFileSync(there).equals(readFileSync(join(from, file)));
  });
  if (other !== undefined) throw new CannotTellError(`${join(to, other)} is there already, and another key`);
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true, mode: 0o700 });
    cpSync(join(from, file), join(to, file));
  }
  return files;
}
