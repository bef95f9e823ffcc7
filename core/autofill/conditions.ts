import type { TokenStatus } from '../api/bank.ts';
import type { FieldBeside } from '../family/screen.ts';
import type { PinnedInstitution } from '../institution/directory.ts';
import { loginWaysOf } from '../institution/login.ts';
import type { FieldRoom, FillRefusal, FillRequest } from '../messages/fill.ts';
import { CONFIRMATION_DIGITS } from '../transaction/code.ts';
import type { PendingConfirmation } from '../transaction/confirmations.ts';
import { differences, readShown, type ShownTransaction } from '../transaction/shown.ts';
import { mayRegister } from '../vault/registration.ts';
import { isOver, type TokenSummary } from '../vault/token.ts';
import type { Asking, ConfirmationGateInput, GateInput, SignInput, TokenInput } from './asking.ts';
import { bannerOf, institutionShown } from './banner.ts';
import { type ScreenRule, screenAsking, screensOf } from './screens.ts';

/** A condition for the release of a code, and the refusal if it does not hold. */
export interface Condition<Case> {
  readonly name: string;
  readonly refusal: FillRefusal;
  holds(of: Case): boolean;
}

/** A list of conditions that can include those of the sender, whatever else is known. */
type Conditions<Case> = readonly Condition<Case>[];

/** The sender, and the institutions at its origin. */
export interface SenderCase extends Asking {
  readonly there: readonly PinnedInstitution[];
  readonly institution: PinnedInstitution | undefined;
}

/** What is known for both kinds of code. */
export interface CodeCase extends SenderCase {
  readonly locked: boolean;
  readonly rule: ScreenRule | undefined;
  /** The tokens of the sender's institution. */
  readonly own: readonly TokenSummary[];
}

/** What is known where a screen asks for what the customer's token makes. */
export interface TokenCase extends CodeCase, TokenInput {
  /** The one of the institution's tokens that the screen asks; none where another can still be registered there. */
  readonly token: TokenSummary | undefined;
  /** The one that is to be registered, where the screen has fields for it. */
  readonly unregistered: TokenSummary | undefined;
  /** Those two. */
  readonly used: readonly TokenSummary[];
  /** Tokens of which it matters here whether they have been registered, and that is not known. */
  readonly unheard: readonly TokenSummary[];
  /** The service's time in milliseconds. */
  readonly timeMs: number | undefined;
}

/** What is known if a one-time password is asked for. */
export type PasswordCase = TokenCase &
  GateInput & {
    /** What goes into the fields beside the screen's, in the rule's order. */
    readonly beside: readonly Beside[];
  };

/** What is known if a signature is asked for, once the service has listed what waits. */
export type SignCase = TokenCase & SignInput;

/** A token's シリアル番号 or its code; of no token where the field is to be left alone. */
export interface Beside extends Pick<FieldBeside, 'gives'> {
  readonly token?: TokenSummary;
}

/** What is known if the code of a confirmed transaction is asked for. */
export interface ConfirmationCase extends CodeCase, ConfirmationGateInput {
  /**
   * Confirmations with the 確認番号 that the page shows, whose codes can be had; and those of them that have the screen's type and from which
   * the page does not differ.
   */
  readonly numbered: readonly PendingConfirmation[];
  readonly fitting: readonly PendingConfirmation[];
}

export const SENDER_CONDITIONS: Conditions<SenderCase> = [
  {
    name: 'own extension',
    refusal: 'sender-extension',
    holds: ({ sender, ownExtensionId }) => sender.extensionId === ownExtensionId,
  },
  {
    name: 'exact origin',
    refusal: 'sender-origin',
    holds: ({ there }) => there.length > 0,
  },
  {
    name: 'a tab',
    refusal: 'sender-frame',
    holds: ({ sender }) => sender.tabId !== undefined,
  },
  {
    name: 'top frame, or one that the directory allows',
    refusal: 'sender-frame',
    holds: ({ sender: { frameId, origin, topOrigin }, there }) =>
      frameId === 0 ||
      (frameId !== undefined && topOrigin === origin && there.every(({ frames }) => frames === true)),
  },
  {
    name: 'a document',
    refusal: 'sender-document',
    holds: ({ sender }) => sender.documentId !== undefined,
  },
  {
    name: 'one institution on the origin',
    refusal: 'institution-unknown',
    holds: ({ institution }) => institution !== undefined,
  },
];

