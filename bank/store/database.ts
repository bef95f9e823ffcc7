import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, sql, type Transaction } from 'kysely';
import { migrate, type OpenDatabase as OpenDatabaseOf, openDatabase } from '../../host/database.ts';
import { lockFolder } from '../../host/folder.ts';
import { pgliteDialect, startPglite } from '../../host/pglite.ts';
import type { PostgresSettings } from '../../host/postgres.ts';
import { createWakes } from '../../host/wakes.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';
import { WAKE_CHANNEL } from './wakes.ts';

export type Database = Kysely<Schema>;

/** The database or a transaction in it. */
export type Handle = Database | Transaction<Schema>;

export type OpenDatabase = OpenDatabaseOf<Schema>;

/**
 * Opens a PostgreSQL server or cluster by its URL and migrates its tables, if it answers.
 * @throws Error if the URL is malformed, or the server refuses what it names
 */
export const openPostgres = (
  url: string,
  settings: Pick<PostgresSettings, 'logger' | 'connections' | 'directUrl'> = {},
): Promise<OpenDatabase> => openDatabase<Schema>(url, migrations, { ...settings, channel: WAKE_CHANNEL });

/**
 * Opens the built-in PostgreSQL in a folder, for this process alone.
 * @throws FolderInUseError
 */
export async function openFolder(folder: string): Promise<OpenDatabase> {
  const unlock = lockFolder(folder);
  const data = join(folder, 'pg');
  mkdirSync(data, { recursive: true });
  return openBuiltIn(await startPglite({ dataDir: data }), unlock);
}

/** The built-in PostgreSQL in memory, a new one unless one is given; its data is gone when it is closed. */
export async function openMemory(pglite?: PGlite): Promise<OpenDatabase> {
  return openBuiltIn(pglite ?? (await startPglite()), () => {});
}

async function openBuiltIn(pglite: PGlite, onClose: () => void): Promise<OpenDatabase> {
  const wakes = createWakes();
  const waking = { channel: WAKE_CHANNEL, wakes };
  const db = new Kysely<Schema>({ dialect: pgliteDialect(pglite, { waking }) });
  const close = async () => {
    await db.destroy();
    onClose();
  };
  try {
    await migrate(db, migrations);
  } catch (error) {
    await close();
    throw error;
  }
  return { db, wakes, close };
}

/** Rejects if the database does not answer. */
export async function reach(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
