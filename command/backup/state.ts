import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Audit } from '../../host/audit/chain.ts';
import { readHeads } from '../../host/audit/ends.ts';
import type { Part } from '../part.ts';

/** What a database held at one moment, by which a copy of it is known to be whole. */
export const stateSchema = z.strictObject({
  /** Rows of each table. */
  counts: z.record(z.string(), z.number()),
  /** Where the chains of the audit ended. */
  heads: z.array(z.strictObject({ institution: z.string(), count: z.number(), hash: z.string() })),
  /** Of the token service: every token's status and last spent step, in one value. */
  spent: z.string().optional(),
});

export type State = z.infer<typeof stateSchema>;

/** Reads the state; one that is consistent, if the database is a transaction that sees one moment. */
export async function readState(db: Kysely<unknown>, part: Part, audit: Audit): Promise<State> {
  const counts: Record<string, number> = {};
  for (const table of await tablesOf(db)) {
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::float8 as count from ${sql.table(table)}`.execute(db);
    counts[table] = rows[0]?.count ?? 0;
  }
  const heads = await readHeads(db, audit);
  return part === 'service' ? { counts, heads, spent: await spentSteps(db) } : { counts, heads };
}

/** The tables of a database, by name; none if it is empty. */
export async function tablesOf(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' order by tablename`.execute(db);
  return rows.map(({ name }) => name);
}

/** In no order, so that millions of tokens are not sorted. */
async function spentSteps(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ spent: string | null }>`
    select bit_xor(('x' || left(md5(concat_ws(' ', id, status, last_step)), 16))::bit(64)::bigint)::text as spent
    from tokens`.execute(db);
  return rows[0]?.spent ?? '0';
}
