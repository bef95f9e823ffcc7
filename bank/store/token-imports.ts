import type { Selectable } from 'kysely';
import type { Handle } from './database.ts';
import type { TokenImportsTable } from './schema.ts';

export type TokenImport = Selectable<TokenImportsTable>;

/** Notes that a file is imported, by who began it, and when. */
export async function noteImport(db: Handle, row: Omit<TokenImport, 'stopped_at'>): Promise<void> {
  const { institution, digest, ...begun } = row;
  await db
    .insertInto('token_imports')
    .values({ institution, digest, ...begun, stopped_at: null })
    .onConflict((c) => c.columns(['institution', 'digest']).doUpdateSet({ ...begun, stopped_at: null }))
    .execute();
}

/** Notes that nobody goes on with it until the same file is sent again. */
export async function noteImportStopped(
  db: Handle,
  institution: string,
  digest: string,
  at: Date,
): Promise<void> {
  await db
    .updateTable('token_imports')
    .set({ stopped_at: at })
    .where('institution', '=', institution)
    .where('digest', '=', digest)
    .execute();
}

export function findImport(
  db: Handle,
  institution: string,
  digest: string,
): Promise<TokenImport | undefined> {
  return db
    .selectFrom('token_imports')
    .selectAll()
    .where('institution', '=', institution)
    .where('digest', '=', digest)
    .executeTakeFirst();
}

/** Newest first. */
export function latestImports(db: Handle, institution: string, limit: number): Promise<TokenImport[]> {
  return db
    .selectFrom('token_imports')
    .selectAll()
    .where('institution', '=', institution)
    .orderBy('begun_at', 'desc')
    .limit(limit)
    .execute();
}
