import type { TransferRow } from '../store/transfers.ts';

/** What a transfer's page shows: its state, and while it waits, whether the customer has confirmed it. */
export type TransferPhase = TransferRow['state'] | 'confirmed';

export function phaseOf({ state, decision }: Pick<TransferRow, 'state' | 'decision'>): TransferPhase {
  return state === 'waiting' && decision === 'confirmed' ? 'confirmed' : state;
}
