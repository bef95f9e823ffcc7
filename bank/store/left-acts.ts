import type { Handle } from './database.ts';
import type { ProposalRow } from './proposals.ts';
import type { ReviewRow } from './reviews.ts';

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
export function takeLeftProposal(
  db: Handle,
  { institutions, now, before, since }: Taking,
): Promise<ProposalRow | undefined> {
  return db
    .updateTable('proposals')
    .set({ tried_at: now })
    .where('id', '=', (from) =>
      from
        .selectFrom('proposals')
        .select('id')
        .where('state', '=', 'approved')
        .where('institution', 'in', institutions)
        .where('decided_at', '>', since)
        .where((is) => is(is.fn.coalesce('tried_at', 'decided_at'), '<', before))
        .orderBy((is) => is.fn.coalesce('tried_at', 'decided_at'))
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Takes an emergency suspension with an unknown outcome, for this process alone. */
export function takeUnknownReview(
  db: Handle,
  { institutions, now, before, since }: Taking,
): Promise<ReviewRow | undefined> {
  return db
    .updateTable('reviews')
    .set({ tried_at: now })
    .where('id', '=', (from) =>
      from
        .selectFrom('reviews')
        .select('id')
        .where('institution', 'in', institutions)
        .where('acted_at', '>', since)
        .where((is) => is(is.fn.coalesce('tried_at', 'acted_at'), '<', before))
        .where((is) =>
          is.not(
            is.exists(
              is
                .selectFrom('staff_acts')
                .select('staff_acts.id')
                .whereRef('staff_acts.key', '=', 'reviews.key')
                .where('staff_acts.outcome', 'in', ['done', 'refused']),
            ),
          ),
        )
        .orderBy((is) => is.fn.coalesce('tried_at', 'acted_at'))
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}
