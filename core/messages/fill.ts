import { CHECKS } from '../autofill/checks.ts';
import { either, list, maybe, number, object, oneOf, type Shaped, text } from './shape.ts';

/**
 * Why nothing was filled. Each has a sentence in the popup.
 * sender-*: the browser's own account of the sender did not fit · several-tokens: the customer must choose ·
 * locked: the customer has to unlock the token first ·
 * institution-unknown: the page does not say which of the origin's institutions it is of, or names another ·
 * on-request: this token fills only when asked · already-filled: this screen was filled before ·
 * clock: the clock is off and could not be explained · confirmation-missing: the transfer on the page is not confirmed
 * yet · confirmation-differs: the page shows another payee or amount than was confirmed ·
 * form-method: the form names no method, and is filled only when asked
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
  'several-tokens',
  'on-request',
  'form-method',
  'already-filled',
  'token-expired',
  'clock',
  'confirmation-missing',
  'confirmation-differs',
  'vault',
  'field-changed',
] as const;

export const fillRefusalSchema = oneOf(...fillRefusals);

/** Content script → background: a page with our words is being read. What a code needs may be read meanwhile. */
export const fillPrepareSchema = object({ type: oneOf('fill.prepare') });

/** Content script → background: a screen was recognised, its field is empty. */
export const fillRequestSchema = object({
  type: oneOf('fill.request'),
  /** Screen id from `core/autofill/screens.ts`. */
  screen: text(20),
  /** The field's maxlength; -1 where it has none. */
  maxLength: number,
  /** How many digits the field's boxes take together; undefined where it is one field. */
  boxes: maybe(number),
  /** Said where the field is filled only when the customer asks: its form names no method. */
  askFirst: maybe(oneOf('form-method')),
  /** The page's visible text: its beginning, or all of it, cut, where the screen shows a transfer. */
  text: maybe(text(8000)),
});

/** Background → that frame only. `waitMs` is when the next code comes: this step's was filled already. */
export const fillReplySchema = either(
  /** `beside`: of the other fields, in the rule's order. Empty for a field that is to be left alone. */
  object({ kind: oneOf('code'), code: text(), beside: maybe(list(text())) }),
  object({ kind: oneOf('wait'), waitMs: number }),
  object({ kind: oneOf('refused'), reason: fillRefusalSchema }),
);

/** Content script → background: how filling ended, for the badge. */
export const fillDoneSchema = object({
  type: oneOf('fill.done'),
  screen: text(20),
  outcome: oneOf('filled', 'field-changed'),
});

/**
 * Content script → background: a screen's field is full already. Answered with when it was filled in this document
 * (device time in milliseconds), and not at all where it was not.
 */
export const fillRecallSchema = object({ type: oneOf('fill.recall'), screen: text(20) });

/** Popup → background: the customer wants the page in a tab filled. Answered with a {@link fillReportSchema}. */
export const fillWishSchema = object({ type: oneOf('fill.wish'), tabId: number });

/**
 * Popup or background → content script. `fill` looks again, `report` only tells. Answered with a
 * {@link fillReportSchema}. Neither says in the page who wants it: that the background keeps to itself.
 */
export const pageRequestSchema = object({ type: oneOf('page.report', 'page.fill') });

/** What happened on a page, without any code. `at` is device time in milliseconds. */
export const fillReportSchema = either(
  object({
    kind: oneOf('unrecognised'),
    reason: oneOf('screen', 'heading', 'field', 'several-fields'),
    /** Which check refused it, where one did. */
    check: maybe(oneOf(...CHECKS)),
  }),
  object({ kind: oneOf('asking'), screen: text() }),
  /** `again`: the page had emptied the field, and the same code was put back. */
  object({ kind: oneOf('filled'), screen: text(), at: number, again: maybe(oneOf('emptied')) }),
  object({ kind: oneOf('waiting'), screen: text(), until: number }),
  object({ kind: oneOf('typed'), screen: text() }),
  object({ kind: oneOf('refused'), screen: text(), reason: fillRefusalSchema }),
);

export type FillRefusal = Shaped<typeof fillRefusalSchema>;
export type FillRequest = Shaped<typeof fillRequestSchema>;
export type FillReply = Shaped<typeof fillReplySchema>;
export type PageRequest = Shaped<typeof pageRequestSchema>;
export type FillReport = Shaped<typeof fillReportSchema>;
