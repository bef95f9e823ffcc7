import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Migrations } from '../../host/database.ts';
import { FolderInUseError } from '../../host/folder.ts';
import { openPgliteFolder } from '../../host/pglite.ts';

interface Schema {
  shelf: { id: number };
}

const SHELF: Migrations = {
  '0001_shelf': { up: (db) => db.schema.createTable('shelf').addColumn('id', 'integer').execute() },
};
const FAILING: Migrations = {
  ...SHELF,
  '0002_fails': { up: () => Promise.reject(new Error('no such shelf')) },
};

test('a folder is open for one at a time; one whose tables cannot be migrated is free again, with what it had', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-folder-'));
  const open = (migrations: Migrations) => openPgliteFolder<Schema>(folder, migrations, { channel: 'shelf' });
  const first = await open(SHELF);
  await first.db.insertInto('shelf').values({ id: 1 }).execute();
  await expect(open(SHELF)).rejects.toThrow(FolderInUseError);
  await first.close();
  await expect(open(FAILING)).rejects.toThrow('no such shelf');
  const { db, close } = await open(SHELF);
  expect(await db.selectFrom('shelf').select('id').execute()).toEqual([{ id: 1 }]);
  await close();
});
