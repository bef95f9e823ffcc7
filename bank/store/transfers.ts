import type { Insertable, Selectable } from 'kysely';
import type { Transfer } from '../../core/transaction/types.ts';
import type { Handle } from './database.ts';
import { nextReceipt } from './receipts.ts';
import type { TransfersTable } from './schema.ts';
import { woken } from './wakes.ts';

export type TransferRow = Selectable<TransfersTable>;

/** What a customer entered, after its checks. */
export interface EnteredTransfer {
  readonly id: string;
  readonly institution: string;
  readonly customerId: string;
  readonly kind: TransferRow['kind'];
  readonly fromAccount: string;
  readonly transfer: Transfer;
}

/** Saves what was entered, once for each id. */
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

/** The transfer as it was entered: it is sent to be confirmed and later verified. */
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

/** This customer's transfer; undefined also if the id belongs to somebody else. */
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

/** Transfers that went beyond their entry, newest first. */
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

/**
 * entered, or waiting and confirmed → executing: from now on it counts for its day and its money is spoken for.
 * @param from the state the caller has judged
 * @param userId of the token that was not asked, and whose code it is
 * @returns false where somebody else was first
 */
export async function claimTransfer(
  db: Handle,
  id: string,
  from: 'entered' | 'waiting',
  {
    now,
    code,
    userId,
  }: { readonly now: number; readonly code: Uint8Array | null; readonly userId?: string | undefined },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('transfers')
    .set({
      state: 'executing',
      claimed_at: new Date(now),
      counted_at: new Date(now),
      code,
      ...(userId !== undefined && { user_id: userId }),
    })
    .where('id', '=', id)
    .where('state', '=', from)
    .$if(from === 'waiting', (query) => query.where('decision', '=', 'confirmed'))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** executing → done. @param day as in a 受付番号, such as `20261121` @returns true to exactly one caller */
export async function finishTransfer(db: Handle, id: string, now: number, day: string): Promise<boolean> {
  const moved = await db
    .updateTable('transfers')
    .set({
      state: 'done',
      done_at: new Date(now),
      code: null,
      receipt: nextReceipt(day),
    })
    .where('id', '=', id)
    .where('state', '=', 'executing')
    .returning(woken)
    .executeTakeFirst();
  return moved !== undefined;
}

/** The sum of a customer's transfers in a period, including those under way, in yen. */
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
