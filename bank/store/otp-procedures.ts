import type { Insertable, Selectable } from 'kysely';
import type { Database, Handle } from './database.ts';
import { nextReceipt } from './receipts.ts';
import type { OtpProceduresTable } from './schema.ts';

export type OtpProcedure = Selectable<OtpProceduresTable>;

export type NewProcedure = Pick<
  Insertable<OtpProceduresTable>,
  'id' | 'institution' | 'customer_id' | 'kind' | 'user_id' | 'serial' | 'login_otp' | 'codes'
>;

/** Begins a procedure. @returns false if it was begun before, or another of this customer is under way */
export async function claimProcedure(db: Handle, procedure: NewProcedure, now: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('otp_procedures')
    .values({ ...procedure, state: 'claimed', created_at: new Date(now) })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows > 0n;
}

/** The customer's undecided procedure. */
export function claimedProcedure(db: Handle, customerId: string): Promise<OtpProcedure | undefined> {
  return db
    .selectFrom('otp_procedures')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('state', '=', 'claimed')
    .executeTakeFirst();
}

/** This customer's procedure; undefined also if the id belongs to somebody else. */
export function findProcedure(db: Handle, customerId: string, id: string): Promise<OtpProcedure | undefined> {
  return db
    .selectFrom('otp_procedures')
    .selectAll()
    .where('id', '=', id)
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
}

/** claimed → done. @param day as in a 受付番号, such as `20261121` @returns true to exactly one caller */
export async function finishProcedure(db: Handle, id: string, at: Date, day: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('otp_procedures')
    .set({
      state: 'done',
      done_at: at,
      codes: null,
      receipt: nextReceipt(day),
    })
    .where('id', '=', id)
    .where('state', '=', 'claimed')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** claimed → refused. @returns true to exactly one caller */
export async function refuseProcedure(db: Handle, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('otp_procedures')
    .set({ state: 'refused', codes: null })
    .where('id', '=', id)
    .where('state', '=', 'claimed')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Deletes a procedure that had no effect: the same form may begin it again. */
export async function dropProcedure(db: Handle, id: string): Promise<void> {
  await db.deleteFrom('otp_procedures').where('id', '=', id).where('state', '=', 'claimed').execute();
}

interface Taking {
  readonly now: Date;
  /** Only procedures that nobody has worked on since. */
  readonly before: Date;
  readonly most: number;
}

/** Takes procedures whose outcome nobody waited for, for this process alone. */
export function takeLeftProcedures(db: Database, { now, before, most }: Taking): Promise<OtpProcedure[]> {
  return db
    .updateTable('otp_procedures')
    .set({ tried_at: now })
    .where('id', 'in', (from) =>
      from
        .selectFrom('otp_procedures')
        .select('id')
        .where('state', '=', 'claimed')
        .where((is) => is(is.fn.coalesce('tried_at', 'created_at'), '<', before))
        .orderBy((is) => is.fn.coalesce('tried_at', 'created_at'))
        .limit(most)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
}
