import type { ConfirmationMode } from '../api/confirmation.ts';
import type { Institution } from './directory.ts';

/** How an institution has its transactions confirmed. */
export interface Confirming {
  readonly mode: ConfirmationMode;
  /** Whether a customer's consent counts only where the token has seen the transaction on a page of the institution's. */
  readonly originBound: boolean;
}

export const confirmingOf = ({ confirmation }: Pick<Institution, 'confirmation'>): Confirming =>
  typeof confirmation === 'string' ? { mode: confirmation, originBound: false } : confirmation;