/** The first conditions of every code. */
const CODE_CONDITIONS: Conditions<CodeCase> = [
  ...SENDER_CONDITIONS,
  {
    name: 'a screen of the family',
    refusal: 'screen-unknown',
    holds: ({ rule }) => rule !== undefined,
  },
  {
    name: 'an unlocked vault',
    refusal: 'locked',
    holds: ({ locked }) => !locked,
  },
  {
    name: 'a token',
    refusal: 'no-token',
    holds: ({ own }) => own.length > 0,
  },
];

/** One token that is meant, and that may act by itself. */
const CHOICE_CONDITIONS: Conditions<TokenCase> = [
  {
    name: 'a service that has said which tokens are registered',
    refusal: 'unheard',
    holds: ({ unheard }) => unheard.length === 0,
  },
  {
    name: 'one token, or a chosen one',
    refusal: 'several-tokens',
    holds: ({ used }) => used.length > 0,
  },
  {
    name: 'automatic, or asked by the customer',
    refusal: 'on-request',
    holds: ({ askedByCustomer, used, onRequest }) =>
      askedByCustomer || !used.some(({ id }) => onRequest.includes(id)),
  },
];

/** The time, and a token that is in use by then. */
const TIME_CONDITIONS: Conditions<TokenCase> = [
  {
    name: 'a sane clock',
    refusal: 'clock',
    holds: ({ timeMs }) => timeMs !== undefined,
  },
  {
    name: 'a token not expired',
    refusal: 'token-expired',
    holds: ({ used, timeMs }) => timeMs !== undefined && used.every(({ expiresAt }) => timeMs < expiresAt),
  },
  {
    name: 'a token of which codes are taken',
    refusal: 'token-over',
    holds: ({ used }) => !used.some(({ status }) => isOver(status)),
  },
];

/** In this order: the sender, the screen, the token, the field, and the time. */
export const PASSWORD_CONDITIONS: Conditions<PasswordCase> = [
  ...CODE_CONDITIONS,
  {
    name: 'an institution that takes codes here',
    refusal: 'signature-only',
    holds: ({ rule, institution }) => !rule?.signs || waysOf(institution).includes('code'),
  },
  {
    name: 'an institution that prefers codes here, or asked by the customer',
    refusal: 'signature-first',
    holds: ({ askedByCustomer, rule, institution }) =>
      askedByCustomer || !rule?.signs || waysOf(institution)[0] === 'code',
  },
  ...CHOICE_CONDITIONS,
  {
    name: 'a form that says how it sends, or asked by the customer',
    refusal: 'form-method',
    holds: ({ askedByCustomer, request }) => askedByCustomer || request.askFirst === undefined,
  },
  {
    name: 'not filled on this screen before, or asked by the customer',
    refusal: 'already-filled',
    holds: ({ askedByCustomer, request, filledScreens }) =>
      askedByCustomer || !filledScreens.includes(request.screen),
  },
  {
    name: 'room in each field',
    refusal: 'field-changed',
    holds: ({ request, token, beside }) =>
      hasRoomFor({ gives: 'code', ...(token && { token }) }, request) &&
      beside.every((value, at) => hasRoomFor(value, request.beside?.[at])),
  },
  ...TIME_CONDITIONS,
];

