import type { PinnedInstitution } from '../institution/directory.ts';
import type { FillRefusal, FillRequest } from '../messages/fill.ts';
import type { PendingConfirmation } from '../ports.ts';
import { differences, readShown } from '../transaction/shown.ts';
import type { TokenSummary } from '../vault/token.ts';
import { screenAsking } from './screens.ts';

/** What the browser itself says of who asks; nothing in it comes from the page. */
export interface Sender {
  readonly extensionId: string | undefined;
  readonly tabId: number | undefined;
  /** 0 is the top frame. */
  readonly frameId: number | undefined;
  readonly origin: string | undefined;
  readonly documentId: string | undefined;
}

/** Who asks, and for which institutions' pages there is an answer at all. */
export interface Asking {
  readonly sender: Sender;
  readonly ownExtensionId: string;
  readonly institutions: readonly PinnedInstitution[];
}

/** Everything the release of a code depends on. */
export interface GateInput extends Asking {
  readonly request: FillRequest;
  /** Whether the customer has to unlock the token first. */
  readonly locked: boolean;
  readonly tokens: readonly TokenSummary[];
  /** The token the customer chose last. */
  readonly selected: string | undefined;
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

/** Decides whether whoever asks is the top page of an institution: an ordered list of conditions. */
export function decideSender({ sender, ownExtensionId, institutions }: Asking): SenderDecision {
  if (sender.extensionId !== ownExtensionId) return refuse('sender-extension');
  if (sender.tabId === undefined || sender.frameId !== 0) return refuse('sender-frame');
  const institution = institutions.find(({ pageOrigins }) =>
    pageOrigins.some((origin) => origin === sender.origin),
  );
  if (institution === undefined) return refuse('sender-origin');
  if (sender.documentId === undefined) return refuse('sender-document');
  return { kind: 'institution', institution };
}

/**
 * Decides whether a one-time password may go to whoever asks: an ordered list of conditions, each with its own refusal.
 * Whether the step is still unspent is decided after this, by claiming it.
 */
export function decideRelease(input: GateInput): GateDecision {
  const { request, deviceMs } = input;
  const asking = decideSender(input);
  if (asking.kind === 'refuse') return asking;
  if (screenAsking('password', request.screen) === undefined) return refuse('screen-unknown');
  if (input.locked) return refuse('locked');

  const own = input.tokens.filter((token) => token.institution === asking.institution.key);
  const token = own.length > 1 ? own.find(({ id }) => id === input.selected) : own[0];
  if (token === undefined) return refuse(own.length > 1 ? 'several-tokens' : 'no-token');
  if (request.maxLength !== -1 && request.maxLength < token.parameters.digits) return refuse('field-changed');

  if (input.offsetMs === undefined) return refuse('clock');
  const timeMs = deviceMs + input.offsetMs;
  if (timeMs >= token.expiresAt) return refuse('token-expired');
  return { kind: 'release', token, timeMs };
}

/** Everything the release of a confirmation code depends on. */
export interface ConfirmationGateInput extends Asking {
  readonly request: FillRequest;
  readonly locked: boolean;
  readonly tokens: readonly TokenSummary[];
  /** What the institution's service says now, signed, of the tokens of the institution that the sender is of. */
  readonly confirmations: readonly PendingConfirmation[];
}

export type ConfirmationGateDecision =
  | { readonly kind: 'release'; readonly confirmation: PendingConfirmation }
  | Refusal;

/** Length of a confirmation code. */
const CONFIRMATION_DIGITS = 8;

/**
 * Decides whether a confirmation code may go to whoever asks: the page must show the transfer that was confirmed, told
 * by its 確認番号 and by nothing shown otherwise. Whether the code was filled before is decided after this.
 */
export function decideConfirmation(input: ConfirmationGateInput): ConfirmationGateDecision {
  const { request } = input;
  const asking = decideSender(input);
  if (asking.kind === 'refuse') return asking;
  if (screenAsking('confirmation', request.screen) === undefined) return refuse('screen-unknown');
  if (input.locked) return refuse('locked');
  if (!input.tokens.some((token) => token.institution === asking.institution.key)) return refuse('no-token');
  if (request.maxLength !== -1 && request.maxLength < CONFIRMATION_DIGITS) return refuse('field-changed');

  const shown = readShown(request.text ?? '');
  const own = input.confirmations.filter(
    ({ details, mode, status }) =>
      details.institution === asking.institution.key &&
      details.number === shown.number &&
      status === 'confirmed' &&
      mode === 'code',
  );
  if (own.length === 0) return refuse('confirmation-missing');
  const [confirmation, ...others] = own.filter(({ details }) => differences(details, shown).length === 0);
  if (confirmation === undefined) return refuse('confirmation-differs');
  return others.length > 0 ? refuse('several-tokens') : { kind: 'release', confirmation };
}

const refuse = (reason: FillRefusal): Refusal => ({ kind: 'refuse', reason });
