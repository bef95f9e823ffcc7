import { sql } from 'kysely';
import type { CountedBy } from '../../core/api/audit.ts';
import { JAPAN_HOURS } from '../../host/japan.ts';
import { pairsOf } from './audit-entries.ts';
import type { Database } from './database.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** How long after its end an hour is summed. It is longer than any statement that writes an entry. */
const SETTLED_MS = 10 * 60_000;

const JAPAN_MS = JAPAN_HOURS * HOUR_MS;

export interface Counted {
  readonly from: Date;
  readonly event: string;
  readonly outcome: string;
  readonly count: number;
}

export interface Range {
  readonly institution: string;
  readonly from: Date;
  readonly to: Date;
}

/** Rows `h (since)`: the hours of a range that have no sums. */
const unsummed = ({ institution, from, to }: Range) => sql`
  select since from generate_series(${from}::timestamptz, ${new Date(to.getTime() - 1)}::timestamptz, interval '1 hour') since
  except select since from audit_hours where institution = ${institution} and since >= ${from} and since < ${to}`;

/** Rows `(since, event, outcome, count)`, counted in the entries of the hours `h`, after {@link pairsOf}. */
const counted = ({ institution }: Range) => sql`
  select e.since, p.event, p.outcome, e.count
  from p cross join lateral (
    select date_trunc('hour', a.at, 'UTC') as since, count(*) as count from audit a
    where a.institution = ${institution} and a.event = p.event and a.outcome = p.outcome
      and a.at >= (select min(since) from h) and a.at < (select max(since) + interval '1 hour' from h)
    group by 1) e
  where e.since in (select since from h)`;

/** How often each event had each outcome, by hour or by day of Japan. The range is widened to whole hours or days. */
export async function countEntries(db: Database, range: Range, by: CountedBy): Promise<Counted[]> {
  const whole = wholeRange(range, by);
  const day = sql`date_trunc('day', all_hours.since + interval '9 hours', 'UTC') - interval '9 hours'`;
  const { rows } = await sql<Omit<Counted, 'count'> & { count: string }>`
    with recursive ${pairsOf(whole.institution)}, h as materialized (${unsummed(whole)}), all_hours as (
      select s.since, split_part(c.key, ' ', 1) as event, split_part(c.key, ' ', 2) as outcome, c.value::bigint as count
      from audit_hours s cross join jsonb_each_text(s.counts) c
      where s.institution = ${whole.institution} and s.since >= ${whole.from} and s.since < ${whole.to}
      union all
      ${counted(whole)}
    )
    select ${by === 'day' ? day : sql`all_hours.since`} as from, event, outcome, sum(count) as count
    from all_hours group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return rows.map(({ count, ...row }) => ({ ...row, count: Number(count) }));
}

/** The whole hours or days of Japan that a range is in. */
export function wholeRange({ institution, from, to }: Range, by: CountedBy): Range {
  const size = by === 'day' ? DAY_MS : HOUR_MS;
  const start = (ms: number) => Math.floor((ms + JAPAN_MS) / size) * size - JAPAN_MS;
  return {
    institution,
    from: new Date(start(from.getTime())),
    to: new Date(start(to.getTime() + size - 1)),
  };
}

/** Number of past days whose hours are summed. */
const SUMMED_DAYS = 94;

/**
 * Sums the hours of an institution that are over and have no sums yet: one statement finds the first of them, and one more
 * sums each day from there on. On any number of nodes an hour is summed once. Sums of an hour that is not over are dropped first:
 * the clock was ahead when they were made.
 * @param stopping aborts between two statements
 */
export async function sumHours(
  db: Database,
  institution: string,
  now: Date,
  stopping?: AbortSignal,
): Promise<void> {
  const end = Math.floor((now.getTime() - SETTLED_MS) / HOUR_MS) * HOUR_MS;
  await dropFrom(db, institution, new Date(end));
  const kept = { institution, from: new Date(end - SUMMED_DAYS * DAY_MS), to: new Date(end) };
  const first = (await firstUnsummed(db, kept))?.getTime() ?? end;
  for (let from = first; from < end && !stopping?.aborted; from += DAY_MS) {
    const range = { institution, from: new Date(from), to: new Date(Math.min(from + DAY_MS, end)) };
    await sql`
      with recursive ${pairsOf(institution)}, h as materialized (${unsummed(range)}), sums as (${counted(range)})
      insert into audit_hours (institution, since, counts)
      select ${institution}, h.since,
        coalesce(jsonb_object_agg(sums.event || ' ' || sums.outcome, sums.count) filter (where sums.count > 0), '{}')
      from h left join sums on sums.since = h.since group by h.since
      on conflict do nothing`.execute(db);
  }
}

async function dropFrom(db: Database, institution: string, from: Date): Promise<void> {
  await db
    .deleteFrom('audit_hours')
    .where('institution', '=', institution)
    .where('since', '>=', from)
    .execute();
}

async function firstUnsummed(db: Database, range: Range): Promise<Date | undefined> {
  const { rows } = await sql<{ first: Date | null }>`
    select min(since) as first from (${unsummed(range)}) h`.execute(db);
  return rows[0]?.first ?? undefined;
}
