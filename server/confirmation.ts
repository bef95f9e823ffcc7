import { type Confirmation, detailsSchema } from '../core/api/confirmation.ts';
import type { Details } from '../core/transaction/details.ts';
import { withType } from '../core/transaction/former.ts';
import { statusAt } from './store/confirmation-rows.ts';
import type { ConfirmationRow } from './store/schema.ts';

/** What the bank sees of a confirmation. */
export function confirmationOfRow(row: ConfirmationRow, now: number): Confirmation {
  const { transaction, requestedAt } = detailsOf(row);
  return {
    id: row.id,
    status: statusAt(row, now),
    mode: row.mode,
    number: row.number,
    transaction,
    requestedAt,
    expiresAt: row.expires_at.toISOString(),
    ...(row.decided_at !== null && { decidedAt: row.decided_at.toISOString() }),
    ...(row.use_by !== null && { useBy: row.use_by.toISOString() }),
    ...(row.factors !== null && { factors: [...row.factors] }),
    ...((row.origin ?? row.factors) !== null && { origin: row.origin }),
  };
}

export const detailsOf = ({ details }: ConfirmationRow): Details =>
  detailsSchema.parse(withType(JSON.parse(details)));
