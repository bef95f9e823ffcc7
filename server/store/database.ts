import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Client, Pool } from 'pg';
import { lockFolder } from './lock.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';
import { createWakes, listenBuiltIn, listenPostgres, type Wakes } from './wakes.ts';

export type Database = Kysely<Schema>;

/** Every statement of ours finds rows by a key: plans that read whole tables, good for reports, are never right. */
const PLANNER = { enable_hashjoin: 'off', enable_mergejoin: 'off' } as const;

/** An open database and how to let it go. */
export interface OpenDatabase {
  readonly db: Database;
  readonly wakes: Wakes;
  close(): Promise<void>;
}

/** Opens a PostgreSQL server or cluster by its URL and brings its tables up to date. */
export async function openPostgres(url: string): Promise<OpenDatabase> {
  const pool = new Pool({
    Client: PreparingClient,
    connectionString: url,
    max: 10,
    options: Object.entries(PLANNER)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: 3_000,
    statement_timeout: 5_000,
    query_timeout: 6_000,
  });
  // A connection that dies while idle is replaced by the pool; the next query reports what is wrong.
  pool.on('error', () => {});
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  await migrate(db);
  const wakes = createWakes();
  const stopListening = listenPostgres(url, wakes);
  const close = async () => {
    await stopListening();
    await db.destroy();
  };
  return { db, wakes, close };
}

/**
 * Opens the built-in PostgreSQL in a folder, for this process alone.
 * @throws FolderInUseError
 */
export async function openFolder(folder: string): Promise<OpenDatabase> {
  const unlock = lockFolder(folder);
  const data = join(folder, 'pg');
  mkdirSync(data, { recursive: true });
  try {
    return await openBuiltIn(await startPglite(data), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Names every statement after its text, so that the server parses and plans it once a connection. */
class PreparingClient extends Client {
  // biome-ignore lint/suspicious/noExplicitAny: the library's overloads; only (text, values) is changed.
  override query(...[text, values, ...rest]: any[]): any {
    if (typeof text !== 'string' || !Array.isArray(values))
      return Reflect.apply(super.query, this, [text, values, ...rest]);
    const name = createHash('sha256').update(text).digest('base64url');
    return super.query({ name, text, values });
  }
}

/** The built-in PostgreSQL in memory, gone when closed. */
export async function openMemory(): Promise<OpenDatabase> {
  return openBuiltIn(await startPglite(), () => {});
}

/** Loaded only where it is used: it takes more memory than all the rest of the service. */
async function startPglite(folder?: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  return new PGlite(folder);
}

function builtIn(pglite: PGlite): Database {
  const settings = Object.entries(PLANNER).map(([name, value]) => `set ${name} = ${value};`);
  const onCreateConnection = async () => {
    await pglite.exec(settings.join(' '));
  };
  return new Kysely<Schema>({ dialect: new PGliteDialect({ pglite, onCreateConnection }) });
}

async function openBuiltIn(pglite: PGlite, onClose: () => void): Promise<OpenDatabase> {
  const db = builtIn(pglite);
  await migrate(db);
  const wakes = createWakes();
  await listenBuiltIn(pglite, wakes);
  const close = async () => {
    await db.destroy();
    onClose();
  };
  return { db, wakes, close };
}

/** Brings the tables up to date; lets the database go where that fails. */
async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    await db.destroy();
    throw error;
  }
}

/** PostgreSQL's code for a broken unique constraint. */
const UNIQUE_VIOLATION = '23505';

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof Error && 'code' in error) || error.code !== UNIQUE_VIOLATION) return false;
  return constraint === undefined || ('constraint' in error && error.constraint === constraint);
}
