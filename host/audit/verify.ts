import { type Kysely, sql, type Transaction } from 'kysely';
import { type Audit, type Begin, type Columns, type Head, linkHash, type Root } from './chain.ts';
import { readBegin, readRoot, readSealedHeads } from './ends.ts';
import { columnsOfRow, gapsOf, headsOf, linksOf, prepareToRead } from './tables.ts';

/** Rows in memory at a time. */
const PAGE = 1_000;

/** How far entries may be out of the order of their times, as they are linked in the order in which they appear. */
const OUT_OF_ORDER_MS = 5 * 60_000;

/** An entry of the audit, as far as it still exists. */
export interface NamedEntry {
  /** Its number in the chain; undefined if it is in none. */
  readonly number?: number;
  /** Undefined if its link is gone too. */
  readonly id?: string;
  /** Undefined if the entry is gone. */
  readonly columns?: Columns | undefined;
}

/** The first thing that is wrong with a chain. */
export interface Finding {
  readonly what: string;
  readonly entry?: NamedEntry | undefined;
  /** The last good entry before it. */
  readonly after?: NamedEntry | undefined;
}

/** The verification's result for the chain of an institution. */
export interface ChainReport {
  readonly institution: string;
  /** Where the chain ends, as far as it is good; undefined if nothing was ever linked. */
  readonly head: Head | undefined;
  readonly finding: Finding | undefined;
  /** Where it begins, if older entries were dropped. */
  readonly begin: Begin | undefined;
  /** Number of entries that are not linked yet, which cannot be verified. */
  readonly unlinked: number;
  /** Entries with a time before that of an earlier entry, by more than nodes' clocks may differ; and the first of them. */
  readonly late: { readonly count: number; readonly first: NamedEntry | undefined };
}

export interface VerifyOptions {
  /** Institutions to report even if they have no entry. */
  readonly institutions: readonly string[];
  /** Whether to verify the chains of other institutions as well. */
  readonly others: boolean;
  /** Heads that were kept outside, which the present chains must contain. */
  readonly since?: readonly Head[];
}

/** Undefined if there is no chain at all: none was begun, or all of them were deleted. */
export type VerifyResult = { readonly root: Finding | undefined; readonly chains: ChainReport[] } | undefined;

