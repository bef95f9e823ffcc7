import type { TokenStanding } from '../transaction/confirmations.ts';
import type { TokenSummary } from './token.ts';

/**
 * unreachable: no answer, and whether it was done is not known; it can be asked for again · untrusted: the answer was not signed
 * by the institution's service · clock: the service did not accept the request's time · over: the token is released or void ·
 * by-staff: the institution has staff alone suspend · vault: this device's storage failed · locked: the customer has to unlock
 * the vault first
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

/** 利用停止 as the customer asks for it on the token. Nothing rejects. A lost answer is safe: asked for again, it is said. */
export interface Suspender {
  suspend(token: TokenSummary): Promise<SuspensionOutcome>;
}
