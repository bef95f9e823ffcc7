import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import {
  type Audit,
  BrokenAuditError,
  type Columns,
  type Head,
  headSeal,
  linkHash,
  type Root,
  rootSeal,
} from './chain.ts';
import { readRoot, readSealedHeads } from './ends.ts';
import { columnsOfRow, gapsOf, headsOf, linksOf, prepareToRead, rootOf } from './tables.ts';

/** Entries of one transaction: few enough that nobody notices the locks. */
const BATCH = 500;

/**
 * How long the linking looks for an id that it passed over. The statement that got the id ends long before; an entry that
 * appears there later was inserted by hand.
 */
const GAP_LASTS = sql`interval '10 minutes'`;

interface Entry {
  readonly id: string;
  readonly columns: Columns;
}

/** Ids that were passed over, from the first to the last. */
interface Gap {
  readonly first: string;
  readonly last: string;
}

/**
 * Links entries that are in no chain yet to the chain of their institution, each batch in a transaction. Only one node at a
 * time does it. An entry gets its id before others can see it: if it appears after a higher id was linked, it comes behind
 * that one in the chain.
 * @returns the number of linked entries
 * @throws BrokenAuditError if a seal does not hold; nothing is linked to rows that somebody else changed
 */
export async function linkEntries<Schema>(
  db: Kysely<Schema>,
  audit: Audit,
  { stopping, batch = BATCH }: { readonly stopping?: AbortSignal; readonly batch?: number } = {},
): Promise<number> {
  let linked = 0;
  let more = await isDue(db, audit);
  while (more && !stopping?.aborted) {
    const count = await db.transaction().execute((trx) => linkBatch(trx, audit, batch));
    linked += count;
    more = count === batch;
  }
  return linked;
}

