import type { DecisionRefusal } from './decision-refusal.ts';

/** 承認: a paired desktop asks for the code of a page, and the customer decides on the phone. */
export interface PendingApproval {
  readonly id: string;
  readonly tokenId: string;
  /** Key of the institution. */
  readonly institution: string;
  /** The desktop's name, kept from the pairing. */
  readonly desktop: string;
  /** Origin of the page, as the desktop's browser reported it. */
  readonly origin: string;
  /** Whether it is one of the institution's. A code for any other is never sent. */
  readonly isOwnOrigin: boolean;
  /** Heading of the screen in the institution's internet bank. */
  readonly screen: string;
  /** The two digits that the desktop shows as well. */
  readonly number: string;
  /** Id of the transaction whose code it is for, where it is for one. */
  readonly confirmation: string | undefined;
  /** Device time in milliseconds. */
  readonly until: number;
  /** The request as the desktop signed it, which the decision names. */
  readonly request: string;
}

/** What paired desktops wait for. */
export interface WaitingApprovals {
  readonly approvals: readonly PendingApproval[];
  /** Ids of tokens that could not be asked about: what was known of them may still wait. */
  readonly unheard: readonly string[];
}

/** not-me: 心当たりがない, which stops the token as well. */
export type ApprovalDecision = 'approved' | 'refused' | 'not-me';

export type ApprovalOutcome =
  | { readonly kind: 'decided' }
  /** The code of this step went to a page already: the next one comes in `waitMs`. */
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'refused'; readonly reason: DecisionRefusal };

/** Nothing rejects. */
export interface Approvals {
  /**
   * Signs the decision and sends it, with the code encrypted to the desktop. After a lost answer it can be sent again.
   * @param canonical of the confirmed transaction that the code is for
   */
  decide(approval: PendingApproval, decision: ApprovalDecision, canonical?: string): Promise<ApprovalOutcome>;
}
