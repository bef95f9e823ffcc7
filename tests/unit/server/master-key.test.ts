import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSettings } from '../../../host/settings.ts';
import { newSecret } from '../../../server/keys.ts';
import { loadMasterKey } from '../../../server/master-key.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'warifu-master-key-'));
const load = (dataFolder: string, env: Record<string, string> = {}) =>
  loadMasterKey(readSettings({ WARIFU_DATA: dataFolder, ...env }));

test.each(['master-previous.key', 'master-next.key'])('is not made anew beside a %s', async (file) => {
  const place = folder();
  writeFileSync(join(place, file), newSecret());
  await expect(load(place)).rejects.toThrow(/master\.key is missing/);
  expect(readdirSync(place)).toEqual([file]);
  await expect(load(place, { WARIFU_MASTER_KEY: newSecret() })).resolves.toBeDefined();
});

test('is not made anew where the one before it is a setting', async () => {
  const env = { WARIFU_MASTER_KEY_PREVIOUS: newSecret() };
  await expect(load(folder(), env)).rejects.toThrow(/master\.key is missing/);
});