/** Conditions for asking the service which challenges wait. */
export const SIGNER_CONDITIONS: Conditions<TokenCase> = [
  ...CODE_CONDITIONS,
  {
    name: 'the top frame',
    refusal: 'sender-frame',
    holds: ({ sender }) => sender.frameId === 0,
  },
  {
    name: 'an institution that takes signatures here',
    refusal: 'code-only',
    holds: ({ rule, institution }) => rule?.signs !== undefined && waysOf(institution).includes('signed'),
  },
  ...CHOICE_CONDITIONS,
  {
    name: 'a token that makes its codes on this device',
    refusal: 'signs-elsewhere',
    holds: ({ used }) => used.every(({ decider }) => decider === undefined),
  },
  ...TIME_CONDITIONS,
];

/** Conditions for the signature itself. */
export const SIGN_CONDITIONS: Conditions<SignCase> = [
  ...SIGNER_CONDITIONS,
  {
    name: 'a challenge of this token, for what the screen does',
    refusal: 'challenge-unknown',
    holds: ({ challenge, waiting, rule, token }) =>
      waiting.some(
        ({ id, tokenId, use }) => id === challenge && tokenId === token?.id && use === rule?.signs,
      ),
  },
  {
    name: 'the same document, still shown at its origin',
    refusal: 'page-left',
    holds: ({ sender, shownAt }) => shownAt !== undefined && shownAt === sender.origin,
  },
];

/** Conditions for the code of a confirmed transaction, in the same order. */
export const CONFIRMATION_CONDITIONS: Conditions<ConfirmationCase> = [
  ...CODE_CONDITIONS,
  {
    name: 'room in the field',
    refusal: 'field-changed',
    holds: ({ request }) => hasRoom(request, CONFIRMATION_DIGITS),
  },
  {
    name: 'confirmed, under the number shown',
    refusal: 'confirmation-missing',
    holds: ({ numbered }) => numbered.length > 0,
  },
  {
    name: 'the transaction shown, of the type that the screen is for',
    refusal: 'confirmation-differs',
    holds: ({ fitting }) => fitting.length > 0,
  },
  {
    name: 'one confirmation',
    refusal: 'several-tokens',
    holds: ({ fitting }) => fitting.length === 1,
  },
  {
    name: 'automatic, or asked by the customer',
    refusal: 'on-request',
    holds: ({ askedByCustomer, fitting, onRequest }) =>
      askedByCustomer || !fitting.some(({ tokenId }) => onRequest.includes(tokenId)),
  },
  {
    name: 'a form that says how it sends, or asked by the customer',
    refusal: 'form-method',
    holds: ({ askedByCustomer, request }) => askedByCustomer || request.askFirst === undefined,
  },
];

/** The refusal of the first condition that does not hold. */
export const firstRefusal = <Case>(conditions: Conditions<Case>, of: Case): FillRefusal | undefined =>
  conditions.find((condition) => !condition.holds(of))?.refusal;

export function senderCase(asking: Asking): SenderCase {
  const { sender, institutions, page } = asking;
  const there = institutions.filter(({ pageOrigins }) =>
    pageOrigins.some((origin) => origin === sender.origin),
  );
  const banner = bannerOf(page.screen, page.text ?? '');
  return { ...asking, there, institution: institutionShown(there, banner) };
}

/** What is known of the tokens that a screen for passwords asks. */
export function tokenCase<Input extends TokenInput>(input: Input): TokenCase & Input {
  const sender = senderCase(askingOf(input));
  const rule = ruleOf('password', sender, input.request);
  const timeMs = input.offsetMs === undefined ? undefined : input.deviceMs + input.offsetMs;
  const now = timeMs ?? input.deviceMs;
  const own = ownTokens(sender, input.tokens);
  const registered = inUse(own, now);
  const made = own.filter(({ bindBy, status }) => bindBy !== undefined && !isOver(status));
  const waiting = made.filter((token) => mayRegister(token, now));
  const isUnheard = ({ id }: TokenSummary) => !input.unbound.includes(id);
  const meant = (some: readonly TokenSummary[]) =>
    some.length > 1 ? some.find(({ id }) => id === input.selected) : some[0];
  const asksForNew = rule?.token === 'unregistered';
  const takesNew = asksForNew || rule?.beside[0] !== undefined;
  // Where none is known to be in use, one that was made may be.
  const unheard = (takesNew ? waiting : registered.length > 0 ? [] : made).filter(isUnheard);
  const unregistered = takesNew ? meant(waiting) : undefined;
  const token = asksForNew ? unregistered : meant(registered);
  return {
    ...input,
    ...sender,
    rule,
    own: [...(asksForNew ? [] : registered), ...(takesNew ? waiting : unheard)],
    token,
    unregistered,
    used: [...new Set([token, unregistered])].flatMap((one) => one ?? []),
    unheard,
    timeMs,
  };
}

