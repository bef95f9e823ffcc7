import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { inNewFile, inNewFolder } from '../../../command/new-file.ts';

const heardAtOpening = vi.hoisted((): number[] => []);
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const openSync: typeof fs.openSync = (...how) => {
    heardAtOpening.push(process.listenerCount('SIGTERM'));
    return fs.openSync(...how);
  };
  return { ...fs, openSync };
});

const newFile = () => join(mkdtempSync(join(tmpdir(), 'warifu-new-file-')), 'file');

test('the end of the command is heard from before there is a file, and no longer once it is done', async () => {
  const before = process.listenerCount('SIGTERM');
  const file = newFile();
  expect(await inNewFile(file, async () => existsSync(file))).toBe(true);
  expect(heardAtOpening).toEqual([before + 1]);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

test('a file that somebody else has stays, and the end is no longer heard', async () => {
  const before = process.listenerCount('SIGTERM');
  const file = newFile();
  await inNewFile(file, async (stream) => stream.end('kept'));
  await expect(inNewFile(file, async () => 1)).rejects.toThrow(/^cannot write .*: EEXIST/);
  expect(existsSync(file)).toBe(true);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

test('of a folder whose making fails, or is ended, nothing is left; one that is there stays', async () => {
  const before = process.listenerCount('SIGTERM');
  const folder = newFile();
  const fill = () => writeFileSync(join(folder, 'half'), 'of it');
  const failing = inNewFolder(folder, async () => {
    fill();
    throw new Error('a full disk');
  });
  await expect(failing).rejects.toThrow('a full disk');
  expect(existsSync(folder)).toBe(false);

  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  await inNewFolder(folder, async () => {
    fill();
    process.listeners('SIGTERM').at(-1)?.('SIGTERM');
  });
  expect(exit).toHaveBeenCalledExactlyOnceWith(2);
  exit.mockRestore();
  expect(existsSync(folder)).toBe(false);

  await inNewFolder(folder, async () => fill());
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await expect(inNewFolder(folder, async () => 1)).rejects.toThrow(/is there already/);
  expect(existsSync(join(folder, 'half'))).toBe(true);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
