import { type Kysely, sql, type Transaction } from 'kysely';
import { type Audit, type Begin, beginSeal } from './chain.ts';
import { readBegin } from './ends.ts';
import { beginsOf, linksOf, rootOf } from './tables.ts';

/** Entries of one transaction. */
const BATCH = 5_000;

/**
 * The number up to which every linked entry is older than a time; undefined if there is none. Entries are linked in the order in
 * which they appear, which is not quite that of their times: the first that is younger keeps what is behind it.
 */
export async function numberBefore<Schema>(
  db: Kysely<Schema>,
  { table }: Audit,
  institution: string,
  before: Date,
): Promise<number | undefined> {
  const { rows } = await sql<{ first: number | null; younger: number | null; last: number | null }>`
    select
      (select number from ${linksOf(table)} where institution = ${institution} order by number limit 1)::float8 as first,
      (select l.number from ${linksOf(table)} l join ${sql.table(table)} t on t.id = l.entry
        where l.institution = ${institution} and t.at >= ${before} order by l.number limit 1)::float8 as younger,
      (select number from ${linksOf(table)} where institution = ${institution} order by number desc limit 1)::float8 as last`.execute(
    db,
  );
  const [{ first, younger, last } = { first: null, younger: null, last: null }] = rows;
  if (first === null || last === null) return undefined;
  const through = younger === null ? last : younger - 1;
  return through < first ? undefined : through;
}

/**
 * Drops a chain's entries up to a number, in batches, each with the new beginning of the chain: what is left verifies at every
 * moment. Broken off, the next one drops the rest.
 * @returns the number of entries dropped
 */
export async function dropThrough<Schema>(
  db: Kysely<Schema>,
  audit: Audit,
  dropping: Pick<Begin, 'institution' | 'by'> & { readonly through: number },
): Promise<number> {
  for (let dropped = 0; ; ) {
    const count = await db.transaction().execute((trx) => dropBatch(trx, audit, dropping));
    dropped += count;
    if (count === 0) return dropped;
  }
}

async function dropBatch<Schema>(
  trx: Transaction<Schema>,
  audit: Audit,
  { institution, by, through }: Parameters<typeof dropThrough>[2],
): Promise<number> {
  const { table } = audit;
  // One at a time: no node links meanwhile, and nobody else drops.
  await sql`select from ${rootOf(table)} for update`.execute(trx);
  const read = await readBegin(trx, audit, institution);
  if (read?.holds === false) throw new Error('where the chain begins was changed');
  const number = Math.min(through, (read?.begin.number ?? 0) + BATCH);
  const { rows } = await sql<{ hash: string }>`
    select encode(hash, 'hex') as hash from ${linksOf(table)}
    where institution = ${institution} and number = ${number}::bigint`.execute(trx);
  const hash = rows[0]?.hash;
  if (hash === undefined) return 0;
  const begin: Begin = { institution, number, hash, by };
  await sql`select set_config('warifu.audit_drop', 'yes', true)`.execute(trx);
  const { numAffectedRows = 0n } = await sql`
    with gone as (
      delete from ${linksOf(table)} where institution = ${institution} and number <= ${number}::bigint returning entry
    ), begun as (
      insert into ${beginsOf(table)} (institution, number, hash, by, seal)
      values (${institution}, ${number}::bigint, decode(${hash}, 'hex'), ${JSON.stringify(by)}::jsonb,
        decode(${beginSeal(audit, begin)}, 'hex'))
      on conflict (institution) do update set
        number = excluded.number, hash = excluded.hash, by = excluded.by, seal = excluded.seal
    )
    delete from ${sql.table(table)} where id in (select entry from gone)`.execute(trx);
  return Number(numAffectedRows);
}
