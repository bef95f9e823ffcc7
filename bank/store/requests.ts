import { type Selectable, sql } from 'kysely';
import type { Confirmation } from '../../core/api/confirmation.ts';
import type { Handle } from './database.ts';
import type { RefusalReason, RequestColumns } from './schema.ts';
import { woken } from './wakes.ts';

/** Transfers and changes go through the same states, each in its table; one conditional statement makes each move. */
export type RequestTable = 'transfers' | 'changes';

/** The columns both tables have. */
export type RequestRow = Selectable<RequestColumns>;

export const REQUEST_COLUMNS = [
  'id',
  'institution',
  'customer_id',
  'state',
  'reason',
  'attempt',
  'created_at',
  'user_id',
  'confirmation_id',
  'decision',
  'mode',
  'number',
  'requested_at',
  'expires_at',
  'use_by',
  'cancel_due',
  'tried_at',
  'claimed_at',
  'code',
  'done_at',
] as const satisfies readonly (keyof RequestColumns)[];

/** @throws NoResultError */
export function readRequest(db: Handle, table: RequestTable, id: string): Promise<RequestRow> {
  return db.selectFrom(table).select(REQUEST_COLUMNS).where('id', '=', id).executeTakeFirstOrThrow();
}

export function findByConfirmation(
  db: Handle,
  table: RequestTable,
  institution: string,
  confirmationId: string,
): Promise<RequestRow | undefined> {
  return db
    .selectFrom(table)
    .select(REQUEST_COLUMNS)
    .where('institution', '=', institution)
    .where('confirmation_id', '=', confirmationId)
    .executeTakeFirst();
}

/** entered → waiting. @returns false if it was cancelled or asked for meanwhile */
export async function noteAsked(
  db: Handle,
  table: RequestTable,
  id: string,
  userId: string,
  confirmation: Confirmation,
): Promise<boolean> {
  const moved = await db
    .updateTable(table)
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
    .returning(woken)
    .executeTakeFirst();
  return moved !== undefined;
}

/** Stays waiting, now confirmed. */
export async function noteConfirmed(
  db: Handle,
  table: RequestTable,
  id: string,
  useBy: Date | null,
): Promise<void> {
  await db
    .updateTable(table)
    .set({ decision: 'confirmed', use_by: useBy })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('decision', '<>', 'confirmed')
    .returning(woken)
    .execute();
}

/** Whether the token service was asked for a confirmation. */
const ASKED = sql<boolean>`confirmation_id is not null`;

/**
 * → refused. @returns true to exactly one caller
 * @param from for an executing request, the claim it was judged by: a late answer must not end a later claim
 * @param cancel whether to tell the token service that the confirmation will not be used
 */
export async function refuseRequest(
  db: Handle,
  table: RequestTable,
  id: string,
  from: 'waiting' | 'unclaimed' | { readonly claimedAt: Date },
  { reason, cancel }: { readonly reason: RefusalReason; readonly cancel: boolean },
): Promise<boolean> {
  const refusal = db
    .updateTable(table)
    .set({ state: 'refused', reason, code: null, cancel_due: cancel ? ASKED : false })
    .where('id', '=', id);
  const moved = await (typeof from === 'object'
    ? refusal.where('state', '=', 'executing').where('claimed_at', '=', from.claimedAt)
    : refusal.where('state', 'in', from === 'unclaimed' ? ['entered', 'waiting'] : [from])
  )
    .returning(woken)
    .executeTakeFirst();
  return moved !== undefined;
}

/** entered, waiting → cancelled. @returns false if it is too late */
export async function cancelRequest(db: Handle, table: RequestTable, id: string): Promise<boolean> {
  const moved = await db
    .updateTable(table)
    .set({ state: 'cancelled', cancel_due: ASKED })
    .where('id', '=', id)
    .where('state', 'in', ['entered', 'waiting'])
    .returning(woken)
    .executeTakeFirst();
  return moved !== undefined;
}

/** No question was asked: the next one is another attempt. */
export async function nextAttempt(
  db: Handle,
  table: RequestTable,
  id: string,
  attempt: number,
): Promise<void> {
  await db
    .updateTable(table)
    .set({ attempt: attempt + 1 })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .execute();
}

/**
 * executing → what it was before, after a wrong code.
 * @param claimedAt the claim whose code it was: a late answer does not undo the next one
 */
export async function unclaimRequest(
  db: Handle,
  table: RequestTable,
  id: string,
  claimedAt: Date,
  to: 'entered' | 'waiting',
): Promise<void> {
  await db
    .updateTable(table)
    .set({ state: to, claimed_at: null, code: null })
    .where('id', '=', id)
    .where('claimed_at', '=', claimedAt)
    .where('state', '=', 'executing')
    .returning(woken)
    .execute();
}
