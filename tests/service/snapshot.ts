import { type Kysely, sql } from 'kysely';

/** A row of a database as a release left it: what a later migration is tested on. */
export interface SavedRow {
  readonly table: string;
  /** Bytes are as PostgreSQL writes them: `\x…`. */
  readonly row: object;
}

/** Reads every row of some tables. */
export async function takeSnapshot<Schema>(
  db: Kysely<Schema>,
  tables: readonly string[],
): Promise<SavedRow[]> {
  const saved: SavedRow[] = [];
  for (const table of tables) {
    const { rows } = await sql<{ row: object }>`select to_jsonb(t) as row from ${sql.table(table)} t`.execute(
      db,
    );
    saved.push(...rows.map(({ row }) => ({ table, row })));
  }
  return saved;
}

/** Puts rows into a database that stands at the migration they were saved at. */
export async function putBack<Schema>(db: Kysely<Schema>, saved: readonly SavedRow[]): Promise<void> {
  for (const { table, row } of saved) {
    await sql`
      insert into ${sql.table(table)} overriding system value
      select * from jsonb_populate_record(null::${sql.table(table)}, ${JSON.stringify(row)}::jsonb)`.execute(
      db,
    );
  }
  // Numbers that the database gives go on after those that were given.
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column
    from information_schema.columns where is_identity = 'YES'`.execute(db);
  for (const { table, column } of rows) {
    const most = sql`(select max(${sql.ref(column)}) from ${sql.table(table)})`;
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}), ${most})`.execute(db);
  }
}
