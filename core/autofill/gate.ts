import type { PinnedInstitution } from '../institution/directory.ts';
import type { FillRefusal, FillRequest } from '../messages/fill.ts';
import type { PendingConfirmation } from '../ports.ts';
import type { TokenSummary } from '../vault/token.ts';
import {
  CONFIRMATION_CONDITIONS,
  confirmationCase,
  firstRefusal,
  PASSWORD_CONDITIONS,
  passwordCase,
  SENDER_CONDITIONS,
  senderCase,
} from './conditions.ts';

/** What the browser itself says of who asks; nothing in it comes from the page. */
export interface Sender {
  readonly extensionId: string | undefined;
  readonly tabId: number | undefined;
  /** 0 is the top frame. */
  readonly frameId: number | undefined;
  readonly origin: string | undefined;
  /** Origin of the tab's top frame, which the browser tells only where the manifest has its host. */
  readonly topOrigin?: string | undefined;
  readonly documentId: string | undefined;
}

/** Who asks, and for which institutions' pages there is an answer at all. */
interface Origin {
  readonly sender: Sender;
  readonly ownExtensionId: string;
  readonly institutions: readonly PinnedInstitution[];
}

export interface Asking extends Origin {
  /** The page as the content script read it: it can tell institutions on one origin apart, and nothing more. */
  readonly page: Pick<FillRequest, 'screen' | 'text'>;
}

/** Everything the release of a code depends on. */
export interface GateInput extends Origin {
  readonly request: FillRequest;
  /** Whether the customer asked for it, by the popup or the keys: the background's own word, never the request's. */
  readonly askedByCustomer: boolean;
  /** Whether the customer has to unlock the token first. */
  readonly locked: boolean;
  readonly tokens: readonly TokenSummary[];
  /** The token the customer chose last. */
  readonly selected: string | undefined;
  /** Ids of the tokens that fill only when the customer asks. */
  readonly onRequest: readonly string[];
  /** The screens that were filled in the sender's document. */
  readonly filledScreens: readonly string[];
  /** Device time in milliseconds. */
  readonly deviceMs: number;
  /** Added to the device's clock; undefined where it was not measured just now or lately. */
  readonly offsetMs: number | undefined;
}

type Refusal = { readonly kind: 'refuse'; readonly reason: FillRefusal };

export type SenderDecision =
  | { readonly kind: 'institution'; readonly institution: PinnedInstitution }
  | Refusal;

export type GateDecision =
  | { readonly kind: 'release'; readonly token: TokenSummary; readonly timeMs: number }
  | Refusal;

/** Decides whether whoever asks is a page of an institution, and of which. */
export function decideSender(asking: Asking): SenderDecision {
  const of = senderCase(asking);
  const refusal = firstRefusal(SENDER_CONDITIONS, of);
  const { institution } = of;
  return refusal || !institution ? refuse(refusal) : { kind: 'institution', institution };
}

/**
 * Decides whether a one-time password may go to whoever asks: all of {@link PASSWORD_CONDITIONS} hold. Whether the step
 * is still unspent is decided after this, by claiming it. That the field can be seen, is empty, and posts to its own
 * origin, the content script looks at again when the code is there: no browser tells the background.
 */
export function decideRelease(input: GateInput): GateDecision {
  const of = passwordCase(input);
  const refusal = firstRefusal(PASSWORD_CONDITIONS, of);
  const { token, timeMs } = of;
  return refusal || !token || timeMs === undefined ? refuse(refusal) : { kind: 'release', token, timeMs };
}

/** Everything the release of a confirmation code depends on. */
export interface ConfirmationGateInput extends Origin {
  readonly request: FillRequest;
  readonly askedByCustomer: boolean;
  readonly locked: boolean;
  readonly tokens: readonly TokenSummary[];
  readonly onRequest: readonly string[];
  /** What the institution's service says now, signed, of the tokens of the institution that the sender is of. */
  readonly confirmations: readonly PendingConfirmation[];
}

export type ConfirmationGateDecision =
  | { readonly kind: 'release'; readonly confirmation: PendingConfirmation }
  | Refusal;

/**
 * Decides whether a confirmation code may go to whoever asks: the page must show the transfer that was confirmed, told
 * by its 確認番号 and by nothing shown otherwise. Whether the code was filled before is decided after this.
 */
export function decideConfirmation(input: ConfirmationGateInput): ConfirmationGateDecision {
  const of = confirmationCase(input);
  const refusal = firstRefusal(CONFIRMATION_CONDITIONS, of);
  const [confirmation] = of.fitting;
  return refusal || !confirmation ? refuse(refusal) : { kind: 'release', confirmation };
}

/** Where something is missing that no condition names, nothing is released either. */
const refuse = (reason: FillRefusal = 'vault'): Refusal => ({ kind: 'refuse', reason });
