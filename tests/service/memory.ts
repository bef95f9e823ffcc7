import { openAsBlob, writeFileSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely } from 'kysely';
import { openMemory as openBank } from '../../bank/store/database.ts';
import { migrations } from '../../bank/store/migrations.ts';
import { type Migrations, migrate } from '../../host/database.ts';
import { pgliteDialect, startPglite } from '../../host/pglite.ts';
import { openMemory as openService } from '../../server/store/database.ts';
import { migrationsFor } from '../../server/store/migrations.ts';
import { madeOnce } from './images.ts';
import { createRecycling } from './recycling.ts';

/** The token service's database in memory. */
export const openServiceMemory = async () => openService(await recycled('server', serviceImage));

/** The bank's database in memory. */
export const openBankMemory = async () => openBank(await recycled('bank', bankImage));

/** The folder of the token service's database, to be copied. */
export const serviceFolder = () => unpacked('server', serviceImage);

/** The folder of the bank's database, to be copied. */
export const bankFolder = () => unpacked('bank', bankImage);

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

type Part = 'empty' | 'server' | 'bank';

/** A file with what a database is after its first start, or after its migrations: to copy it takes a quarter of the time. */
const image = (part: Part, start: () => Promise<PGlite>, steps: Migrations) =>
  madeOnce(part, sourcesOf(part), async (file) => {
    const pglite = await start();
    await migrate(new Kysely({ dialect: pgliteDialect(pglite) }), steps);
    const dumped = await pglite.dumpDataDir('none');
    await pglite.close();
    writeFileSync(file, Buffer.from(await dumped.arrayBuffer()));
  });

const unpacked = (part: Part, image: () => Promise<string>) =>
  madeOnce(`${part}-folder`, sourcesOf(part), async (dataDir) => {
    await (await startPglite({ dataDir, loadDataDir: await openAsBlob(await image()) })).close();
  });

const sourcesOf = (part: Part) => [
  'node_modules/@electric-sql/pglite/package.json',
  'tests/service/memory.ts',
  ...(part === 'empty' ? [] : [`${part}/store/migrations.ts`, 'host/audit/tables.ts']),
];
