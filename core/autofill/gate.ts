import type { PinnedInstitution } from '../institution/directory.ts';
import type { FillRefusal, FillRequest } from '../messages/fill.ts';
import type { TokenSummary } from '../vault/token.ts';
import { ANSER_SCREENS } from './screens.ts';

/** What the browser itself says of who asks; nothing in it comes from the page. */
export interface Sender {
  readonly extensionId: string | undefined;
  readonly tabId: number | undefined;
  /** 0 is the top frame. */
  readonly frameId: number | undefined;
  readonly origin: string | undefined;
  readonly documentId: string | undefined;
}

/** Everything the release of a code depends on. */
export interface GateInput {
  readonly sender: Sender;
  readonly ownExtensionId: string;
  readonly request: FillRequest;
  readonly institutions: readonly PinnedInstitution[];
  readonly tokens: readonly TokenSummary[];
  /** The token the customer chose last. */
  readonly selected: string | undefined;
  /** Device time in milliseconds. */
  readonly deviceMs: number;
  /** Added to the device's clock; undefined where it was not measured just now or lately. */
  readonly offsetMs: number | undefined;
}

export type GateDecision =
  | { readonly kind: 'release'; readonly token: TokenSummary; readonly timeMs: number }
  | { readonly kind: 'refuse'; readonly reason: FillRefusal };

/**
 * Decides whether a code may go to whoever asks: an ordered list of conditions, each with its own refusal. Whether the
 * step is still unspent is decided after this, by claiming it.
 */
export function decideRelease(input: GateInput): GateDecision {
  const { sender, request, institutions, deviceMs } = input;
  if (sender.extensionId !== input.ownExtensionId) return refuse('sender-extension');
  if (sender.tabId === undefined || sender.frameId !== 0) return refuse('sender-frame');
  const institution = institutions.find(({ pageOrigins }) =>
    pageOrigins.some((origin) => origin === sender.origin),
  );
  if (institution === undefined) return refuse('sender-origin');
  if (sender.documentId === undefined) return refuse('sender-document');
  if (!ANSER_SCREENS.some(({ id }) => id === request.screen)) return refuse('screen-unknown');

  const own = input.tokens.filter((token) => token.institution === institution.key);
  const token = own.length > 1 ? own.find(({ id }) => id === input.selected) : own[0];
  if (token === undefined) return refuse(own.length > 1 ? 'several-tokens' : 'no-token');
  if (request.maxLength !== -1 && request.maxLength < token.parameters.digits) return refuse('field-changed');

  if (input.offsetMs === undefined) return refuse('clock');
  const timeMs = deviceMs + input.offsetMs;
  if (timeMs >= token.expiresAt) return refuse('token-expired');
  return { kind: 'release', token, timeMs };
}

const refuse = (reason: FillRefusal): GateDecision => ({ kind: 'refuse', reason });
