import type { Insertable, Selectable } from 'kysely';
import type { Handle } from './database.ts';
import type { StaffAct, StaffActOutcome, StaffActsTable, StaffRole, StaffTable } from './schema.ts';

export type Clerk = Selectable<StaffTable>;
/** An act on a customer. */
export type StaffActRow = Selectable<StaffActsTable> & OnCustomer;

interface OnCustomer {
  readonly customer_id: string;
  readonly act: StaffAct;
}

/** act: do and propose · approve: decide what another proposed or did alone · audit: read what the whole institution did */
export type Right = 'act' | 'approve' | 'audit';

/** Every role reads; this is what else each may do. */
export const RIGHTS: Readonly<Record<StaffRole, readonly Right[]>> = {
  clerk: ['act'],
  supervisor: ['act', 'approve', 'audit'],
  auditor: ['audit'],
};

const rolesWith = (right: Right): readonly StaffRole[] =>
  (Object.keys(RIGHTS) as StaffRole[]).filter((role) => RIGHTS[role].includes(right));

/** Roles of whoever may act, and approve: for the statements that read it. */
export const ACTING = rolesWith('act');
export const APPROVING = rolesWith('approve');

export function findClerkByStaffId(
  db: Handle,
  institution: string,
  staffId: string,
): Promise<Clerk | undefined> {
  return db
    .selectFrom('staff')
    .selectAll()
    .where('institution', '=', institution)
    .where('staff_id', '=', staffId)
    .executeTakeFirst();
}

/** @returns undefined for one who has left */
export function findClerk(db: Handle, id: string): Promise<Clerk | undefined> {
  return db.selectFrom('staff').selectAll().where('id', '=', id).executeTakeFirst();
}

/**
 * Writes down what came of an act, once for each form and outcome.
 * @returns its number, now or then
 */
export async function recordStaffAct(db: Handle, act: Insertable<StaffActsTable>): Promise<string> {
  await db
    .insertInto('staff_acts')
    .values(act)
    .onConflict((c) => c.doNothing())
    .execute();
  const { id } = await db
    .selectFrom('staff_acts')
    .select('id')
    .where('key', '=', act.key)
    .where('outcome', '=', act.outcome)
    .executeTakeFirstOrThrow();
  return String(id);
}

/** What staff did about a customer, newest first. */
export function latestStaffActs(db: Handle, customerId: string, limit: number): Promise<StaffActRow[]> {
  return db
    .selectFrom('staff_acts')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(limit)
    .$narrowType<OnCustomer>()
    .execute();
}

/** An act about this customer; undefined also where it is about somebody else. @param id digits */
export function findStaffAct(db: Handle, customerId: string, id: string): Promise<StaffActRow | undefined> {
  return db
    .selectFrom('staff_acts')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('id', '=', id)
    .$narrowType<OnCustomer>()
    .executeTakeFirst();
}

/** What a form led to before, where it came to that. @returns its number */
export async function findActOf(
  db: Handle,
  key: string,
  outcome: StaffActOutcome,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('staff_acts')
    .select('id')
    .where('key', '=', key)
    .where('outcome', '=', outcome)
    .executeTakeFirst();
  return row && String(row.id);
}

/** What a form proposed before. @returns the number of the proposal */
export async function findProposedAct(db: Handle, key: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('staff_acts')
    .select('proposal')
    .where('key', '=', key)
    .where('outcome', '=', 'proposed')
    .executeTakeFirst();
  return row?.proposal === undefined || row.proposal === null ? undefined : String(row.proposal);
}

export interface ActAtInstitution extends StaffActRow {
  readonly login_id: string;
  readonly name: string;
}

/** What an institution's staff did, with the customer it was about, newest first. */
export function latestActsAt(db: Handle, institution: string, limit: number): Promise<ActAtInstitution[]> {
  return db
    .selectFrom('staff_acts')
    .innerJoin('customers', 'customers.id', 'staff_acts.customer_id')
    .selectAll('staff_acts')
    .select(['customers.login_id', 'customers.name'])
    .where('staff_acts.institution', '=', institution)
    .orderBy('staff_acts.id', 'desc')
    .limit(limit)
    .$narrowType<OnCustomer>()
    .execute();
}
