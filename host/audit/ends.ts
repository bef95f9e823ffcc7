import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type Audit, type Begin, beginSeal, type Head, headSeal, type Root, rootSeal } from './chain.ts';
import { beginsOf, headsOf, rootOf } from './tables.ts';

/**
 * The list of chains, and whether its seal holds.
 * @param lock clause that locks the row
 * @returns undefined if there is no list
 */
export async function readRoot<Schema>(
  db: Kysely<Schema>,
  audit: Audit,
  lock: RawBuilder<unknown> = sql``,
): Promise<{ readonly root: Root; readonly holds: boolean } | undefined> {
  const { rows } = await sql<Root & { seal: string }>`
    select reached::text as reached, chains, encode(seal, 'hex') as seal
    from ${rootOf(audit.table)} ${lock}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { seal, ...root } = row;
  return { root, holds: rootSeal(audit, root) === seal };
}

/**
 * Heads of chains, and whether the seal of each holds.
 * @param which clauses that choose, order and lock them
 */
export async function readSealedHeads<Schema>(
  db: Kysely<Schema>,
  audit: Audit,
  which: RawBuilder<unknown>,
): Promise<{ readonly head: Head; readonly holds: boolean }[]> {
  const { rows } = await sql<Head & { seal: string }>`
    select institution, count::float8 as count, encode(hash, 'hex') as hash, encode(seal, 'hex') as seal
    from ${headsOf(audit.table)} ${which}`.execute(db);
  return rows.map(({ seal, ...head }) => ({ head, holds: headSeal(audit, head) === seal }));
}

/** All heads, whether or not their seals hold. A database from before there were chains has none. */
export async function readHeads<Schema>(db: Kysely<Schema>, audit: Audit): Promise<Head[]> {
  return (await readSealedHeads(db, audit, sql`order by institution`)).map(({ head }) => head);
}

/** Where a chain begins, and whether its seal holds; undefined if nothing of it was ever dropped. */
export async function readBegin<Schema>(
  db: Kysely<Schema>,
  audit: Audit,
  institution: string,
): Promise<{ readonly begin: Begin; readonly holds: boolean } | undefined> {
  const { rows: tables } = await sql<{ there: boolean }>`
    select to_regclass(${`${audit.table}_begins`}) is not null as there`.execute(db);
  // Commands also read databases from before anything could be dropped.
  if (!tables[0]?.there) return undefined;
  const { rows } = await sql<Begin & { seal: string }>`
    select institution, number::float8 as number, encode(hash, 'hex') as hash, by, encode(seal, 'hex') as seal
    from ${beginsOf(audit.table)} where institution = ${institution}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { seal, ...begin } = row;
  return { begin, holds: beginSeal(audit, begin) === seal };
}
