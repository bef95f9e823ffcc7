import type { Device, TokenStatus } from '../api/bank.ts';
import type { ConfirmationMode, DecisionKind } from '../api/confirmation.ts';
import type { Comparison } from './comparison.ts';
import type { Details } from './details.ts';

/** A transaction the customer is asked about, or has confirmed and that is not used yet. */
export interface PendingConfirmation {
  readonly tokenId: string;
  /** Parsed from {@link canonical}, and nothing else. */
  readonly details: Details;
  /** The signed text (RFC 8785): what is decided on, to the byte. */
  readonly canonical: string;
  readonly mode: ConfirmationMode;
  readonly status: 'waiting' | 'confirmed';
  /** Until when it can be used, once it is confirmed: Unix milliseconds. */
  readonly useBy: number | undefined;
  /** How the bank's page shows it; undefined where no page of this browser is known to be of it. */
  readonly onPage: Comparison | undefined;
}

/** A token whose place one on another device took. */
export interface ReplacedToken {
  readonly tokenId: string;
  /** When, in Unix milliseconds. */
  readonly at: number;
  /** What the other device says it is: what kind of token, its browser and system. */
  readonly form: Device['form'];
  readonly device: string;
}

/** How a token stands at its service, which said so just now. */
export interface TokenStanding {
  readonly tokenId: string;
  readonly status: TokenStatus;
  /** 有効期限: another than before once it was renewed. Unix milliseconds. */
  readonly expiresAt: number;
}

/** `failed`: keys of institutions whose service could not be asked. */
export interface LatestConfirmations {
  readonly confirmations: readonly PendingConfirmation[];
  readonly failed: readonly string[];
  /** Keys of institutions that ask about a type of transaction that is not known here; missing where none does. */
  readonly unsupported?: readonly string[];
  /** Tokens whose place one on another device took; missing where none is known. */
  readonly replaced?: readonly ReplacedToken[];
  /** Of the tokens whose service said it. */
  readonly standings?: readonly TokenStanding[];
  /**
   * While the vault is locked nothing can be asked: how many wait as far as is known without a key, or `perhaps` where
   * something may. What they are about is not said.
   */
  readonly concealed?: number | 'perhaps';
}

/**
 * gone: expired, cancelled or decided otherwise in the meantime · unreachable: no answer; the same decision can be sent
 * again · untrusted: the answer was not signed by the institution's service · clock: the service did not accept the
 * request's time · vault: this device's storage failed · locked: the customer has to unlock the vault first
 */
export type DecisionRefusal = 'gone' | 'unreachable' | 'untrusted' | 'clock' | 'vault' | 'locked';

export type DecisionOutcome =
  | { readonly kind: 'decided'; readonly useBy: number | undefined }
  | { readonly kind: 'refused'; readonly reason: DecisionRefusal };

/** 取引認証. Nothing rejects. */
export interface Confirmations {
  /** What waits for the customer, asked of the services now. */
  latest(): Promise<LatestConfirmations>;
  /** Signs the decision over exactly the given text and sends it. A lost answer is safe: the same can be sent again. */
  decide(confirmation: PendingConfirmation, decision: DecisionKind): Promise<DecisionOutcome>;
  /** The code for a confirmed transfer; undefined in `approve` mode, before the confirmation, and after its time. */
  code(confirmation: PendingConfirmation): Promise<string | undefined>;
  /** Calls back whenever something may have changed, until aborted. */
  watch(changed: () => void, signal: AbortSignal): void;
}
