import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openAsBlob, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import { openMemory as openBank } from '../../bank/store/database.ts';
import { migrations } from '../../bank/store/migrations.ts';
import { type Migrations, migrate } from '../../host/database.ts';
import { startPglite } from '../../host/pglite.ts';
import { openMemory as openService } from '../../server/store/database.ts';
import { migrationsFor } from '../../server/store/migrations.ts';
import { makeOnce } from './folder-images.ts';
import { createRecycling } from './recycling.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const FOLDER = join(ROOT, 'node_modules/.cache/warifu');

/** The token service's database in memory. */
export const openServiceMemory = async () => openService(await recycled('server', serviceImage));

/** The bank's database in memory. */
export const openBankMemory = async () => openBank(await recycled('bank', bankImage));

/** The folder of the token service's database, to be copied. */
export const serviceFolder = () => unpacked(serviceImage);

/** The folder of the bank's database, to be copied. */
export const bankFolder = () => unpacked(bankImage);

/** A database in memory with nothing in it. */
export const newPglite = async (dataDir?: string) =>
  startPglite({
    loadDataDir: await openAsBlob(await emptyImage()),
    ...(dataDir !== undefined && { dataDir }),
  });

/** Makes the images before the tests that copy them: Vitest calls this by its name. */
export async function setup(): Promise<void> {
  await emptyImage();
  await serviceImage();
  await bankImage();
}

const recycled = createRecycling(async (image: () => Promise<string>) =>
  startPglite({ loadDataDir: await openAsBlob(await image()) }),
);

const emptyImage = () => image('empty', bare, {});
const serviceImage = () => image('server', newPglite, migrationsFor([]));
const bankImage = () => image('bank', newPglite, migrations);

/** Small, because it is copied: without PostgreSQL's templates of databases (no test makes another one), and with the smallest file of its log. */
async function bare(): Promise<PGlite> {
  const pglite = await startPglite({ initDbStartParams: ['--wal-segsize=1'] });
  await pglite.query('update pg_database set datistemplate = false');
  for (const template of ['template0', 'template1']) await pglite.query(`drop database ${template}`);
  return pglite;
}

/**
 * What a database is after its first start, or after its migrations. It is made once for all tests, until PGlite or a migration changes: to copy it
 * takes a quarter of the time.
 * @returns the file
 */
async function image(
  part: 'empty' | 'server' | 'bank',
  start: () => Promise<PGlite>,
  steps: Migrations,
): Promise<string> {
  const sources = ['node_modules/@electric-sql/pglite/package.json', 'tests/service/memory.ts'];
  if (part !== 'empty') sources.push(`${part}/store/migrations.ts`, 'host/audit/tables.ts');
  const hash = createHash('sha256');
  for (const file of sources) hash.update(readFileSync(join(ROOT, file)));
  const file = join(FOLDER, `${part}-${hash.digest('hex').slice(0, 16)}.tar`);
  if (!existsSync(file)) await makeImage(file, await start(), steps);
  return file;
}

async function unpacked(image: () => Promise<string>): Promise<string> {
  const file = await image();
  const folder = file.replace(/\.tar$/, '');
  await makeOnce(folder, async (dataDir) => {
    await (await startPglite({ dataDir, loadDataDir: await openAsBlob(file) })).close();
  });
  return folder;
}

async function makeImage(file: string, pglite: PGlite, steps: Migrations): Promise<void> {
  await migrate(new Kysely({ dialect: new PGliteDialect({ pglite }) }), steps);
  const image = await pglite.dumpDataDir('none');
  await pglite.close();
  mkdirSync(FOLDER, { recursive: true });
  // Others may be making the same: whoever is last has it.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, Buffer.from(await image.arrayBuffer()));
  renameSync(own, file);
}
