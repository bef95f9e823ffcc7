import { type RawBuilder, sql } from 'kysely';
import type { Handle } from './database.ts';
import type { AuditedAct, StaffActOutcome } from './schema.ts';

/** Which acts of an institution's staff are wanted, by customer, token, act, outcome or member of staff. */
export interface ActsWanted {
  readonly institution: string;
  readonly customerId?: string | undefined;
  readonly userId?: string | undefined;
  readonly act?: string | undefined;
  readonly outcome?: string | undefined;
  readonly staffId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only acts after this place, newest first. */
  readonly after?: { readonly at: Date; readonly id: string } | undefined;
  /** Leaves out finished acts on a token: the token's own audit has them. */
  readonly doneElsewhere?:
    | { readonly userIds: readonly string[]; readonly acts: readonly AuditedAct[] }
    | undefined;
}

/** An act, with its customer if it has one. */
export interface ActAudited {
  readonly id: string;
  readonly at: Date;
  readonly staff_id: string;
  readonly customer_id: string | null;
  readonly user_id: string | null;
  readonly act: AuditedAct;
  readonly outcome: StaffActOutcome;
  readonly reason: string;
  readonly proposal: string | null;
  readonly device: string | null;
  readonly login_id: string | null;
}

/** Acts, newest first. @param limit how many at most */
export async function auditedActs(db: Handle, wanted: ActsWanted, limit: number): Promise<ActAudited[]> {
  const { customerId, userId } = wanted;
  const isNarrow = customerId !== undefined || userId !== undefined;
  const { rows } = await sql<ActAudited>`
    with recursive ${isNarrow ? narrow(wanted, limit) : wide(wanted, limit)}
    select a.id::text as id, a.at, a.staff_id, a.customer_id, a.user_id, a.act, a.outcome, a.reason,
      a.proposal::text as proposal, a.device, c.login_id
    from found f join staff_acts a on a.id = f.id left join customers c on c.id = a.customer_id
    order by a.at desc, a.id desc`.execute(db);
  return rows;
}

/** The acts on one customer or token are few: this reads them all. */
const narrow = (wanted: ActsWanted, limit: number) => sql`found as (
  select a.id from staff_acts a where a.institution = ${wanted.institution}
    ${given('customer_id', wanted.customerId)} ${given('user_id', wanted.userId)}
    ${given('act', wanted.act)} ${given('outcome', wanted.outcome)} ${given('staff_id', wanted.staffId)} and ${within(wanted)}
  order by a.at desc, a.id desc limit ${limit})`;

/** Reads only the newest acts of each pair of act and outcome; the query leaps through the index from pair to pair. */
function wide(wanted: ActsWanted, limit: number): RawBuilder<unknown> {
  const { institution, act, outcome, staffId } = wanted;
  const theirs = sql`a.institution = ${institution} ${given('staff_id', staffId)}`;
  return sql`p as (
    (select a.act, a.outcome from staff_acts a where ${theirs} order by a.act, a.outcome limit 1)
    union all
    select next.act, next.outcome from p cross join lateral (
      select a.act, a.outcome from staff_acts a where ${theirs} and (a.act, a.outcome) > (p.act, p.outcome)
      order by a.act, a.outcome limit 1) next
  ), found as (
    select e.id from p cross join lateral (
      select a.at, a.id from staff_acts a
      where ${theirs} and a.act = p.act and a.outcome = p.outcome and ${within(wanted)}
      order by a.at desc, a.id desc limit ${limit}) e
    where true ${act === undefined ? sql`` : sql`and p.act = ${act}`}
      ${outcome === undefined ? sql`` : sql`and p.outcome = ${outcome}`}
    order by e.at desc, e.id desc limit ${limit})`;
}

const given = (column: string, value: string | undefined) =>
  value === undefined ? sql`` : sql`and ${sql.ref(`a.${column}`)} = ${value}`;

function within({ from, to, after, doneElsewhere }: ActsWanted): RawBuilder<unknown> {
  return sql.join(
    [
      sql`true`,
      ...(from === undefined ? [] : [sql`a.at >= ${from}`]),
      ...(to === undefined ? [] : [sql`a.at < ${to}`]),
      ...(after === undefined ? [] : [sql`(a.at, a.id) < (${after.at}, ${after.id}::bigint)`]),
      ...(doneElsewhere === undefined
        ? []
        : [
            sql`not (a.outcome = 'done' and coalesce(a.user_id in (${sql.join(doneElsewhere.userIds)}), false)
              and a.act in (${sql.join(doneElsewhere.acts)}))`,
          ]),
    ],
    sql` and `,
  );
}
