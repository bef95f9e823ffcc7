import type { PinnedInstitution } from '../institution/directory.ts';
import type { FillRequest } from '../messages/fill.ts';
import type { PendingConfirmation } from '../transaction/confirmations.ts';
import type { TokenSummary } from '../vault/token.ts';

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
