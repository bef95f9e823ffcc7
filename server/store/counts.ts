import { sql } from 'kysely';
import type { CountedBy } from '../../core/api/audit.ts';
import { pairsOf } from './audit-entries.ts';
import type { Database } from './database.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** How long after its end an hour is summed: longer than a statement that writes an entry lasts. */
const SETTLED_MS = 10 * 60_000;

/** Hours and days of Japan, which keeps one offset all year. */
const TOKYO_MS = 9 * HOUR_MS;

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

/** How often each event had each outcome in each hour, or day of Japan, of a range: whole ones, from that of its beginning on. */
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

function wholeRange({ institution, from, to }: Range, by: CountedBy): Range {
  const size = by === 'day' ? DAY_MS : HOUR_MS;
  const start = (ms: number) => Math.floor((ms + TOKYO_MS) / size) * size - TOKYO_MS;
  return {
    institution,
    from: new Date(start(from.getTime())),
    to: new Date(start(to.getTime() + size - 1)),
  };
}

/** Days that are kept summed. */
const SUMMED_DAYS = 94;

/**
 * Sums the hours of an institution that are over and have no sums yet, a day of them a statement. On any number of nodes: an
 * hour is summed once.
 * @param stopping ends it after a day
 */
export async function sumHours(
  db: Database,
  institution: string,
  now: Date,
  stopping?: AbortSignal,
): Promise<void> {
  const end = Math.floor((now.getTime() - SETTLED_MS) / HOUR_MS) * HOUR_MS;
  for (let from = end - SUMMED_DAYS * DAY_MS; from < end && !stopping?.aborted; from += DAY_MS) {
    const range = { institution, from: new Date(from), to: new Date(from + DAY_MS) };
    await sql`
      with recursive ${pairsOf(institution)}, h as materialized (${unsummed(range)}), sums as (${counted(range)})
      insert into audit_hours (institution, since, counts)
      select ${institution}, h.since,
        coalesce(jsonb_object_agg(sums.event || ' ' || sums.outcome, sums.count) filter (where sums.count > 0), '{}')
      from h left join sums on sums.since = h.since group by h.since
      on conflict do nothing`.execute(db);
  }
}
