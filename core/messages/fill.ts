import { CHECKS } from '../autofill/checks.ts';
import { either, list, maybe, number, object, oneOf, type Shaped, text } from './shape.ts';

/**
 * Why nothing was filled. Each has a sentence in the popup.
 * sender-*: what the browser says about the sender did not fit · several-tokens: the customer must choose ·
 * locked: the customer has to unlock the token first ·
 * institution-unknown: the page does not name one of the origin's institutions, or names another ·
 * on-request: this token fills only when asked · already-filled: this screen was filled before ·
 * unheard: the service has not said whether a token that the customer made has been registered ·
 * token-over: the bank takes no code of this token any more ·
 * clock: the clock is wrong and could not be measured · confirmation-missing: the transfer on the page is not confirmed
 * yet · confirmation-differs: the page shows another payee or amount than was confirmed ·
 * form-method: the form names no method and is filled only when asked ·
 * signature-first: the institution prefers a signature here, so its codes are filled only when asked · signature-only: it takes no
 * code here · code-only: it takes no signature here · signs-elsewhere: another device makes this token's codes, and a signature
 * is given only where they are made · challenge-unknown: the service asks this token for no such signature, or no longer ·
 * page-left: the tab shows another document by now ·
 * sign-*: why the service has no signature: it was made for another document before; the service does not know the page's
 * origin; it was decided or ended otherwise; the service could not be reached, or did not sign its answer ·
 * approval-*: why the device that makes the token's codes sent none: it did not answer in time, its customer refused, said that
 * they ask for nothing (which stops the token), or called it off on this device; another page has asked since; too many were
 * asked; its service could not be reached, or does not know this device any more; what came was signed by nobody known
 */
export const fillRefusals = [
  'sender-extension',
  'sender-frame',
  'sender-origin',
  'sender-document',
  'institution-unknown',
  'screen-unknown',
  'locked',
  'no-token',
  'unheard',
  'several-tokens',
  'on-request',
  'form-method',
  'already-filled',
  'token-expired',
  'token-over',
  'clock',
  'confirmation-missing',
  'confirmation-differs',
  'vault',
  'field-changed',
  'signature-first',
  'signature-only',
  'code-only',
  'signs-elsewhere',
  'challenge-unknown',
  'page-left',
  'sign-repeated',
  'sign-foreign',
  'sign-gone',
  'sign-unreachable',
  'sign-untrusted',
  'approval-expired',
  'approval-refused',
  'approval-not-me',
  'approval-withdrawn',
  'approval-superseded',
  'approval-limited',
  'approval-unreachable',
  'approval-unpaired',
  'approval-untrusted',
] as const;

export const fillRefusalSchema = oneOf(...fillRefusals);

/** Content script → background: a page has our words, so it gets the reader, and the background may read ahead what a code needs. */
export const fillPrepareSchema = object({ type: oneOf('fill.prepare') });

/** How much a field takes. */
const fieldRoomSchema = object({
  /** The field's maxlength; -1 if it has none. */
  maxLength: number,
  /** Number of digits that the field's boxes take together; undefined for a single field. */
  boxes: maybe(number),
});

/** Content script → background: a screen was recognised and its fields are empty. */
export const fillRequestSchema = object({
  type: oneOf('fill.request'),
  /** Screen id from `core/autofill/screens.ts`. */
  screen: text(20),
  /** The field's maxlength; -1 if it has none. */
  maxLength: number,
  /** Number of digits that the field's boxes take together; undefined for a single field. */
  boxes: maybe(number),
  /** Of the fields beside it, in the rule's order. */
  beside: maybe(list(fieldRoomSchema)),
  /** Set if the form names no method, so that the field is filled only when the customer asks. */
  askFirst: maybe(oneOf('form-method')),
  /** The page's visible text: down to its heading, or more of it up to the limit if the screen shows a transfer. */
  text: maybe(text(8000)),
});

/** The number that both devices show of an approval, and until when it is waited for (device time in milliseconds). */
const approvalMembers = { number: text(2), until: number };

/**
 * Background → that frame only. `waitMs` is the time until the next code, if this step's was filled already. `approval`: another
 * device makes the code and has been asked; the frame asks again at once, and is answered when there is news or after a while.
 */
export const fillReplySchema = either(
  /** `beside`: of the other fields, in the rule's order. Empty for a field that is to be left alone. */
  object({ kind: oneOf('code'), code: text(), beside: maybe(list(text())) }),
  object({ kind: oneOf('wait'), waitMs: number }),
  object({ kind: oneOf('approval'), ...approvalMembers }),
  object({ kind: oneOf('refused'), reason: fillRefusalSchema }),
);

/** Content script → background: how filling ended, for the badge and the counts; with the page's text as it was asked. */
export const fillDoneSchema = object({
  type: oneOf('fill.done'),
  screen: text(20),
  outcome: oneOf('filled', 'field-changed'),
  text: maybe(text(8000)),
});

/** Content script → background: a screen was recognised, and a check goes on refusing its field. With the page's text, as above. */
export const fillCheckedSchema = object({
  type: oneOf('fill.checked'),
  screen: text(20),
  check: oneOf(...CHECKS),
  text: maybe(text(8000)),
});

/**
 * Content script → background: a screen's field is full already. Answered with the time at which it was filled in this document
 * (device time in milliseconds), or not at all if it was not.
 */
export const fillRecallSchema = object({ type: oneOf('fill.recall'), screen: text(20) });

/** Popup → background: the customer asks to fill the page in a tab. Answered with a {@link fillReportSchema}. */
export const fillWishSchema = object({ type: oneOf('fill.wish'), tabId: number });

/** Content script → background: the field is gone for which another device was asked. */
export const fillLeftSchema = object({ type: oneOf('fill.left') });

/** Popup → background: the customer calls off what another device was asked for a tab. */
export const approvalCancelSchema = object({ type: oneOf('approval.cancel'), tabId: number });

/** What happened on a page, without any code. `at` is device time in milliseconds. */
export const fillReportSchema = either(
  object({
    kind: oneOf('unrecognised'),
    reason: oneOf('screen', 'heading', 'field', 'several-fields'),
    /** The check that refused it, if any. */
    check: maybe(oneOf(...CHECKS)),
  }),
  object({ kind: oneOf('asking'), screen: text() }),
  /** `again`: the page emptied the field, and the same code was put back. */
  object({ kind: oneOf('filled'), screen: text(), at: number, again: maybe(oneOf('emptied')) }),
  object({ kind: oneOf('waiting'), screen: text(), until: number }),
  object({ kind: oneOf('approving'), screen: text(), ...approvalMembers }),
  object({ kind: oneOf('typed'), screen: text() }),
  object({ kind: oneOf('signing'), screen: text() }),
  /** `number`: the two digits that the page shows as well. */
  object({ kind: oneOf('signed'), screen: text(), number: text(2) }),
  object({ kind: oneOf('unsigned'), screen: text(), reason: fillRefusalSchema }),
  object({ kind: oneOf('refused'), screen: text(), reason: fillRefusalSchema }),
);

export type FillRefusal = Shaped<typeof fillRefusalSchema>;
export type FieldRoom = Shaped<typeof fieldRoomSchema>;
export type FillRequest = Shaped<typeof fillRequestSchema>;
export type FillReply = Shaped<typeof fillReplySchema>;
export type FillReport = Shaped<typeof fillReportSchema>;
