import { type RawBuilder, sql } from 'kysely';
import type { Handle } from './database.ts';
import type { ProposalRow } from './proposals.ts';
import type { ReviewRow } from './reviews.ts';
import type { UnpairingRow } from './unpairings.ts';

/** Acts of staff whose answer of the token service was lost. */
export interface Taking {
  /** Keys of the institutions; at least one. */
  readonly institutions: readonly string[];
  readonly now: Date;
  /** Only acts that nobody has worked on since. */
  readonly before: Date;
  /** Only acts approved, or begun, after this time. */
  readonly since: Date;
}

/** Takes the approved proposal that has waited longest to be carried out, for this process alone. */
export const takeLeftProposal = (db: Handle, taking: Taking): Promise<ProposalRow | undefined> =>
  takeLeft(db, { table: 'proposals', begun: 'decided_at', isLeft: sql`t.state = 'approved'` }, taking);

/** Takes an emergency suspension with an unknown outcome, for this process alone. */
export const takeUnknownReview = (db: Handle, taking: Taking): Promise<ReviewRow | undefined> =>
  takeLeft(
    db,
    {
      table: 'reviews',
      begun: 'acted_at',
      isLeft: sql`not exists (
        select from staff_acts a where a.key = t.key and a.outcome in ('done', 'refused'))`,
    },
    taking,
  );

/** Takes the removal of a device that has waited longest, for this process alone. */
export const takeLeftUnpairing = (db: Handle, taking: Taking): Promise<UnpairingRow | undefined> =>
  takeLeft(db, { table: 'unpairings', begun: 'acted_at', isLeft: sql`true` }, taking);

interface LeftIn {
  readonly table: 'proposals' | 'reviews' | 'unpairings';
  /** The column that says since when it waits. */
  readonly begun: string;
  /** Whether a row `t` waits. */
  readonly isLeft: RawBuilder<unknown>;
}

async function takeLeft<Row>(
  db: Handle,
  { table, begun, isLeft }: LeftIn,
  { institutions, now, before, since }: Taking,
): Promise<Row | undefined> {
  const at = sql.ref(`t.${begun}`);
  const { rows } = await sql<Row>`
    update ${sql.table(table)} set tried_at = ${now} where id = (
      select t.id from ${sql.table(table)} t
      where t.institution in (${sql.join(institutions)}) and ${at} > ${since} and coalesce(t.tried_at, ${at}) < ${before}
        and ${isLeft}
      order by coalesce(t.tried_at, ${at}), t.id limit 1 for update skip locked)
    returning *`.execute(db);
  return rows[0];
}
