import { type Insertable, type Selectable, sql } from 'kysely';
import type { Confirmation } from '../../core/api/confirmation.ts';
import type { Transfer } from '../../core/transaction/types.ts';
import type { Handle } from './database.ts';
import type { RefusalReason, TransfersTable } from './schema.ts';

export type TransferRow = Selectable<TransfersTable>;

/** What a customer has entered, checked. */
export interface EnteredTransfer {
  readonly id: string;
  readonly institution: string;
  readonly customerId: string;
  readonly kind: TransferRow['kind'];
  readonly fromAccount: string;
  readonly transfer: Transfer;
}

/** Writes down what was entered, once for each id. */
export async function enterTransfer(db: Handle, entered: EnteredTransfer, now: number): Promise<void> {
  const { transfer } = entered;
  const row: Insertable<TransfersTable> = {
    id: entered.id,
    institution: entered.institution,
    customer_id: entered.customerId,
    kind: entered.kind,
    from_account: entered.fromAccount,
    bank_code: transfer.bank.code,
    bank_name: transfer.bank.name,
    branch_code: transfer.branch.code,
    branch_name: transfer.branch.name,
    account_type: transfer.accountType,
    account_number: transfer.accountNumber,
    payee: transfer.payee,
    amount: transfer.amount,
    state: 'entered',
    attempt: 0,
    created_at: new Date(now),
    cancel_due: false,
  };
  await db
    .insertInto('transfers')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** The transfer as it was entered: what is asked to be confirmed, and later verified. */
export function detailsOf(row: TransferRow): Transfer {
  return {
    type: 'transfer',
    bank: { code: row.bank_code, name: row.bank_name },
    branch: { code: row.branch_code, name: row.branch_name },
    accountType: row.account_type,
    accountNumber: row.account_number,
    payee: row.payee,
    amount: Number(row.amount),
  };
}

/** A transfer of this customer's; undefined also where it is somebody else's. */
export function findTransfer(db: Handle, customerId: string, id: string): Promise<TransferRow | undefined> {
  return db
    .selectFrom('transfers')
    .selectAll()
    .where('id', '=', id)
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
}

/** @throws NoResultError */
export function readTransfer(db: Handle, id: string): Promise<TransferRow> {
  return db.selectFrom('transfers').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

export function findByConfirmation(
  db: Handle,
  institution: string,
  confirmationId: string,
): Promise<TransferRow | undefined> {
  return db
    .selectFrom('transfers')
    .selectAll()
    .where('institution', '=', institution)
    .where('confirmation_id', '=', confirmationId)
    .executeTakeFirst();
}

/** Transfers that were asked for at least, newest first. */
export function recentTransfers(db: Handle, customerId: string, limit: number): Promise<TransferRow[]> {
  return db
    .selectFrom('transfers')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('state', '!=', 'entered')
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
}

/** entered → waiting. @returns false where it was cancelled or asked for meanwhile */
export async function noteAsked(
  db: Handle,
  id: string,
  userId: string,
  confirmation: Confirmation,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('transfers')
    .set({
      state: 'waiting',
      user_id: userId,
      confirmation_id: confirmation.id,
      decision: 'waiting',
      mode: confirmation.mode,
      number: confirmation.number,
      requested_at: new Date(confirmation.requestedAt),
      expires_at: new Date(confirmation.expiresAt),
    })
    .where('id', '=', id)
    .where('state', '=', 'entered')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** waiting: now confirmed. */
export async function noteConfirmed(db: Handle, id: string, useBy: Date | null): Promise<void> {
  await db
    .updateTable('transfers')
    .set({ decision: 'confirmed', use_by: useBy })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** Whether the token service was asked to have it confirmed. */
const ASKED = sql<boolean>`confirmation_id is not null`;

/**
 * → refused. Of any number of callers one gets true.
 * @param from for one that executes, the claim that was judged: a late answer does not end the next one
 * @param cancel whether the token service is to be told that nothing will come of the confirmation
 */
export async function refuseTransfer(
  db: Handle,
  id: string,
  from: 'waiting' | 'unclaimed' | { readonly claimedAt: Date },
  { reason, cancel }: { readonly reason: RefusalReason; readonly cancel: boolean },
): Promise<boolean> {
  const refusal = db
    .updateTable('transfers')
    .set({
      state: 'refused',
      reason,
      code: null,
      counted_at: null,
      cancel_due: cancel ? ASKED : false,
    })
    .where('id', '=', id);
  const { numUpdatedRows } = await (typeof from === 'object'
    ? refusal.where('state', '=', 'executing').where('claimed_at', '=', from.claimedAt)
    : refusal.where('state', 'in', from === 'unclaimed' ? ['entered', 'waiting'] : [from])
  ).executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** entered, waiting → cancelled. @returns false where it is too late */
export async function cancelTransfer(db: Handle, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('transfers')
    .set({ state: 'cancelled', cancel_due: ASKED })
    .where('id', '=', id)
    .where('state', 'in', ['entered', 'waiting'])
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** A refused form is not answered again: the next one counts anew. */
export async function nextAttempt(db: Handle, id: string, attempt: number): Promise<void> {
  await db
    .updateTable('transfers')
    .set({ attempt: attempt + 1 })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .execute();
}

/**
 * entered, or waiting and confirmed → executing: from now on it counts for its day and its money is spoken for.
 * @param from the state the caller has judged
 * @returns false where somebody else was first
 */
export async function claimTransfer(
  db: Handle,
  id: string,
  from: 'entered' | 'waiting',
  { now, code }: { readonly now: number; readonly code: Uint8Array | null },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('transfers')
    .set({ state: 'executing', claimed_at: new Date(now), counted_at: new Date(now), code })
    .where('id', '=', id)
    .where('state', '=', from)
    .$if(from === 'waiting', (query) => query.where('decision', '=', 'confirmed'))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/**
 * executing → waiting, after a wrong code.
 * @param claimedAt the claim whose code it was: a late answer does not undo the next one
 */
export async function unclaimTransfer(db: Handle, id: string, claimedAt: Date): Promise<void> {
  await db
    .updateTable('transfers')
    .set((of) => ({
      state: 'waiting',
      claimed_at: null,
      counted_at: null,
      code: null,
      attempt: of('attempt', '+', 1),
    }))
    .where('id', '=', id)
    .where('claimed_at', '=', claimedAt)
    .where('state', '=', 'executing')
    .execute();
}

/** executing → done. Of any number of callers one gets true. @param day as in a 受付番号, such as `20261121` */
export async function finishTransfer(db: Handle, id: string, now: number, day: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('transfers')
    .set({
      state: 'done',
      done_at: new Date(now),
      code: null,
      receipt: sql<string>`${day} || '-' || lpad(nextval('transfer_receipts')::text, 8, '0')`,
    })
    .where('id', '=', id)
    .where('state', '=', 'executing')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** What a customer's transfers of a day come to, those under way included, in yen. */
export async function sumOfDay(db: Handle, customerId: string, from: number, to: number): Promise<number> {
  const { total } = await db
    .selectFrom('transfers')
    .select((of) => of.fn.sum<string | number | null>('amount').as('total'))
    .where('customer_id', '=', customerId)
    .where('state', 'in', ['executing', 'done'])
    .where('counted_at', '>=', new Date(from))
    .where('counted_at', '<', new Date(to))
    .executeTakeFirstOrThrow();
  return Number(total ?? 0);
}
