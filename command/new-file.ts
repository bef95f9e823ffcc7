import { createWriteStream, mkdirSync, openSync, rmSync, type WriteStream } from 'node:fs';
import { CannotTellError, messageOf } from './errors.ts';
import { EXIT } from './exit.ts';

const ENDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const cannotWrite = (path: string, error: unknown): CannotTellError =>
  new CannotTellError(`cannot write ${path}: ${messageOf(error)}`);

/**
 * Opens a new file, of this user alone, while something works with it. Where that fails, or the command is ended, nothing is left of it;
 * otherwise it is on the disk.
 * @throws CannotTellError where it cannot be opened, as where there is such a file
 */
export async function inNewFile<Value>(
  path: string,
  work: (file: WriteStream) => Promise<Value>,
): Promise<Value> {
  let file: WriteStream | undefined;
  const remove = () => {
    if (file === undefined) return;
    file.destroy();
    rmSync(path, { force: true });
  };
  return wholeOrRemoved(remove, () => {
    file = createWriteStream(path, { fd: openNew(path), flush: true });
    return work(file);
  });
}

/** Makes a new folder, of this user alone, while something works with it. Where that fails, or the command is ended, the folder is removed. */
export async function inNewFolder<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  let made = false;
  const remove = () => {
    if (made) rmSync(path, { recursive: true, force: true });
  };
  return wholeOrRemoved(remove, () => {
    made = mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined;
    if (!made) throw new CannotTellError(`${path} is there already; name a new folder`);
    return work();
  });
}

async function wholeOrRemoved<Value>(remove: () => void, work: () => Promise<Value>): Promise<Value> {
  const end = () => {
    remove();
    process.exit(EXIT.cannotTell);
  };
  // Heard before there is anything: a signal in between would leave it.
  for (const signal of ENDS) process.once(signal, end);
  try {
    return await work();
  } catch (error) {
    remove();
    throw error;
  } finally {
    for (const signal of ENDS) process.off(signal, end);
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
