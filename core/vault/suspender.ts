import type { TokenStanding } from '../transaction/confirmations.ts';
import type { TokenSummary } from './token.ts';

/**
 * unreachable: no answer, so it is unknown whether it was done; it can be asked for again · untrusted: the institution's service
 * did not sign the answer · clock: the service did not accept the request's time · over: the token is released or void, or no
 * contract has it yet · by-staff: only the institution's staff suspend · vault: this device's storage failed · locked: the
 * customer has to unlock the vault first
 */
export type SuspensionRefusal =
  | 'unreachable'
  | 'untrusted'
  | 'clock'
  | 'over'
  | 'by-staff'
  | 'vault'
  | 'locked';

export type SuspensionOutcome =
  | { readonly kind: 'suspended'; readonly standing: TokenStanding }
  | { readonly kind: 'refused'; readonly reason: SuspensionRefusal };

/** 利用停止 by the customer on the token. Nothing rejects. After a lost answer it can be asked for again. */
export interface Suspender {
  suspend(token: TokenSummary): Promise<SuspensionOutcome>;
}
