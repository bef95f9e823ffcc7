import type { PinnedInstitution } from '../institution/directory.ts';
import type { FillRequest } from '../messages/fill.ts';
import type { PendingConfirmation } from '../transaction/confirmations.ts';
import type { WaitingLogin } from '../transaction/logins.ts';
import type { TokenSummary } from '../vault/token.ts';

/** What the browser itself says about the sender; nothing in it comes from the page. */
export interface Sender {
  readonly extensionId: string | undefined;
  readonly tabId: number | undefined;
  /** 0 is the top frame. */
  readonly frameId: number | undefined;
  readonly origin: string | undefined;
  /** Origin of the tab's top frame; the browser tells it only for hosts in the manifest. */
  readonly topOrigin?: string | undefined;
  readonly documentId: string | undefined;
}

/** The sender, and the institutions whose pages may get an answer. */
interface Origin {
  readonly sender: Sender;
  readonly ownExtensionId: string;
  readonly institutions: readonly PinnedInstitution[];
}

export interface Asking extends Origin {
  /** The page as the content script read it. It only tells institutions on the same origin apart. */
  readonly page: Pick<FillRequest, 'screen' | 'text'>;
}

/** Everything that the choice of a token depends on, whether its code is filled or it signs. */
export interface TokenInput extends Origin {
  readonly request: Pick<FillRequest, 'screen' | 'text'>;
  /** Whether the customer asked for it by the popup or the keys. The background knows it itself; the request does not say it. */
  readonly askedByCustomer: boolean;
  /** Whether the customer has to unlock the token first. */
  readonly locked: boolean;
  readonly tokens: readonly TokenSummary[];
  /** Ids of those of which the service has just said that they have still to be registered. */
  readonly unbound: readonly string[];
  /** The token that the customer chose last. */
  readonly selected: string | undefined;
  /** Ids of the tokens that fill only when the customer asks. */
  readonly onRequest: readonly string[];
  /** Device time in milliseconds. */
  readonly deviceMs: number;
  /** Milliseconds to add to the device's clock; undefined without a recent measurement. */
  readonly offsetMs: number | undefined;
}

/** Everything that the release of a one-time password depends on. */
export interface GateInput extends TokenInput {
  readonly request: FillRequest;
  /** The screens that were filled in the sender's document. */
  readonly filledScreens: readonly string[];
}

/** Everything that the signature of a challenge depends on, besides {@link TokenInput}, once the service was asked. */
export interface SignInput extends TokenInput {
  /** What the page carries. */
  readonly challenge: string;
  /** What a token's service lists as waiting for it, by its signed answer. */
  readonly waiting: readonly Pick<WaitingLogin, 'id' | 'tokenId' | 'use'>[];
  /** Origin of the sender's document, as the browser says now; undefined if its tab shows it no more. */
  readonly shownAt: string | undefined;
}

/** Everything that the release of a confirmation code depends on. */
export interface ConfirmationGateInput extends Origin {
  readonly request: FillRequest;
  readonly askedByCustomer: boolean;
  readonly locked: boolean;
  readonly tokens: readonly TokenSummary[];
  readonly onRequest: readonly string[];
  /** The signed answer of the institution's service about the tokens of the sender's institution. */
  readonly confirmations: readonly PendingConfirmation[];
}
