import { readFileSync, writeFileSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { openBankMemory, openServiceMemory } from '../memory.ts';

/**
 * The tables that the last release works with; `save.ts` saves today's, when a release is made. A migration that ends with
 * `_contract` takes what it removes out of the file.
 */

/** Type of each column of each table, and whether an insert may leave it out. */
export type Tables = Readonly<
  Record<string, Readonly<Record<string, { readonly type: string; readonly mayBeLeftOut: boolean }>>>
>;

/** Reads the tables that each part works with today. */
export const TODAY: Readonly<Record<string, () => Promise<Tables>>> = {
  service: async () => tablesOf(await openServiceMemory()),
  bank: async () => tablesOf(await openBankMemory()),
};

interface Open<Schema> {
  readonly db: Kysely<Schema>;
  close(): Promise<void>;
}

const fileOf = (part: string) => new URL(`../../unit/release/${part}.json`, import.meta.url);

export const releaseOf = (part: string): Tables => JSON.parse(readFileSync(fileOf(part), 'utf8'));

async function tablesOf<Schema>({ db, close }: Open<Schema>): Promise<Tables> {
  const { rows } = await sql<{ table: string; column: string; type: string; mayBeLeftOut: boolean }>`
    select table_name as table, column_name as column, data_type as type,
      is_nullable = 'YES' or column_default is not null or is_identity = 'YES' as "mayBeLeftOut"
    from information_schema.columns
    where table_schema = 'public' and table_name not like 'kysely%'
    order by table_name, column_name`.execute(db);
  await close();
  const tables: Record<string, Record<string, { type: string; mayBeLeftOut: boolean }>> = {};
  for (const { table, column, ...about } of rows) {
    tables[table] = { ...tables[table], [column]: about };
  }
  return tables;
}

/** Parts of today's tables that the last release cannot work with. */
export function broken(release: Tables, today: Tables): string[] {
  return Object.entries(release).flatMap(([table, columns]) => {
    const now = today[table];
    if (now === undefined) return [`${table} is gone`];
    const changed = Object.entries(columns).flatMap(([column, { type, mayBeLeftOut }]) => {
      const found = now[column];
      if (found === undefined) return [`${table}.${column} is gone`];
      if (found.type !== type) return [`${table}.${column} was ${type}`];
      return mayBeLeftOut && !found.mayBeLeftOut ? [`${table}.${column} could be left out`] : [];
    });
    const added = Object.entries(now).flatMap(([column, { mayBeLeftOut }]) =>
      column in columns || mayBeLeftOut ? [] : [`${table}.${column} is new and cannot be left out`],
    );
    return [...changed, ...added];
  });
}

/** Those of today become the last release's. */
export async function saveTables(): Promise<void> {
  for (const [part, read] of Object.entries(TODAY)) {
    writeFileSync(fileOf(part), `${JSON.stringify(await read(), null, 1)}\n`);
  }
}
