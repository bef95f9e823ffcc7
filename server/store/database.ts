import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely } from 'kysely';
import {
  migrate,
  type OpenDatabase as OpenDatabaseOf,
  type OpeningDatabase,
  openDatabase,
} from '../../host/database.ts';
import { lockFolder } from '../../host/folder.ts';
import { pgliteDialect, startPglite } from '../../host/pglite.ts';
import { createWakes } from '../../host/wakes.ts';
import { migrationsFor, type TokensOf } from './migrations.ts';
import type { Schema } from './schema.ts';
import { WAKE_CHANNEL } from './wakes.ts';

export type Database = Kysely<Schema>;

/** Every statement of ours finds rows by a key, so plans that read whole tables are always wrong. */
const PLANNER = { enable_hashjoin: 'off', enable_mergejoin: 'off' } as const;

export type OpenDatabase = OpenDatabaseOf<Schema>;

/** The institutions whose tokens a database holds; none if it is new. */
export interface OpeningSettings {
  readonly institutions?: readonly TokensOf[];
}

/**
 * Opens a PostgreSQL server or cluster by its URL and migrates its tables. Waits for a server that is not there yet.
 * @throws Error if the URL is invalid, or the database refuses its user, password or name
 */
export async function openPostgres(
  url: string,
  {
    institutions = [],
    ...settings
  }: OpeningSettings & Pick<OpeningDatabase, 'logger' | 'connections' | 'directUrl' | 'away'> = {},
): Promise<OpenDatabase> {
  const options = Object.entries(PLANNER).map(([name, value]) => `-c ${name}=${value}`);
  return openDatabase<Schema>(url, migrationsFor(institutions), {
    ...settings,
    channel: WAKE_CHANNEL,
    prepare: true,
    options: options.join(' '),
  });
}

/**
 * Opens the built-in PostgreSQL in a folder, for this process alone.
 * @throws FolderInUseError
 */
export async function openFolder(
  folder: string,
  { institutions = [] }: OpeningSettings = {},
): Promise<OpenDatabase> {
  const unlock = lockFolder(folder);
  const data = join(folder, 'pg');
  mkdirSync(data, { recursive: true });
  try {
    return await openBuiltIn(await startPglite({ dataDir: data }), institutions, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The built-in PostgreSQL in memory, a new one unless one is given; its data is gone when it is closed. */
export async function openMemory(pglite?: PGlite): Promise<OpenDatabase> {
  return openBuiltIn(pglite ?? (await startPglite()), [], () => {});
}

async function openBuiltIn(
  pglite: PGlite,
  institutions: readonly TokensOf[],
  onClose: () => void,
): Promise<OpenDatabase> {
  const wakes = createWakes();
  const waking = { channel: WAKE_CHANNEL, wakes };
  const db: Database = new Kysely<Schema>({
    dialect: pgliteDialect(pglite, { settings: PLANNER, waking }),
  });
  await migrate(db, migrationsFor(institutions));
  const close = async () => {
    await db.destroy();
    onClose();
  };
  return { db, wakes, close };
}

/** PostgreSQL's code for a broken unique constraint. */
const UNIQUE_VIOLATION = '23505';

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof Error && 'code' in error) || error.code !== UNIQUE_VIOLATION) return false;
  return constraint === undefined || ('constraint' in error && error.constraint === constraint);
}
