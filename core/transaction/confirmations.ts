import type { Device, TokenStatus } from '../api/bank.ts';
import type { ConfirmationMode, DecisionKind } from '../api/confirmation.ts';
import type { WaitingApprovals } from './approvals.ts';
import type { Comparison } from './comparison.ts';
import type { DecisionRefusal } from './decision-refusal.ts';
import type { Details } from './details.ts';
import type { NotMeOutcome, WaitingLogin } from './logins.ts';

/** A transaction that waits for the customer's decision, or is confirmed and not used yet. */
export interface PendingConfirmation {
  readonly tokenId: string;
  /** Parsed from {@link canonical} and from nothing else. */
  readonly details: Details;
  /** The signed text (RFC 8785), which the customer decides on, byte by byte. */
  readonly canonical: string;
  readonly mode: ConfirmationMode;
  readonly status: 'waiting' | 'confirmed';
  /** Until when it can be used, once it is confirmed: Unix milliseconds. */
  readonly useBy: number | undefined;
  /** How the bank's page compares; undefined if no page of this browser is known to show it. */
  readonly onPage: Comparison | undefined;
}

/** A token that one on another device has replaced. */
export interface ReplacedToken {
  readonly tokenId: string;
  /** Time of the replacement, in Unix milliseconds. */
  readonly at: number;
  /** The other device's description: the kind of token, its browser and system. */
  readonly form: Device['form'];
  readonly device: string;
}

/** A token's state, which its service has just told. */
export interface TokenStanding {
  readonly tokenId: string;
  readonly status: TokenStatus;
  /** 有効期限, which a renewal moves. Unix milliseconds. */
  readonly expiresAt: number;
  /** When a contract took a token that its customer made. Unix milliseconds. */
  readonly activatedAt?: number | undefined;
}

/** `failed`: keys of institutions whose service could not be asked. */
export interface LatestConfirmations {
  readonly confirmations: readonly PendingConfirmation[];
  readonly failed: readonly string[];
  /** Keys of institutions that ask about an unknown type of transaction; missing if there are none. */
  readonly unsupported?: readonly string[];
  /** Tokens that ones on other devices have replaced; missing if none are known. */
  readonly replaced?: readonly ReplacedToken[];
  /** States of the tokens whose service told them. */
  readonly standings?: readonly TokenStanding[];
  /** Pages that paired desktops are to fill; missing where the token is paired with none. */
  readonly approvals?: WaitingApprovals;
  /** Logins that wait for a signature which no page of this browser asks for; missing where none can be asked about. */
  readonly logins?: readonly WaitingLogin[];
  /**
   * While the vault is locked, no service can be asked. Then this is the known number of waiting confirmations, or `perhaps` if
   * there may be some. Nothing is told of their contents.
   */
  readonly concealed?: number | 'perhaps';
}

export type DecisionOutcome =
  | { readonly kind: 'decided'; readonly useBy: number | undefined }
  | { readonly kind: 'refused'; readonly reason: DecisionRefusal };

/**
 * none: in `approve` mode, before the confirmation, and once it was used or its time is over · unreachable: nobody said whether there
 * is one, so it can be asked for again
 */
export type CodeOutcome =
  | { readonly kind: 'made'; readonly code: string }
  | { readonly kind: 'none' | 'unreachable' };

/** 取引認証. Nothing rejects. */
export interface Confirmations {
  /** Asks the services now what waits for the customer. */
  latest(): Promise<LatestConfirmations>;
  /** Signs the decision over exactly the given text and sends it. After a lost answer the same decision can be sent again. */
  decide(confirmation: PendingConfirmation, decision: DecisionKind): Promise<DecisionOutcome>;
  /** Asks the service now, and makes the code of what it says is confirmed. */
  code(confirmation: PendingConfirmation): Promise<CodeOutcome>;
  /** 心当たりがない of a login elsewhere: refuses it, and stops the token. */
  notMe(login: WaitingLogin): Promise<NotMeOutcome>;
  /** Calls back whenever something may have changed, until aborted. */
  watch(changed: () => void, signal: AbortSignal): void;
}
