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
import { columnsOfRow, gapsOf, headsOf, linksOf, prepareToRead, rootOf } from './tables.ts';

/** A batch holds up nobody for longer than they notice. */
const BATCH = 500;

/**
 * How long a passed-over id is looked for: a statement that was given it has ended long before, one way or the other. What
 * appears in its place later was put there by hand.
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
 * Links entries that are in no chain yet to the chain of their institution, in batches of their own transactions; of several
 * nodes one does it at a time. Ids are given before entries can be seen: one that appears after a higher one was linked comes
 * after it in the chain.
 * @returns how many were linked
 * @throws BrokenAuditError where a seal does not hold; nothing is linked to what somebody else wrote
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

/** Whether there is anything to look at: asked without a lock, so that a quiet node costs nothing. */
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
  // Sorted within, so that the planner goes by the gaps, which are few, and not by the entries.
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
 * Takes the turn among all nodes. What other nodes linked before is seen by the statements after this one.
 * @returns undefined where another node has it
 */
async function lockRoot<Schema>(trx: Transaction<Schema>, audit: Audit): Promise<Root | undefined> {
  const { rows } = await sql<Root & { seal: string }>`
    select reached::text as reached, chains, encode(seal, 'hex') as seal
    from ${rootOf(audit.table)} for update skip locked`.execute(trx);
  const [row] = rows;
  if (row === undefined) return (await beginRoot(trx, audit)) ? lockRoot(trx, audit) : undefined;
  const root = { reached: row.reached, chains: row.chains };
  if (rootSeal(audit, root) !== row.seal) throw new BrokenAuditError('the list of chains was changed');
  return root;
}

/**
 * The first node of a new database begins; in one that has chains already, the list of them was deleted.
 * @returns whether it was this one
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
  const { rows } = await sql<Head & { seal: string }>`
    select institution, count::float8 as count, encode(hash, 'hex') as hash, encode(seal, 'hex') as seal
    from ${headsOf(audit.table)}
    where institution in (select jsonb_array_elements_text(${JSON.stringify([...institutions])}::jsonb))
    order by institution for update`.execute(trx);
  const heads = new Map<string, Head>();
  for (const { institution, count, hash, seal } of rows) {
    const head = { institution, count, hash };
    if (headSeal(audit, head) !== seal || !chains.includes(institution))
      throw new BrokenAuditError(`the head of the chain of ${institution} was changed`);
    heads.set(institution, head);
  }
  const lost = [...institutions].find((one) => chains.includes(one) && !heads.has(one));
  if (lost !== undefined) throw new BrokenAuditError(`the head of the chain of ${lost} was deleted`);
  return heads;
}

/** Ids between those that were seen. */
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
  /** Whether all that was in the gaps is linked, so that old ones may go. */
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
