import type { PGlite } from '@electric-sql/pglite';
import { type Kysely, sql, type Transaction } from 'kysely';
import { type OpenDatabase as OpenDatabaseOf, openDatabase } from '../../host/database.ts';
import { openPglite, openPgliteFolder, startPglite } from '../../host/pglite.ts';
import type { PostgresSettings } from '../../host/postgres.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';
import { WAKE_CHANNEL } from './wakes.ts';

export type Database = Kysely<Schema>;

/** The database or a transaction in it. */
export type Handle = Database | Transaction<Schema>;

export type OpenDatabase = OpenDatabaseOf<Schema>;

const BUILT_IN = { channel: WAKE_CHANNEL };

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
export const openFolder = (folder: string): Promise<OpenDatabase> =>
  openPgliteFolder(folder, migrations, BUILT_IN);

/** The built-in PostgreSQL in memory, a new one unless one is given; its data is gone when it is closed. */
export const openMemory = async (pglite?: PGlite): Promise<OpenDatabase> =>
  openPglite(pglite ?? (await startPglite()), migrations, BUILT_IN);

/** Rejects if the database does not answer. */
export async function reach(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
