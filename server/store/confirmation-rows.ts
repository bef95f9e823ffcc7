import { z } from 'zod';
import {
  type ConfirmationStatus,
  confirmationModeSchema,
  confirmationStatusSchema,
  decisionKindSchema,
} from '../../core/api/confirmation.ts';
import { factorsSchema } from '../../core/api/factor.ts';
import type { Database } from './database.ts';
import type { ConfirmationRow } from './schema.ts';
import type { IdempotentWrite } from './tokens.ts';

const LIVE = ['waiting', 'confirmed'] as const;

export function findConfirmation(
  db: Database,
  tokenId: string,
  id: string,
): Promise<ConfirmationRow | undefined> {
  return db
    .selectFrom('confirmations')
    .selectAll()
    .where('id', '=', id)
    .where('token_id', '=', tokenId)
    .executeTakeFirst();
}

/** Confirmations by their ids, in the order given; undefined for an unknown id. */
export async function findConfirmations(
  db: Database,
  ids: readonly string[],
): Promise<(ConfirmationRow | undefined)[]> {
  const rows = await db
    .selectFrom('confirmations')
    .selectAll()
    .where((eb) => eb('id', '=', eb.fn.any(eb.val([...new Set(ids)]))))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id));
}

/** A token's confirmations that wait for the customer, or are confirmed and not used yet; oldest first. */
export function liveConfirmations(db: Database, tokenId: string, at: Date): Promise<ConfirmationRow[]> {
  return db
    .selectFrom('confirmations')
    .selectAll()
    .where('token_id', '=', tokenId)
    .where('status', 'in', LIVE)
    .where((eb) => eb(eb.fn.coalesce('use_by', 'expires_at'), '>', at))
    .orderBy('expires_at')
    .execute();
}

/** The confirmation that was made with an idempotency key. */
export async function confirmationOf(
  db: Database,
  { institution, idempotencyKey }: IdempotentWrite,
): Promise<ConfirmationRow | undefined> {
  return db
    .selectFrom('idempotency')
    .innerJoin('confirmations', 'confirmations.id', 'idempotency.confirmation_id')
    .selectAll('confirmations')
    .where('idempotency.institution', '=', institution)
    .where('idempotency.key', '=', idempotencyKey)
    .executeTakeFirst();
}

/** The status at a moment: a confirmation is expired from its deadline on, also before its row says so. */
export function statusAt({ status, use_by, expires_at }: ConfirmationRow, now: number): ConfirmationStatus {
  const live = status === 'waiting' || status === 'confirmed';
  return live && (use_by ?? expires_at).getTime() <= now ? 'expired' : status;
}

const date = z.string().transform((text) => new Date(text));

/** A row as `to_json` gives it. */
export const confirmationJsonSchema = z.object({
  id: z.string(),
  institution: z.string(),
  token_id: z.string(),
  number: z.string(),
  mode: confirmationModeSchema,
  details: z.string(),
  status: confirmationStatusSchema,
  wrong_codes: z.int(),
  expires_at: date,
  decision: decisionKindSchema.nullable(),
  signed_decision: z.string().nullable(),
  device_id: z.string().nullable(),
  decided_at: date.nullable(),
  use_by: date.nullable(),
  new_token: z.string().nullable(),
  origin: z.string().nullable(),
  factors: factorsSchema.nullable(),
});
