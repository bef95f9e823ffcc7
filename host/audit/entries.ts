import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Audit, Columns } from './chain.ts';
import { columnsOfRow, linksOf, prepareToRead } from './tables.ts';

const PAGE = 1_000;

/** A filter of an institution's entries. */
export interface Wanted {
  readonly institution: string;
  /** `from` is included, `before` is not. */
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
  /** Linked ones up to this number alone. */
  readonly through?: number | undefined;
  /** Values that columns must have, by column. */
  readonly having: Readonly<Record<string, string | undefined>>;
  /** The ユーザID of an entry `t`, where no column has it. */
  readonly userId?: RawBuilder<string | null> | undefined;
}

/** An entry with its place in the chain; null if it is not linked yet. */
export interface AuditEntry {
  readonly number: string | null;
  readonly hash: string | null;
  readonly columns: Columns;
  /** As it is now, of no hash; null where it was not wanted, or nobody has one. */
  readonly userId: string | null;
}

/** The columns of an audit, in the order of its table. */
export async function columnNames<Schema>(
  db: Kysely<Schema>,
  { table }: Pick<Audit, 'table'>,
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attnum`.execute(db);
  return rows.map(({ name }) => name);
}

/** The wanted entries in the order of their ids, read page by page. */
export async function* entriesOf<Schema>(
  db: Kysely<Schema>,
  { table }: Pick<Audit, 'table'>,
  { institution, from, before, through, having, userId = sql`null` }: Wanted,
): AsyncGenerator<AuditEntry> {
  const conditions: RawBuilder<unknown>[] = [sql`t.institution = ${institution}`];
  if (from) conditions.push(sql`t.at >= ${from}`);
  if (before) conditions.push(sql`t.at < ${before}`);
  if (through !== undefined) conditions.push(sql`l.number <= ${through}::bigint`);
  for (const [column, value] of Object.entries(having)) {
    if (value !== undefined) conditions.push(sql`${sql.ref(`t.${column}`)} = ${value}`);
  }
  const wanted = sql.join(conditions, sql` and `);
  let last = '0';
  for (;;) {
    const rows: AuditEntry[] = await db.transaction().execute(async (trx) => {
      await prepareToRead(trx);
      const page = await sql<AuditEntry>`
        select l.number::text as number, encode(l.hash, 'hex') as hash, ${columnsOfRow} as columns,
          ${userId} as "userId"
        from ${sql.table(table)} t left join ${linksOf(table)} l on l.entry = t.id
        where ${wanted} and t.id > ${last}::bigint order by t.id limit ${PAGE}::integer`.execute(trx);
      return page.rows;
    });
    yield* rows;
    last = rows.at(-1)?.columns.id ?? last;
    if (rows.length < PAGE) return;
  }
}
