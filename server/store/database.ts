import type { PGlite } from '@electric-sql/pglite';
import type { Kysely } from 'kysely';
import {
  type OpenDatabase as OpenDatabaseOf,
  type OpeningDatabase,
  openDatabase,
} from '../../host/database.ts';
import { codeOf } from '../../host/listen.ts';
import { openPglite, openPgliteFolder, startPglite } from '../../host/pglite.ts';
import { migrationsFor, type TokensOf } from './migrations.ts';
import type { Schema } from './schema.ts';
import { WAKE_CHANNEL } from './wakes.ts';

export type Database = Kysely<Schema>;

/** Every statement of ours finds rows by a key, so plans that read whole tables are always wrong. */
const PLANNER = { enable_hashjoin: 'off', enable_mergejoin: 'off' } as const;

/** The same as options of a connection. */
export const PLANNER_OPTIONS = Object.entries(PLANNER)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

export type OpenDatabase = OpenDatabaseOf<Schema>;

const BUILT_IN = { channel: WAKE_CHANNEL, settings: PLANNER };

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
  return openDatabase<Schema>(url, migrationsFor(institutions), {
    ...settings,
    channel: WAKE_CHANNEL,
    prepare: true,
    options: PLANNER_OPTIONS,
  });
}

/**
 * Opens the built-in PostgreSQL in a folder, for this process alone.
 * @throws FolderInUseError
 */
export const openFolder = (
  folder: string,
  { institutions = [] }: OpeningSettings = {},
): Promise<OpenDatabase> => openPgliteFolder(folder, migrationsFor(institutions), BUILT_IN);

/** The built-in PostgreSQL in memory, a new one unless one is given; its data is gone when it is closed. */
export const openMemory = async (pglite?: PGlite): Promise<OpenDatabase> =>
  openPglite(pglite ?? (await startPglite()), migrationsFor([]), BUILT_IN);

/** PostgreSQL's code for a broken unique constraint. */
const UNIQUE_VIOLATION = '23505';

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (codeOf(error) !== UNIQUE_VIOLATION) return false;
  return constraint === undefined || Reflect.get(error as Error, 'constraint') === constraint;
}