/** Whether the database has the tables of the chains. */
export async function hasChains<Schema>(
  db: Kysely<Schema>,
  { table }: Pick<Audit, 'table'>,
): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass(${`${table}_root`}) is not null as there`.execute(db);
  return rows[0]?.there ?? false;
}

/**
 * Verifies whole chains as of one moment, and stops at the first error of each. It finds every change, deletion, insertion
 * and reordering of linked entries. It also finds a cut tail, unless head and list of chains were put back to older versions
 * as well; only `since` finds that.
 */
export function verifyAudit<Schema>(
  db: Kysely<Schema>,
  audit: Audit,
  options: VerifyOptions,
): Promise<VerifyResult> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      await prepareToRead(trx);
      const root = await judgeRoot(trx, audit);
      const held = await institutionsHeld(trx, audit);
      if (root.kind === 'none' && !held.some(({ linked }) => linked) && options.since === undefined)
        return undefined;
      const chains = root.root?.chains ?? [];
      const since = new Map(options.since?.map((head) => [head.institution, head]));
      const wanted = new Set([
        ...options.institutions,
        ...(options.others
          ? [...chains, ...held.map(({ institution }) => institution), ...since.keys()]
          : []),
      ]);
      const reports: ChainReport[] = [];
      for (const institution of [...wanted].toSorted()) {
        reports.push(
          await verifyChain(trx, audit, institution, { root: root.root, since: since.get(institution) }),
        );
      }
      return { root: root.finding, chains: reports };
    });
}

interface RootRead {
  readonly kind: 'none' | 'there';
  readonly root?: Root;
  readonly finding?: Finding;
}

async function judgeRoot<Schema>(trx: Transaction<Schema>, audit: Audit): Promise<RootRead> {
  const read = await readRoot(trx, audit);
  if (read === undefined) return { kind: 'none', finding: { what: 'the list of chains was deleted' } };
  if (read.holds) return { kind: 'there', root: read.root };
  return { kind: 'there', finding: { what: 'the list of chains was changed, or the key is another' } };
}

/** Institutions that have entries, links or a head. */
async function institutionsHeld<Schema>(trx: Transaction<Schema>, { table }: Audit) {
  const { rows } = await sql<{ institution: string; linked: boolean }>`
    select institution, bool_or(linked) as linked from (
      (select distinct institution, true as linked from ${linksOf(table)})
      union all (select institution, true from ${headsOf(table)})
      union all (select distinct institution, false from ${sql.table(table)})
    ) i group by institution`.execute(trx);
  return rows;
}

interface Expected {
  readonly root: Root | undefined;
  readonly since: Head | undefined;
}

async function verifyChain<Schema>(
  trx: Transaction<Schema>,
  audit: Audit,
  institution: string,
  { root, since }: Expected,
): Promise<ChainReport> {
  const read = await readBegin(trx, audit, institution);
  const begin = read?.begin;
  const followed = await followLinks(trx, audit, { institution, begin, since });
  const { count, unlinked } = await unlinkedOf(trx, audit, institution, root);
  const begun = read?.holds === false ? { what: 'where it begins was changed' } : undefined;
  const judged = begun ?? followed.finding ?? (await judgeHead(trx, audit, followed.head, root));
  const finding =
    (judged && { ...judged, after: followed.last }) ??
    (unlinked && { what: 'was inserted among entries that were linked long before', entry: unlinked }) ??
    (since && followed.head.count < since.count
      ? { what: `ends at ${followed.head.count}; the head that was kept has ${since.count}` }
      : undefined);
  const head = followed.head.count === 0 ? undefined : followed.head;
  return { institution, begin, head, finding, unlinked: count, late: followed.late };
}

interface Followed {
  /** Where the walk ended: at the last link, or before the finding. */
  readonly head: Head;
  readonly finding: Finding | undefined;
  /** The last good entry. */
  readonly last: NamedEntry | undefined;
  readonly late: ChainReport['late'];
}

interface LinkRow {
  readonly number: number;
  readonly entry: string;
  readonly hash: string;
  readonly columns: Columns | null;
}

interface Chain {
  readonly institution: string;
  readonly begin: Begin | undefined;
  readonly since: Head | undefined;
}

/** Follows the links from the first to the last, or to the first that is wrong. */
async function followLinks<Schema>(
  trx: Transaction<Schema>,
  audit: Audit,
  { institution, begin, since }: Chain,
): Promise<Followed> {
  let head: Head = { institution, count: begin?.number ?? 0, hash: begin?.hash ?? '' };
  let latest = Number.NEGATIVE_INFINITY;
  let late: ChainReport['late'] = { count: 0, first: undefined };
  let last: NamedEntry | undefined;
  if (since !== undefined && since.count === head.count && since.hash !== head.hash) {
    return { head, finding: { what: 'does not begin at the head that was kept' }, last, late };
  }
  for (;;) {
    const { rows } = await sql<LinkRow>`
      select l.number::float8 as number, l.entry::text as entry, encode(l.hash, 'hex') as hash, ${columnsOfRow} as columns
      from ${linksOf(audit.table)} l left join ${sql.table(audit.table)} t on t.id = l.entry
      where l.institution = ${institution} and l.number > ${head.count}::bigint
      order by l.number limit ${PAGE}::integer`.execute(trx);
    for (const row of rows) {
      const entry: NamedEntry = { number: row.number, id: row.entry, columns: row.columns ?? undefined };
      const wrong = (what: string, named = entry): Followed => ({
        head,
        finding: { what, entry: named },
        last,
        late,
      });
      if (row.number !== head.count + 1)
        return wrong('was deleted with its link', { number: head.count + 1 });
      if (row.columns === null) return wrong('was deleted');
      const hash = linkHash(audit, {
        institution,
        number: row.number,
        previous: head.hash,
        columns: row.columns,
      });
      if (hash !== row.hash)
        return wrong('is not what was linked: it was changed, inserted or put in another place');
      if (since?.count === row.number && since.hash !== hash) return wrong('is not the head that was kept');
      head = { institution, count: row.number, hash };
      last = entry;
      const at = Date.parse(row.columns.at ?? '');
      if (at < latest - OUT_OF_ORDER_MS) late = { count: late.count + 1, first: late.first ?? entry };
      latest = Math.max(latest, at);
    }
    if (rows.length < PAGE) return { head, finding: undefined, last, late };
  }
}

/** Whether the head exists, its seal holds, and it is where the links end. */
async function judgeHead<Schema>(
  trx: Transaction<Schema>,
  audit: Audit,
  { institution, count, hash }: Head,
  root: Root | undefined,
): Promise<Finding | undefined> {
  const [read] = await readSealedHeads(trx, audit, sql`where institution = ${institution}`);
  if (read === undefined) {
    if (root?.chains.includes(institution) && count === 0)
      return { what: 'the whole chain was deleted, with its head' };
    return count === 0 ? undefined : { what: 'the head was deleted' };
  }
  const { head, holds } = read;
  if (!holds) return { what: 'the head was changed' };
  if (count < head.count)
    return { what: `the tail was cut: ${head.count} were linked, and the last left is number ${count}` };
  if (count > head.count) return { what: `links were added after number ${head.count}, where the head is` };
  if (hash !== head.hash) return { what: 'the head is not of this chain' };
  if (root && !root.chains.includes(institution)) return { what: 'the list of chains does not have it' };
  return undefined;
}

/** The number of entries that are in no chain, and the first of them that should be in one. */
async function unlinkedOf<Schema>(
  trx: Transaction<Schema>,
  { table }: Audit,
  institution: string,
  root: Root | undefined,
): Promise<{ readonly count: number; readonly unlinked: NamedEntry | undefined }> {
  const isMissed = sql`t.institution = ${institution} and not exists (select from ${linksOf(table)} l where l.entry = t.id)`;
  const isPassed = sql`t.id <= ${root?.reached ?? '0'}::bigint
    and not exists (select from ${gapsOf(table)} g where t.id between g.first and g.last)`;
  const { rows } = await sql<{ count: number; first: string | null }>`
    select count(*)::float8 as count, (min(t.id) filter (where ${isPassed}))::text as first
    from ${sql.table(table)} t where ${isMissed}`.execute(trx);
  const { count, first } = rows[0] ?? { count: 0, first: null };
  if (first === null) return { count, unlinked: undefined };
  const entries = await sql<{ id: string; columns: Columns }>`
    select t.id::text as id, ${columnsOfRow} as columns from ${sql.table(table)} t where t.id = ${first}::bigint`.execute(
    trx,
  );
  return { count, unlinked: entries.rows[0] };
}
