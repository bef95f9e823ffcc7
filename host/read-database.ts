import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import { inLockedFolder, pgliteDialect } from './pglite.ts';
import { reachPostgres } from './postgres.ts';

/** A database that is only read. */
export interface DatabaseToRead {
  readonly db: Kysely<unknown>;
  close(): Promise<void>;
}

/**
 * Opens a part's database as it is, without migrating its tables and without timeouts.
 * @param url of a PostgreSQL database; the built-in one in the folder unless given, for this process alone
 * @throws FolderInUseError if the part uses the folder
 * @throws Error if there is no database
 */
export async function openToRead(url: string | undefined, folder: string): Promise<DatabaseToRead> {
  if (url !== undefined) {
    const postgres = reachPostgres(url);
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: postgres.patientPool() }) });
    const close = async () => {
      await db.destroy();
      await postgres.pool.end();
    };
    return { db, close };
  }
  if (!existsSync(join(folder, 'pg'))) throw new Error(`there is no database in ${folder}`);
  return inLockedFolder(folder, (pglite) => {
    const db = new Kysely<unknown>({ dialect: pgliteDialect(pglite) });
    return { db, close: () => db.destroy() };
  });
}
