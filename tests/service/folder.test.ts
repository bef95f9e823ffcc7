import { chmodSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closeFolder } from '../../host/folder.ts';
import { freePort } from './free-port.ts';
import { startPart } from './process.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'warifu-folder-'));
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

test('a folder of everybody’s is refused, and left as it is', () => {
  const shared = join(newFolder(), 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  expect(() => closeFolder(shared)).toThrow(/is shared by all users/);
  expect(modeOf(shared)).toBe('1777');
});

test.each(['server/main.ts', 'bank/main.ts'])(
  '%s closes a folder that is open to others, and makes nothing in it that is, whatever its umask was',
  async (file) => {
    const data = newFolder();
    chmodSync(data, 0o777);
    writeFileSync(join(data, 'old'), '');
    const umask = process.umask(0);
    const part = await startPart(file, { WARIFU_DATA: data, WARIFU_PORT: String(await freePort()) });
    process.umask(umask);
    await part.kill('SIGTERM');
    expect(modeOf(data)).toBe('700');
    const made = file.startsWith('server/')
      ? ['service', 'service/lock', 'service/pg', 'service/pg/base']
      : ['bank', 'bank/lock', 'bank/pg', 'bank/pg/base'];
    for (const path of made) expect([path, statSync(join(data, path)).mode & 0o077]).toEqual([path, 0]);
  },
);