/** Whether there is anything to link. It takes no lock, so that an idle node costs nearly nothing. */
async function isDue<Schema>(db: Kysely<Schema>, { table }: Audit): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select not exists (select from ${rootOf(table)}) or exists (select from ${gapsOf(table)}) or exists (
      select from ${sql.table(table)} where id > (select reached from ${rootOf(table)})) as due`.execute(db);
  return rows[0]?.due ?? false;
}

async function linkBatch<Schema>(trx: Transaction<Schema>, audit: Audit, most: number): Promise<number> {
  await prepareToRead(trx);
  const root = await lockRoot(trx, audit);
  if (root === undefined) return 0;
  const { table } = audit;
  // The inner sort makes the planner start from the gaps, which are few, and not from the entries.
  const inGaps = await unlinked(
    trx,
    audit,
    sql`${gapsOf(table)} g cross join lateral (
      select * from ${sql.table(table)} where id between g.first and g.last order by id) t`,
    sql`true`,
    most,
  );
  const beyond = await unlinked(
    trx,
    audit,
    sql`${sql.table(table)} t`,
    sql`t.id > ${root.reached}::bigint`,
    most - inGaps.length,
  );
  const heads = await lockHeads(trx, audit, root, [...inGaps, ...beyond]);
  const links = [...inGaps, ...beyond].map(({ id, columns }) => {
    const { institution = '' } = columns;
    const { count, hash: previous } = heads.get(institution) ?? { count: 0, hash: '' };
    const number = count + 1;
    const hash = linkHash(audit, { institution, number, previous, columns });
    heads.set(institution, { institution, count: number, hash });
    return { institution, number, entry: id, hash };
  });
  const chains = [...new Set([...root.chains, ...heads.keys()])];
  const reached = beyond.at(-1)?.id ?? root.reached;
  const gaps = gapsBetween(root.reached, beyond);
  await write(trx, audit, {
    links,
    heads: [...heads.values()],
    root: { reached, chains },
    gaps,
    forget: inGaps.length < most,
  });
  return links.length;
}

/**
 * Locks the list of chains, so that only this node links. The statements after it see what other nodes linked before.
 * @returns undefined if another node has the lock
 */
async function lockRoot<Schema>(trx: Transaction<Schema>, audit: Audit): Promise<Root | undefined> {
  const read = await readRoot(trx, audit, sql`for update skip locked`);
  if (read === undefined) return (await beginRoot(trx, audit)) ? lockRoot(trx, audit) : undefined;
  if (!read.holds) throw new BrokenAuditError('the list of chains was changed');
  return read.root;
}

/**
 * Makes the list of chains in a new database. If the database has chains already, somebody has deleted the list.
 * @returns whether this node made it
 */
async function beginRoot<Schema>(trx: Transaction<Schema>, audit: Audit): Promise<boolean> {
  const { table } = audit;
  const root: Root = { reached: '0', chains: [] };
  const { rows } = await sql<{ there: boolean; begun: boolean }>`
    select exists (select from ${rootOf(table)}) as there,
      exists (select from ${headsOf(table)}) or exists (select from ${linksOf(table)}) as begun`.execute(trx);
  const [{ there, begun } = { there: true, begun: true }] = rows;
  if (there) return false;
  if (begun) throw new BrokenAuditError('the list of chains was deleted');
  const { numAffectedRows = 0n } = await sql`
    insert into ${rootOf(table)} (reached, chains, seal)
    values (${root.reached}::bigint, ${JSON.stringify(root.chains)}::jsonb, decode(${rootSeal(audit, root)}, 'hex'))
    on conflict do nothing`.execute(trx);
  return numAffectedRows > 0n;
}

async function unlinked<Schema>(
  trx: Transaction<Schema>,
  { table }: Audit,
  from: RawBuilder<unknown>,
  where: RawBuilder<unknown>,
  most: number,
): Promise<Entry[]> {
  const { rows } = await sql<Entry>`
    select t.id::text as id, ${columnsOfRow} as columns from ${from}
    where ${where} and not exists (select from ${linksOf(table)} l where l.entry = t.id)
    order by t.id limit ${most}::integer`.execute(trx);
  return rows;
}

async function lockHeads<Schema>(
  trx: Transaction<Schema>,
  audit: Audit,
  { chains }: Root,
  entries: readonly Entry[],
): Promise<Map<string, Head>> {
  const institutions = new Set(entries.map(({ columns: { institution = '' } }) => institution));
  const found = await readSealedHeads(
    trx,
    audit,
    sql`where institution in (select jsonb_array_elements_text(${JSON.stringify([...institutions])}::jsonb))
    order by institution for update`,
  );
  const heads = new Map<string, Head>();
  for (const { head, holds } of found) {
    if (!holds || !chains.includes(head.institution))
      throw new BrokenAuditError(`the head of the chain of ${head.institution} was changed`);
    heads.set(head.institution, head);
  }
  const lost = [...institutions].find((one) => chains.includes(one) && !heads.has(one));
  if (lost !== undefined) throw new BrokenAuditError(`the head of the chain of ${lost} was deleted`);
  return heads;
}

/** Gaps between the ids of the entries that were seen. */
function gapsBetween(reached: string, entries: readonly Entry[]): Gap[] {
  const gaps: Gap[] = [];
  let last = BigInt(reached);
  for (const { id } of entries) {
    const next = BigInt(id);
    if (next > last + 1n) gaps.push({ first: String(last + 1n), last: String(next - 1n) });
    last = next;
  }
  return gaps;
}

interface Batch {
  readonly links: readonly { institution: string; number: number; entry: string; hash: string }[];
  readonly heads: readonly Head[];
  readonly root: Root;
  readonly gaps: readonly Gap[];
  /** Whether every entry found in a gap is linked, so that old gaps may be deleted. */
  readonly forget: boolean;
}

async function write<Schema>(
  trx: Transaction<Schema>,
  audit: Audit,
  { links, heads, root, gaps, forget }: Batch,
): Promise<void> {
  const { table } = audit;
  const sealed = heads.map((head) => ({ ...head, seal: headSeal(audit, head) }));
  await sql`
    with linked as (
      insert into ${linksOf(table)} (institution, number, entry, hash)
      select institution, number, entry, decode(hash, 'hex') from jsonb_to_recordset(${JSON.stringify(links)}::jsonb)
        as i(institution text, number bigint, entry bigint, hash text)
    ), moved as (
      insert into ${headsOf(table)} as h (institution, count, hash, seal)
      select institution, count, decode(hash, 'hex'), decode(seal, 'hex')
      from jsonb_to_recordset(${JSON.stringify(sealed)}::jsonb) as i(institution text, count bigint, hash text, seal text)
      on conflict (institution) do update set count = excluded.count, hash = excluded.hash, seal = excluded.seal
    ), passed as (
      insert into ${gapsOf(table)} (first, last, seen_at)
      select first, last, now() from jsonb_to_recordset(${JSON.stringify(gaps)}::jsonb) as i(first bigint, last bigint)
      on conflict do nothing
    ), forgotten as (
      delete from ${gapsOf(table)} where ${forget}::boolean and seen_at < now() - ${GAP_LASTS}
    )
    update ${rootOf(table)} set
      reached = ${root.reached}::bigint, chains = ${JSON.stringify(root.chains)}::jsonb,
      seal = decode(${rootSeal(audit, root)}, 'hex')`.execute(trx);
}
