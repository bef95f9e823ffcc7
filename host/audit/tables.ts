import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Columns } from './chain.ts';

/** What stands beside a table of an audit. */
export const linksOf = (table: string) => sql.table(`${table}_links`);
export const headsOf = (table: string) => sql.table(`${table}_heads`);
export const rootOf = (table: string) => sql.table(`${table}_root`);
/** Ids that were passed over: not given, or not visible yet. */
export const gapsOf = (table: string) => sql.table(`${table}_gaps`);

/** All columns of the row `t` as texts, exactly; `TimeZone` has to be UTC. Null where there is no row. */
export const columnsOfRow: RawBuilder<Columns | null> = sql`(
  select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(t)) where value is not null)`;

/**
 * Has a transaction read columns as texts of UTC, and find rows by index alone: a plan made while the links were few would
 * read all of them for each entry later.
 */
export async function prepareToRead<Schema>(trx: Transaction<Schema>): Promise<void> {
  await sql`
    select set_config('TimeZone', 'UTC', true), set_config('enable_seqscan', 'off', true),
      set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
      set_config('enable_material', 'off', true)`.execute(trx);
}

/** Part of migrations that have shipped: never edited. */
export async function createAuditTables(db: Kysely<unknown>, table: string): Promise<void> {
  await sql`
    create table ${linksOf(table)} (
      institution text not null,
      number bigint not null,
      entry bigint not null unique,
      hash bytea not null,
      primary key (institution, number))`.execute(db);
  await sql`
    create table ${headsOf(table)} (
      institution text primary key,
      count bigint not null,
      hash bytea not null,
      seal bytea not null)`.execute(db);
  await sql`
    create table ${rootOf(table)} (
      id boolean primary key default true check (id),
      reached bigint not null,
      chains jsonb not null,
      seal bytea not null)`.execute(db);
  await sql`
    create table ${gapsOf(table)} (
      first bigint primary key,
      last bigint not null,
      seen_at timestamptz not null)`.execute(db);
  const refuse = sql.id(`${table}_links_are_append_only`);
  await sql`
    create function ${refuse}() returns trigger language plpgsql as
    $$ begin raise exception 'the links of an audit are append-only'; end $$`.execute(db);
  await sql`
    create trigger ${sql.id(`${table}_links_append_only`)} before update or delete or truncate on ${linksOf(table)}
    for each statement execute function ${refuse}()`.execute(db);
}
