import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Logger } from 'pino';

/** Rows of a table to delete. */
export interface OldRows {
  readonly table: string;
  /** An indexed column of times. Rows from before `before` are deleted, oldest first. */
  readonly by: string;
  readonly before: Date;
  /** A further condition on the rows. */
  readonly where?: RawBuilder<unknown>;
}

/** Log of a sweep, and a signal that ends it. */
export interface Sweeping {
  readonly logger?: Pick<Logger, 'info'>;
  readonly stopping?: AbortSignal;
}

/** Rows of one batch: few enough to end long before the statement timeout, and for nobody to notice the locks. */
const BATCH = 2_000;
const SAY_EVERY_MS = 10_000;

/**
 * Deletes all old rows, each batch in a transaction. Only one node at a time does it.
 * @returns the number of deleted rows
 */
export async function deleteOld<Schema>(
  db: Kysely<Schema>,
  rows: OldRows,
  { logger, stopping }: Sweeping = {},
): Promise<number> {
  let deleted = 0;
  let saidAt = performance.now();
  let batch: number;
  do {
    batch = await deleteBatch(db, rows);
    deleted += batch;
    const isLong = performance.now() - saidAt > SAY_EVERY_MS;
    if (isLong || (batch < BATCH && deleted > BATCH)) {
      logger?.info({ table: rows.table, deleted }, batch < BATCH ? 'deleted old rows' : 'deleting old rows');
      saidAt = performance.now();
    }
  } while (batch === BATCH && !stopping?.aborted);
  return deleted;
}

function deleteBatch<Schema>(
  db: Kysely<Schema>,
  { table, by, before, where = sql`true` }: OldRows,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const turn = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('warifu sweep'), hashtext(${table})) as mine`.execute(trx);
    if (!turn.rows[0]?.mine) return 0;
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid = any (array(
        select ctid from ${sql.table(table)}
        where ${sql.ref(by)} < ${before} and ${where}
        order by ${sql.ref(by)} limit ${sql.lit(BATCH)}))`.execute(trx);
    return Number(numAffectedRows);
  });
}
