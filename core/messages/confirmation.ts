import { fillRefusalSchema } from './fill.ts';
import { either, list, maybe, number, object, oneOf, record, type Shaped, text } from './shape.ts';

const id = text(64);
const canonical = text(4096);
const fieldOutcome = oneOf('same', 'different', 'unread');

/** Extension page → background: what waits for the customer, asked of the services now. */
export const confirmationsRequestSchema = object({ type: oneOf('confirmations.latest') });

/** A confirmation on its way to the screen. `details` is the signed canonical text; times are Unix milliseconds. */
export const pendingConfirmationSchema = object({
  tokenId: text(),
  details: text(),
  mode: oneOf('approve', 'code'),
  status: oneOf('waiting', 'confirmed'),
  /** Until when it can be used, once it is confirmed. */
  useBy: maybe(number),
  /** How the bank's page shows what the signed details have; missing where no page is known to show it. */
  onPage: maybe(record(fieldOutcome)),
});

/** A token whose place one on another device took. `at` is Unix milliseconds. */
const replacedTokenSchema = object({
  tokenId: text(),
  at: number,
  form: oneOf('extension', 'companion', 'other'),
  device: text(),
});

/** How a token stands at its service. */
const standing = object({
  tokenId: text(),
  status: oneOf('issued', 'enrolled', 'active', 'locked', 'suspended', 'released', 'void'),
  expiresAt: number,
});

/**
 * `failed`: institutions whose service could not be asked · `unsupported`: those that ask about a type of transaction that
 * is not known here · `concealed`: how many wait, as far as is known while the vault
 * is locked, when nothing is asked and nothing else is said of them
 */
export const latestConfirmationsSchema = object({
  confirmations: list(pendingConfirmationSchema),
  failed: list(text()),
  unsupported: maybe(list(text())),
  replaced: maybe(list(replacedTokenSchema)),
  standings: maybe(list(standing)),
  concealed: maybe(number),
});

/** Extension page → background: the customer's decision on exactly the text that was drawn. */
export const decideRequestSchema = object({
  type: oneOf('confirmation.decide'),
  tokenId: id,
  decision: oneOf('confirmed', 'rejected', 'not-me'),
  details: canonical,
});

/**
 * gone: expired, cancelled or decided otherwise in the meantime · unreachable: no answer, it can be tried again ·
 * untrusted: the answer was not signed by the institution's service · clock · vault · locked
 */
export const decideReplySchema = either(
  object({ kind: oneOf('decided'), useBy: maybe(number) }),
  object({
    kind: oneOf('refused'),
    reason: oneOf('gone', 'unreachable', 'untrusted', 'clock', 'vault', 'locked'),
  }),
);

/** Extension page → background: the code of a confirmation that was confirmed. Answered with {@link codeReplySchema}. */
export const codeRequestSchema = object({
  type: oneOf('confirmation.code'),
  tokenId: id,
  details: canonical,
});

export const codeReplySchema = object({ code: text() });

/** Extension page → background: requests whose answers are server-sent events, one for each service. */
export const watchRequestSchema = object({ type: oneOf('confirmations.watch') });

export const watchReplySchema = object({
  streams: list(object({ url: text(), body: text() })),
});

/** Background → extension pages: ask again. */
export const confirmationsChangedSchema = object({ type: oneOf('confirmations.changed') });

/** Content script → background: the bank shows a transfer that waits for its confirmation. */
export const transferSeenSchema = object({
  type: oneOf('transfer.seen'),
  screen: text(20),
  /** The page's visible text, cut. */
  text: text(8000),
});

/** Whether a confirmation was found for it; a refusal as for a code. */
export const transferSeenReplySchema = either(
  object({ kind: oneOf('expected'), count: number }),
  object({ kind: oneOf('refused'), reason: fillRefusalSchema }),
);

export type PendingMessage = Shaped<typeof pendingConfirmationSchema>;
export type LatestMessage = Shaped<typeof latestConfirmationsSchema>;
export type TransferSeen = Shaped<typeof transferSeenSchema>;
export type TransferSeenReply = Shaped<typeof transferSeenReplySchema>;
