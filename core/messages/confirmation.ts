import * as v from 'valibot';
import { fillRefusalSchema } from './fill.ts';

const id = v.pipe(v.string(), v.maxLength(64));
const canonical = v.pipe(v.string(), v.maxLength(4096));

/** Extension page → background: what waits for the customer, asked of the services now. */
export const confirmationsRequestSchema = v.strictObject({ type: v.literal('confirmations.latest') });

/** A confirmation on its way to the screen. `details` is the signed canonical text; times are Unix milliseconds. */
export const pendingConfirmationSchema = v.object({
  tokenId: v.string(),
  details: v.string(),
  mode: v.picklist(['approve', 'code']),
  status: v.picklist(['waiting', 'confirmed']),
  /** Until when it can be used, once it is confirmed. */
  useBy: v.optional(v.number()),
  /** What the bank's page shows otherwise than the signed details have it. */
  differs: v.array(v.picklist(['payee', 'amount'])),
});

/** `failed`: institutions whose service could not be asked. */
export const latestConfirmationsSchema = v.object({
  confirmations: v.array(pendingConfirmationSchema),
  failed: v.array(v.string()),
});

/** Extension page → background: the customer's decision on exactly the text that was drawn. */
export const decideRequestSchema = v.strictObject({
  type: v.literal('confirmation.decide'),
  tokenId: id,
  decision: v.picklist(['confirmed', 'rejected', 'not-me']),
  details: canonical,
});

/**
 * gone: expired, cancelled or decided otherwise in the meantime · unreachable: no answer, it can be tried again ·
 * untrusted: the answer was not signed by the institution's service · clock · vault
 */
export const decideReplySchema = v.union([
  v.object({ kind: v.literal('decided'), useBy: v.optional(v.number()) }),
  v.object({
    kind: v.literal('refused'),
    reason: v.picklist(['gone', 'unreachable', 'untrusted', 'clock', 'vault']),
  }),
]);

/** Extension page → background: the code of a confirmation that was confirmed. Answered with {@link codeReplySchema}. */
export const codeRequestSchema = v.strictObject({
  type: v.literal('confirmation.code'),
  tokenId: id,
  details: canonical,
});

export const codeReplySchema = v.object({ code: v.string() });

/** Extension page → background: requests whose answers are server-sent events, one for each service. */
export const watchRequestSchema = v.strictObject({ type: v.literal('confirmations.watch') });

export const watchReplySchema = v.object({
  streams: v.array(v.object({ url: v.string(), body: v.string() })),
});

/** Background → extension pages: ask again. */
export const confirmationsChangedSchema = v.strictObject({ type: v.literal('confirmations.changed') });

/** Content script → background: the bank shows a transfer that waits for its confirmation. */
export const transferSeenSchema = v.strictObject({
  type: v.literal('transfer.seen'),
  screen: v.pipe(v.string(), v.maxLength(20)),
  /** The page's visible text, cut. */
  text: v.pipe(v.string(), v.maxLength(8000)),
});

/** Whether a confirmation was found for it; a refusal as for a code. */
export const transferSeenReplySchema = v.union([
  v.strictObject({ kind: v.literal('expected'), count: v.number() }),
  v.strictObject({ kind: v.literal('refused'), reason: fillRefusalSchema }),
]);