export function passwordCase(input: GateInput): PasswordCase {
  const known = tokenCase(input);
  const { rule, unregistered } = known;
  const beside = (rule?.beside ?? []).map(({ gives }) => ({
    gives,
    ...(unregistered && { token: unregistered }),
  }));
  return { ...known, beside };
}

export function confirmationCase(input: ConfirmationGateInput): ConfirmationCase {
  const sender = senderCase(askingOf(input));
  const shown = readShown(input.request.text ?? '');
  const numbered = input.confirmations.filter(
    (one) => isNumbered(one, shown, sender.institution?.key) && isReady(one, input.tokens),
  );
  const rule = ruleOf('confirmation', sender, input.request);
  return {
    ...input,
    ...sender,
    rule,
    own: ownTokens(sender, input.tokens),
    numbered,
    fitting: numbered.filter(
      ({ details: { transaction } }) =>
        transaction.type === rule?.of && differences(transaction, shown).length === 0,
    ),
  };
}

const askingOf = ({ sender, ownExtensionId, institutions, request }: TokenInput | ConfirmationGateInput) => ({
  sender,
  ownExtensionId,
  institutions,
  page: request,
});

const ownTokens = ({ institution }: SenderCase, tokens: readonly TokenSummary[]) =>
  tokens.filter((token) => token.institution === institution?.key);

/**
 * The registered tokens of which codes are taken, as far as is known. One that was exchanged, stopped or has expired is meant
 * only where there is no other: then its refusal is what the customer has to know.
 */
function inUse(tokens: readonly TokenSummary[], timeMs: number): readonly TokenSummary[] {
  const registered = tokens.filter(({ bindBy }) => bindBy === undefined);
  const taken = registered.filter(
    ({ status, expiresAt }) => timeMs < expiresAt && (status === undefined || TAKEN.includes(status)),
  );
  return taken.length > 0 ? taken : registered;
}

const waysOf = (institution: PinnedInstitution | undefined) => loginWaysOf(institution ?? {});

/** Statuses in which a code leads on: at 利用開始, and from then on. */
const TAKEN: readonly TokenStatus[] = ['enrolled', 'active'];

const ruleOf = (
  asks: ScreenRule['asks'],
  { institution }: SenderCase,
  { screen }: Pick<FillRequest, 'screen'>,
) => screenAsking(asks, screen, institution ? screensOf(institution) : []);

const isNumbered = (
  { details, mode }: PendingConfirmation,
  shown: ShownTransaction,
  institution: string | undefined,
) => details.institution === institution && details.number === shown.number && mode === 'code';

/** Confirmed, or one that the device which makes its code confirms as it does. */
const isReady = ({ tokenId, status }: PendingConfirmation, tokens: readonly TokenSummary[]) =>
  status === 'confirmed' || tokens.some(({ id, decider }) => id === tokenId && decider !== undefined);

/** Whether a token's code or シリアル番号 fits. A field that is left alone needs no room. */
function hasRoomFor({ gives, token }: Beside, room: FieldRoom | undefined): boolean {
  if (token === undefined) return true;
  const length = gives === 'serial' ? token.serial.length : token.parameters.digits;
  return room !== undefined && hasRoom(room, length);
}

/** Into one field with room for it, or boxes that take all its digits together. */
const hasRoom = ({ maxLength, boxes }: FieldRoom, length: number) =>
  boxes === undefined ? maxLength === -1 || maxLength >= length : boxes === length;
