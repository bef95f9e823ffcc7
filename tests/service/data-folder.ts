import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFolder } from './images.ts';
import { bankFolder, serviceFolder } from './memory.ts';

/** A data folder with the built-in databases in it, as after a first start: to make them takes seconds. It has no keys. */
export async function newDataFolder(): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'warifu-data-'));
  await addDatabases(data);
  return data;
}

/** Puts them into a data folder that has none; it is made if it is not there. */
export async function addDatabases(data: string): Promise<void> {
  for (const [part, image] of Object.entries({ service: serviceFolder, bank: bankFolder })) {
    const folder = join(data, part);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    copyFolder(await image(), join(folder, 'pg'));
  }
}
