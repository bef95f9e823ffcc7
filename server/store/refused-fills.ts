import { sql } from 'kysely';
import type { CountedBy } from '../../core/api/audit.ts';
import { type Range, wholeRange } from './counts.ts';
import type { Database } from './database.ts';

/** What a device reports of hours that are over. */
export interface RefusedReport {
  readonly institution: string;
  readonly deviceId: string;
  /** Each hour and reason once. */
  readonly fills: readonly { readonly since: Date; readonly reason: string; readonly count: number }[];
  /** The end of the last hour in it. */
  readonly until: Date;
}

/**
 * Counts a report. A device's hours are counted once and in their order: those that lie before what it reported earlier are
 * passed over, so that a report can be repeated. One statement, which takes the device's row first.
 * @returns until when the device's hours are counted now; undefined where there is no such device any more
 */
export async function countRefusedFills(
  db: Database,
  { institution, deviceId, fills, until }: RefusedReport,
): Promise<Date | undefined> {
  const { rows } = await sql<{ until: Date }>`
    with report as (
      select * from jsonb_to_recordset(${JSON.stringify(fills)}::jsonb)
        as r(since timestamptz, reason text, count integer)
    ), device as (
      select id, refused_fills_until as before from devices where id = ${deviceId} and removed_at is null for update
    ), fresh as (
      select r.* from report r join device d on d.before is null or r.since >= d.before
    ), moved as (
      update devices set refused_fills_until = ${until}
      from device d where devices.id = d.id and (d.before is null or d.before < ${until})
    ), counted as (
      insert into refused_fills (institution, since, reason, count)
      select ${institution}, since, reason, count from fresh order by since, reason
      on conflict (institution, since, reason) do update set count = refused_fills.count + excluded.count
    )
    select greatest(before, ${until}::timestamptz) as until from device`.execute(db);
  return rows[0]?.until;
}

export interface RefusedCount {
  readonly from: Date;
  readonly reason: string;
  readonly count: number;
}

/** How often in each hour, or day of Japan, of a range: whole ones, as in {@link wholeRange}. */
export async function readRefusedFills(db: Database, range: Range, by: CountedBy): Promise<RefusedCount[]> {
  const { institution, from, to } = wholeRange(range, by);
  const day = sql`date_trunc('day', since + interval '9 hours', 'UTC') - interval '9 hours'`;
  const { rows } = await sql<Omit<RefusedCount, 'count'> & { count: string }>`
    select ${by === 'day' ? day : sql`since`} as from, reason, sum(count) as count from refused_fills
    where institution = ${institution} and since >= ${from} and since < ${to}
    group by 1, 2 order by 1, 2`.execute(db);
  return rows.map(({ count, ...row }) => ({ ...row, count: Number(count) }));
}
