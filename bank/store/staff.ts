import type { Insertable, Selectable } from 'kysely';
import type { Handle } from './database.ts';
import type { CustomerAct, StaffActOutcome, StaffActsTable, StaffRole, StaffTable } from './schema.ts';

export type Clerk = Selectable<StaffTable>;
/** An act on a customer. */
export type StaffActRow = Selectable<StaffActsTable> & OnCustomer;

interface OnCustomer {
  readonly customer_id: string;
  readonly act: CustomerAct;
}

/** act: do and propose · approve: decide on what another proposed, or review · audit: read all acts of the institution */
export type Right = 'act' | 'approve' | 'audit';

/** The additional rights of each role; every role may read. */
export const RIGHTS: Readonly<Record<StaffRole, readonly Right[]>> = {
  clerk: ['act'],
  supervisor: ['act', 'approve', 'audit'],
  auditor: ['audit'],
};

const rolesWith = (right: Right): readonly StaffRole[] =>
  (Object.keys(RIGHTS) as StaffRole[]).filter((role) => RIGHTS[role].includes(right));

/** Roles that may act, and those that may approve; for SQL statements. */
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

/** @returns undefined if they have left */
export function findClerk(db: Handle, id: string): Promise<Clerk | undefined> {
  return db.selectFrom('staff').selectAll().where('id', '=', id).executeTakeFirst();
}

/**
 * Records the outcome of an act, once for each form and outcome.
 * @returns its number, also if it was recorded before
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

/** What staff did for a customer, newest first. */
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

/** An act that concerns this customer; undefined also if it concerns somebody else. @param id digits */
export function findStaffAct(db: Handle, customerId: string, id: string): Promise<StaffActRow | undefined> {
  return db
    .selectFrom('staff_acts')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('id', '=', id)
    .$narrowType<OnCustomer>()
    .executeTakeFirst();
}

/** The act that a form did before, if it had this outcome. @returns its number */
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

/** The proposal that a form made before. @returns its number */
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

/** What an institution's staff did, with the customers, newest first. */
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
