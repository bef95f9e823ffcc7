import * as v from 'valibot';

/**
 * Why nothing was filled. Each has a sentence in the popup.
 * sender-*: the browser's own account of the sender did not fit · several-tokens: the customer must choose ·
 * clock: the clock is off and could not be explained · confirmation-missing: the transfer on the page is not confirmed
 * yet · confirmation-differs: the page shows another payee or amount than was confirmed
 */
export const fillRefusals = [
  'sender-extension',
  'sender-frame',
  'sender-origin',
  'sender-document',
  'screen-unknown',
  'no-token',
  'several-tokens',
  'token-expired',
  'clock',
  'confirmation-missing',
  'confirmation-differs',
  'vault',
  'field-changed',
] as const;

export const fillRefusalSchema = v.picklist(fillRefusals);

/** Content script → background: a screen was recognised, its field is empty. */
export const fillRequestSchema = v.strictObject({
  type: v.literal('fill.request'),
  /** Screen id from `core/autofill/screens.ts`. */
  screen: v.pipe(v.string(), v.maxLength(20)),
  /** The field's maxlength; -1 where it has none. */
  maxLength: v.pipe(v.number(), v.integer()),
  /** The page's visible text, cut, where the screen shows a transfer. */
  text: v.optional(v.pipe(v.string(), v.maxLength(8000))),
});

/** Background → that frame only. `waitMs` is when the next code comes: this step's was filled already. */
export const fillReplySchema = v.union([
  v.strictObject({ kind: v.literal('code'), code: v.string() }),
  v.strictObject({ kind: v.literal('wait'), waitMs: v.number() }),
  v.strictObject({ kind: v.literal('refused'), reason: fillRefusalSchema }),
]);

/** Content script → background: how filling ended, for the badge. */
export const fillDoneSchema = v.strictObject({
  type: v.literal('fill.done'),
  screen: v.pipe(v.string(), v.maxLength(20)),
  outcome: v.picklist(['filled', 'field-changed']),
});

/** Popup → content script. `fill` tries again, `report` only asks. Answered with a {@link fillReportSchema}. */
export const pageRequestSchema = v.strictObject({
  type: v.picklist(['page.report', 'page.fill']),
});

/** What happened on a page, without any code. `at` is device time in milliseconds. */
export const fillReportSchema = v.union([
  v.object({
    kind: v.literal('unrecognised'),
    reason: v.picklist(['screen', 'heading', 'field', 'several-fields']),
  }),
  v.object({ kind: v.literal('asking'), screen: v.string() }),
  v.object({ kind: v.literal('filled'), screen: v.string(), at: v.number() }),
  v.object({ kind: v.literal('waiting'), screen: v.string(), until: v.number() }),
  v.object({ kind: v.literal('typed'), screen: v.string() }),
  v.object({ kind: v.literal('refused'), screen: v.string(), reason: fillRefusalSchema }),
]);

export type FillRefusal = v.InferOutput<typeof fillRefusalSchema>;
export type FillRequest = v.InferOutput<typeof fillRequestSchema>;
export type FillReply = v.InferOutput<typeof fillReplySchema>;
export type PageRequest = v.InferOutput<typeof pageRequestSchema>;
export type FillReport = v.InferOutput<typeof fillReportSchema>;
