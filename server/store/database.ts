import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Pool } from 'pg';
import { lockFolder } from './lock.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;

/** An open database and how to let it go. */
export interface OpenDatabase {
  readonly db: Database;
  close(): Promise<void>;
}

/** Opens a PostgreSQL server or cluster by its URL and brings its tables up to date. */
export async function openPostgres(url: string): Promise<OpenDatabase> {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 5_000,
    query_timeout: 6_000,
  });
  // A connection that dies while idle is replaced by the pool; the next query reports what is wrong.
  pool.on('error', () => {});
  return migrated(new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }), () => {});
}

/**
 * Opens the built-in PostgreSQL in a folder, for this process alone.
 * @throws FolderInUseError
 */
export async function openFolder(folder: string): Promise<OpenDatabase> {
  const unlock = lockFolder(folder);
  const data = join(folder, 'pg');
  mkdirSync(data, { recursive: true });
  return migrated(new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: new PGlite(data) }) }), unlock);
}

/** The built-in PostgreSQL in memory, gone when closed. */
export async function openMemory(): Promise<OpenDatabase> {
  return migrated(new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: new PGlite() }) }), () => {});
}

async function migrated(db: Database, onClose: () => void): Promise<OpenDatabase> {
  const close = async () => {
    await db.destroy();
    onClose();
  };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    await close();
    throw error;
  }
  return { db, close };
}

/** PostgreSQL's code for a broken unique constraint. */
const UNIQUE_VIOLATION = '23505';

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof Error && 'code' in error) || error.code !== UNIQUE_VIOLATION) return false;
  return constraint === undefined || ('constraint' in error && error.constraint === constraint);
}
