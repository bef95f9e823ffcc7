import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderLines } from '../../../../command/doctor/machine.ts';
import { readSettings } from '../../../../host/settings.ts';

test('a key that leads to nothing is named, and the rest is looked at', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'warifu-data-'));
  const keys = join(dataFolder, 'api-keys');
  mkdirSync(keys, { mode: 0o755 });
  symlinkSync(join(dataFolder, 'gone'), join(keys, 'akita'));
  const said = [...folderLines({ ...readSettings({}), dataFolder })].map(({ level, said }) => [level, said]);
  expect(said).toEqual([
    ['error', expect.stringContaining(`${join(keys, 'akita')} leads to nothing`)],
    ['error', expect.stringContaining(`other users can reach ${keys};`)],
  ]);
});
