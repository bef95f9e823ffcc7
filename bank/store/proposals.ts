import { type Selectable, sql } from 'kysely';
import type { TokenStatus } from '../../core/api/bank.ts';
import type { Handle } from './database.ts';
import type { ProposalState, ProposalsTable, ProposedAct } from './schema.ts';
import { ACTING, APPROVING, type Clerk } from './staff.ts';

export type ProposalRow = Selectable<ProposalsTable>;

/** A proposal with its customer. */
export interface ProposalOf extends ProposalRow {
  readonly login_id: string;
  readonly name: string;
}

/** Undecided, or approved and not carried out yet. */
const OPEN = ['waiting', 'approved'] as const;

type NewProposal = Pick<
  Selectable<ProposalsTable>,
  'institution' | 'customer_id' | 'user_id' | 'token_status' | 'act' | 'reason' | 'proposed_at' | 'ends_at'
> & {
  readonly old_limit: number | null;
  readonly new_limit: number | null;
};

/**
 * Saves a proposal, unless the same is open for the customer. The same statement checks that the member of staff may act.
 * @param by row id of the member of staff
 * @returns its number; undefined if one is open, or they may not act
 */
export async function insertProposal(
  trx: Handle,
  proposal: NewProposal,
  by: string,
): Promise<string | undefined> {
  await trx
    .updateTable('proposals')
    .set({ state: 'expired' })
    .where('customer_id', '=', proposal.customer_id)
    .where('act', '=', proposal.act)
    .where('state', '=', 'waiting')
    .where('ends_at', '<=', proposal.proposed_at)
    .execute();
  const row = await trx
    .insertInto('proposals')
    .columns([
      'institution',
      'customer_id',
      'user_id',
      'token_status',
      'act',
      'old_limit',
      'new_limit',
      'reason',
      'proposed_by',
      'proposed_at',
      'ends_at',
      'state',
    ])
    .expression((of) =>
      of
        .selectFrom('staff')
        .select([
          'staff.institution',
          sql<string>`${proposal.customer_id}::text`.as('customer_id'),
          sql<string | null>`${proposal.user_id}::text`.as('user_id'),
          sql<TokenStatus | null>`${proposal.token_status}::text`.as('token_status'),
          sql<ProposedAct>`${proposal.act}::text`.as('act'),
          sql<number | null>`${proposal.old_limit}::bigint`.as('old_limit'),
          sql<number | null>`${proposal.new_limit}::bigint`.as('new_limit'),
          sql<string>`${proposal.reason}::text`.as('reason'),
          'staff.staff_id as proposed_by',
          sql<Date>`${proposal.proposed_at}::timestamptz`.as('proposed_at'),
          sql<Date>`${proposal.ends_at}::timestamptz`.as('ends_at'),
          sql.lit<ProposalState>('waiting').as('state'),
        ])
        .where('staff.id', '=', by)
        .where('staff.institution', '=', proposal.institution)
        .where('staff.role', 'in', ACTING),
    )
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row && String(row.id);
}

export interface Decision {
  readonly id: string;
  readonly kind: 'approved' | 'declined' | 'withdrawn';
  /** Who decides: the row id of the member of staff, and their 職員ID. */
  readonly by: { readonly id: string; readonly staff_id: string };
  readonly reason: string;
  readonly at: Date;
}

/**
 * Decides a waiting proposal in one statement, so that of several decisions only one counts. Another member of staff, who
 * is a supervisor at that moment, approves or declines; an approval needs the token that the proposal was made for. Only
 * the proposer withdraws.
 * @returns the decided proposal; undefined if nothing was changed
 */
export function decideProposal(
  db: Handle,
  { id, kind, by, reason, at }: Decision,
): Promise<ProposalRow | undefined> {
  return db
    .updateTable('proposals')
    .set({ state: kind, decided_by: by.staff_id, decided_at: at, decision_reason: reason })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('ends_at', '>', at)
    .where('proposed_by', kind === 'withdrawn' ? '=' : '<>', by.staff_id)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('staff')
          .select('staff.id')
          .whereRef('staff.institution', '=', 'proposals.institution')
          .where('staff.id', '=', by.id)
          .where('staff.role', 'in', kind === 'withdrawn' ? ACTING : APPROVING),
      ),
    )
    .$if(kind === 'approved', (update) =>
      update.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('customers')
            .select('customers.id')
            .whereRef('customers.id', '=', 'proposals.customer_id')
            .whereRef('customers.user_id', 'is not distinct from', 'proposals.user_id'),
        ),
      ),
    )
    .returningAll()
    .executeTakeFirst();
}

/**
 * Notes the outcome of an approved proposal.
 * @returns true to exactly one caller
 */
export async function settleProposal(
  trx: Handle,
  id: string,
  state: Extract<ProposalState, 'done' | 'failed'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('proposals')
    .set({ state })
    .where('id', '=', id)
    .where('state', '=', 'approved')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

const withCustomer = (db: Handle) =>
  db
    .selectFrom('proposals')
    .innerJoin('customers', 'customers.id', 'proposals.customer_id')
    .selectAll('proposals')
    .select(['customers.login_id', 'customers.name']);

/** A proposal at this institution; undefined also if it is at another. @param id digits */
export function findProposal(db: Handle, institution: string, id: string): Promise<ProposalOf | undefined> {
  return withCustomer(db)
    .where('proposals.institution', '=', institution)
    .where('proposals.id', '=', id)
    .executeTakeFirst();
}

/**
 * Proposals that an institution's supervisors must still handle, oldest first.
 * @param by the member of staff who looks: without their own
 */
export function openProposals(
  db: Handle,
  by: Pick<Clerk, 'institution' | 'staff_id'>,
  now: number,
  limit: number,
): Promise<ProposalOf[]> {
  return withCustomer(db)
    .where('proposals.institution', '=', by.institution)
    .where('proposals.proposed_by', '<>', by.staff_id)
    .where('proposals.state', 'in', OPEN)
    .where((is) => is.or([is('state', '=', 'approved'), is('ends_at', '>', new Date(now))]))
    .orderBy('proposals.id')
    .limit(limit)
    .execute();
}

/** The latest proposals of a member of staff, in any state, newest first. */
export function latestProposalsBy(
  db: Handle,
  institution: string,
  staffId: string,
  limit: number,
): Promise<ProposalOf[]> {
  return withCustomer(db)
    .where('proposals.institution', '=', institution)
    .where('proposals.proposed_by', '=', staffId)
    .orderBy('proposals.id', 'desc')
    .limit(limit)
    .execute();
}

/** The open proposals for a customer, at most one for each act. */
export function openProposalsFor(db: Handle, customerId: string, now: number): Promise<ProposalRow[]> {
  return db
    .selectFrom('proposals')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('state', 'in', OPEN)
    .where((is) => is.or([is('state', '=', 'approved'), is('ends_at', '>', new Date(now))]))
    .orderBy('id')
    .execute();
}
