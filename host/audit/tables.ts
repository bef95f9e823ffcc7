import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Columns } from './chain.ts';

/** The tables of the chains of an audit's table. */
export const linksOf = (table: string) => sql.table(`${table}_links`);
export const headsOf = (table: string) => sql.table(`${table}_heads`);
export const rootOf = (table: string) => sql.table(`${table}_root`);
/** Where chains begin, of those whose older entries were dropped. */
export const beginsOf = (table: string) => sql.table(`${table}_begins`);
/** Ids that were passed over: they belong to no entry, or to one that is not visible yet. */
export const gapsOf = (table: string) => sql.table(`${table}_gaps`);

/** All columns of the row `t` as exact texts, if `TimeZone` is UTC. Null if there is no row. */
export const columnsOfRow: RawBuilder<Columns | null> = sql`(
  select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(t)) where value is not null)`;

/**
 * Makes a transaction read times in UTC and find rows only by index. Otherwise a plan from when there were few links would
 * read all of them for each entry.
 */
export async function prepareToRead<Schema>(trx: Transaction<Schema>): Promise<void> {
  await sql`
    select set_config('TimeZone', 'UTC', true), set_config('enable_seqscan', 'off', true),
      set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
      set_config('enable_material', 'off', true)`.execute(trx);
}

/** Part of migrations that have shipped, so never edit it. */
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

/**
 * Lets `audit drop` delete, in a transaction that says so. The triggers are against mistakes; what was deleted otherwise,
 * verification finds. Part of migrations that have shipped, so never edit it.
 * @param refuse the function that refuses to change the audit's table
 */
export async function createAuditBegins(db: Kysely<unknown>, table: string, refuse: string): Promise<void> {
  await sql`
    create table ${beginsOf(table)} (
      institution text primary key,
      number bigint not null,
      hash bytea not null,
      by jsonb not null,
      seal bytea not null)`.execute(db);
  for (const name of [refuse, `${table}_links_are_append_only`]) {
    await sql`
      create or replace function ${sql.id(name)}() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and current_setting('warifu.audit_drop', true) = 'yes' then return null; end if;
        raise exception 'the audit is append-only';
      end $$`.execute(db);
  }
}
