import { type Confirmation, transferDetailsSchema } from '../core/api/confirmation.ts';
import type { Transfer } from '../core/transaction/details.ts';
import { statusAt } from './store/confirmation-rows.ts';
import type { ConfirmationRow } from './store/schema.ts';

/** What the bank sees of a confirmation. */
export function confirmationOfRow(row: ConfirmationRow, now: number): Confirmation {
  const details = detailsOf(row);
  return {
    id: row.id,
    status: statusAt(row, now),
    mode: row.mode,
    number: row.number,
    transfer: transferIn(details),
    requestedAt: details.requestedAt,
    expiresAt: row.expires_at.toISOString(),
    ...(row.decided_at !== null && { decidedAt: row.decided_at.toISOString() }),
    ...(row.use_by !== null && { useBy: row.use_by.toISOString() }),
  };
}

export const transferOf = (row: ConfirmationRow): Transfer => transferIn(detailsOf(row));

/** The transfer alone, without what the service added. */
function transferIn({ bank, branch, accountType, accountNumber, payee, amount }: Transfer): Transfer {
  return { bank, branch, accountType, accountNumber, payee, amount };
}

const detailsOf = ({ details }: ConfirmationRow) => transferDetailsSchema.parse(JSON.parse(details));
