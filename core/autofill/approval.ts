import type { FillRefusal } from '../messages/fill.ts';
import type { TokenSummary } from '../vault/token.ts';

/** A code that another device is asked for: for which page, by the browser's word, and on which of its screens. */
export interface ApprovalWish {
  readonly token: TokenSummary;
  /** As the browser reported it. */
  readonly origin: string;
  /** Id from `core/autofill/screens.ts`. */
  readonly screen: string;
  /** The transaction whose code it is, where the screen asks for one. */
  readonly confirmation?: string | undefined;
}

/** What was asked. Times are device time in milliseconds. */
export interface AskedApproval {
  readonly id: string;
  /** The signed request, which the answer must name. */
  readonly request: string;
  readonly number: string;
  readonly until: number;
}

export type ApprovalRefusal =
  | Extract<FillRefusal, `approval-${string}`>
  | 'clock'
  | 'locked'
  | 'token-over'
  | 'vault';

export type AskOutcome =
  | { readonly kind: 'asked'; readonly approval: AskedApproval }
  | { readonly kind: 'refused'; readonly reason: ApprovalRefusal };

export type ApprovalAnswer =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'approved'; readonly code: string }
  | { readonly kind: 'refused'; readonly reason: ApprovalRefusal };

/** Asks the device that makes a token's codes for one. Nothing rejects. */
export interface ApprovalAsker {
  ask(wish: ApprovalWish): Promise<AskOutcome>;
  /** Waits a while for the answer. It can be called again, also by another worker. */
  answer(token: TokenSummary, approval: AskedApproval): Promise<ApprovalAnswer>;
  /** Nobody waits for it any more. */
  withdraw(token: TokenSummary, id: string): Promise<void>;
}
