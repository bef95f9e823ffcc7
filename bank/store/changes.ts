import { type Selectable, sql } from 'kysely';
import { transactionSchema } from '../../core/api/confirmation.ts';
import type { NewDevice } from '../../core/transaction/types.ts';
import { japaneseDayNumber } from '../format.ts';
import type { Handle } from './database.ts';
import { nextReceipt } from './receipts.ts';
import type { ChangesTable, ChangeType } from './schema.ts';
import { woken } from './wakes.ts';

export type ChangeRow = Selectable<ChangesTable>;

/** What a customer entered, after its checks. */
export interface EnteredChange {
  readonly id: string;
  readonly institution: string;
  readonly customerId: string;
  readonly type: ChangeType;
  /** The transaction as its canonical text. */
  readonly details: string;
}

/** Saves what was entered, once for each id. */
export async function enterChange(db: Handle, entered: EnteredChange, now: number): Promise<void> {
  const { id, institution, customerId, type, details } = entered;
  await db
    .insertInto('changes')
    .values({
      id,
      institution,
      customer_id: customerId,
      type,
      details,
      state: 'entered',
      attempt: 0,
      created_at: new Date(now),
      cancel_due: false,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** @throws NoResultError */
export function readChange(db: Handle, id: string): Promise<ChangeRow> {
  return db.selectFrom('changes').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** This customer's change of this type; undefined also if the id belongs to somebody else. */
export function findChange(
  db: Handle,
  customerId: string,
  type: ChangeType,
  id: string,
): Promise<ChangeRow | undefined> {
  return db
    .selectFrom('changes')
    .selectAll()
    .where('id', '=', id)
    .where('customer_id', '=', customerId)
    .where('type', '=', type)
    .executeTakeFirst();
}

/** The customer's undecided changes, newest first. */
export const openChanges = (db: Handle, customerId: string): Promise<ChangeRow[]> =>
  undecided(db, customerId).execute();

/** The undecided changes about new devices. @param serial only those of the device with this シリアルNo */
export function openNewDevices(db: Handle, customerId: string, serial?: string): Promise<ChangeRow[]> {
  const open = undecided(db, customerId).where('type', '=', 'new-device');
  return (serial === undefined ? open : open.where(SERIAL, '=', serial)).execute();
}

const undecided = (db: Handle, customerId: string) =>
  db
    .selectFrom('changes')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('state', 'in', ['waiting', 'executing'])
    .orderBy('created_at', 'desc');

/** シリアルNo of the device that a change of type new-device is about. */
const SERIAL = sql<string>`details::jsonb ->> 'serial'`;

/** The device with this シリアルNo, as the customer was last asked about it. */
export async function findNewDevice(
  db: Handle,
  customerId: string,
  serial: string,
): Promise<NewDevice | undefined> {
  const row = await db
    .selectFrom('changes')
    .select('details')
    .where('customer_id', '=', customerId)
    .where('type', '=', 'new-device')
    .where(SERIAL, '=', serial)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const transaction = row && transactionSchema.parse(JSON.parse(row.details));
  return transaction?.type === 'new-device' ? transaction : undefined;
}

/** waiting and confirmed → executing. @returns false if another caller was first */
export async function claimChange(
  db: Handle,
  id: string,
  { now, code }: { readonly now: number; readonly code: Uint8Array | null },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('changes')
    .set({ state: 'executing', claimed_at: new Date(now), code })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('decision', '=', 'confirmed')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** executing → done. @returns true to exactly one caller */
export async function finishChange(db: Handle, id: string, now: number): Promise<boolean> {
  const moved = await db
    .updateTable('changes')
    .set({
      state: 'done',
      done_at: new Date(now),
      code: null,
      receipt: nextReceipt(japaneseDayNumber(now)),
    })
    .where('id', '=', id)
    .where('state', '=', 'executing')
    .returning(woken)
    .executeTakeFirst();
  return moved !== undefined;
}
