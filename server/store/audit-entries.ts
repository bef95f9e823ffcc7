import { type RawBuilder, sql } from 'kysely';
import type { AuditEvent, AuditOutcome } from '../../core/api/audit.ts';
import type { Factor } from '../../core/api/factor.ts';
import type { Database } from './database.ts';

/** A filter of an institution's entries. `from` is included, `to` is not. */
export interface AuditWanted {
  readonly institution: string;
  readonly userIds?: readonly string[] | undefined;
  readonly event?: AuditEvent | undefined;
  readonly outcomes?: readonly AuditOutcome[] | undefined;
  readonly actor?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only entries behind this one, in the order newest first. */
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
}

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly user_id: string | null;
  readonly event: AuditEvent;
  readonly outcome: AuditOutcome;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly approval: string | null;
  readonly confirmation_id: string | null;
  readonly transaction: string | null;
  readonly failures: number | null;
  readonly origin: string | null;
  readonly factors: Factor[] | null;
}

/**
 * Rows `p (event, outcome)`: every pair that an institution has, found by leaping from one pair to the next in the index. The
 * index holds the entries of a pair together, in the order of time, so that no filter reads entries of other pairs.
 */
export function pairsOf(institution: string, actor?: string): RawBuilder<unknown> {
  const theirs = sql`a.institution = ${institution} ${actor === undefined ? sql`` : sql`and a.actor = ${actor}`}`;
  return sql`p as (
    (select a.event, a.outcome from audit a where ${theirs} order by a.event, a.outcome limit 1)
    union all
    select next.event, next.outcome from p cross join lateral (
      select a.event, a.outcome from audit a where ${theirs} and (a.event, a.outcome) > (p.event, p.outcome)
      order by a.event, a.outcome limit 1) next
  )`;
}

/** Entries, newest first. @param limit most entries */
export async function auditEntries(db: Database, wanted: AuditWanted, limit: number): Promise<AuditRow[]> {
  const { userIds } = wanted;
  const found = userIds === undefined ? ofInstitution(wanted, limit) : ofTokens(userIds, wanted, limit);
  const { rows } = await sql<AuditRow>`
    with found as (${found})
    select a.id::text as id, a.at, t.user_id, a.event, a.outcome, a.actor, a.reason, a.approval, a.confirmation_id,
      c.details::jsonb -> 'transaction' ->> 'type' as transaction, a.failures,
      a.origin, a.factors
    from found f
      join audit a on a.id = f.id
      left join tokens t on t.id = a.token_id
      left join confirmations c on c.id = a.confirmation_id
    order by a.at desc, a.id desc`.execute(db);
  return rows;
}

/** Of each token its newest, by its stretch of the index; of those the newest. */
function ofTokens(
  userIds: readonly string[],
  { institution, event, outcomes, actor, ...when }: AuditWanted,
  limit: number,
) {
  return sql`
    select e.id from tokens t cross join lateral (
      select a.at, a.id from audit a
      where a.token_id = t.id and ${within(when)}
        ${event === undefined ? sql`` : sql`and a.event = ${event}`}
        ${outcomes === undefined ? sql`` : sql`and a.outcome = any(${outcomes})`}
        ${actor === undefined ? sql`` : sql`and a.actor = ${actor}`}
      order by a.at desc, a.id desc limit ${limit}) e
    where t.institution = ${institution} and t.user_id = any(${userIds})
    order by e.at desc, e.id desc limit ${limit}`;
}

function ofInstitution({ institution, event, outcomes, actor, ...when }: AuditWanted, limit: number) {
  return sql`
    with recursive ${pairsOf(institution, actor)}
    select e.id from p cross join lateral (
      select a.at, a.id from audit a
      where a.institution = ${institution} and a.event = p.event and a.outcome = p.outcome and ${within(when)}
        ${actor === undefined ? sql`` : sql`and a.actor = ${actor}`}
      order by a.at desc, a.id desc limit ${limit}) e
    where true
      ${event === undefined ? sql`` : sql`and p.event = ${event}`}
      ${outcomes === undefined ? sql`` : sql`and p.outcome = any(${outcomes})`}
    order by e.at desc, e.id desc limit ${limit}`;
}

function within({ from, to, after }: Pick<AuditWanted, 'from' | 'to' | 'after'>): RawBuilder<unknown> {
  return sql.join(
    [
      sql`true`,
      ...(from === undefined ? [] : [sql`a.at >= ${from}`]),
      ...(to === undefined ? [] : [sql`a.at < ${to}`]),
      ...(after === undefined ? [] : [sql`(a.at, a.id) < (${after.at}, ${after.id}::bigint)`]),
    ],
    sql` and `,
  );
}
