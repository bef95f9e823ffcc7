import { type Confirmation, transferDetailsSchema } from '../core/api/confirmation.ts';
import type { Transfer } from '../core/transaction/details.ts';
import { statusAt } from './store/confirmation-rows.ts';
import type { ConfirmationRow } from './store/schema.ts';

/** What the bank sees of a confirmation. */
export function confirmationOfRow(row: ConfirmationRow, now: number): Confirmation {
  const { requestedAt } = detailsOf(row);
  return {
    id: row.id,
    status: statusAt(row, now),
    mode: row.mode,
    number: row.number,
    transfer: transferOf(row),
    requestedAt,
    expiresAt: row.expires_at.toISOString(),
    ...(row.decided_at !== null && { decidedAt: row.decided_at.toISOString() }),
    ...(row.use_by !== null && { useBy: row.use_by.toISOString() }),
  };
}

export function transferOf(row: ConfirmationRow): Transfer {
  const { bank, branch, accountType, accountNumber, payee, amount } = detailsOf(row);
  return { bank, branch, accountType, accountNumber, payee, amount };
}

const detailsOf = ({ details }: ConfirmationRow) => transferDetailsSchema.parse(JSON.parse(details));
