import type { FillRefusal } from './fill.ts';
import { either, list, maybe, number, object, oneOf, record, type Shaped, text } from './shape.ts';

const id = text(64);
const canonical = text(4096);
const decisionRefusal = oneOf(
  'gone',
  'unreachable',
  'untrusted',
  'clock',
  'origin-required',
  'vault',
  'locked',
);
const fieldOutcome = oneOf('same', 'different', 'unread');

/** Extension page → background: asks the services now what waits for the customer. */
export const confirmationsRequestSchema = object({ type: oneOf('confirmations.latest') });

/** A confirmation for the screen. `details` is the signed canonical text; times are Unix milliseconds. */
const pendingConfirmationSchema = object({
  tokenId: text(),
  details: text(),
  mode: oneOf('approve', 'code'),
  status: oneOf('waiting', 'confirmed'),
  /** Until when it can be used, once it is confirmed. */
  useBy: maybe(number),
  /** How the bank's page compares with the signed details; missing if no page is known to show the transaction. */
  onPage: maybe(record(fieldOutcome)),
});

/** A token that one on another device has replaced. `at` is Unix milliseconds. */
const replacedTokenSchema = object({
  tokenId: text(),
  at: number,
  form: oneOf('extension', 'companion', 'other'),
  device: text(),
});

/** The state of a token at its service. */
const standing = object({
  tokenId: text(),
  status: oneOf('issued', 'enrolled', 'active', 'locked', 'suspended', 'released', 'void'),
  expiresAt: number,
  activatedAt: maybe(number),
});

/** A login elsewhere that waits for a token's signature. Times are device time in milliseconds. */
const login = object({
  id: text(22),
  tokenId: text(),
  institution: text(),
  use: oneOf('verify', 'activate', 'release'),
  number: text(2),
  since: number,
  until: number,
});

/**
 * `failed`: institutions whose service could not be asked · `unsupported`: institutions that ask about an unknown type of
 * transaction · `concealed`: the known number of waiting confirmations while the vault is locked; then no service is asked, and
 * nothing else is told of them
 */
export const latestConfirmationsSchema = object({
  confirmations: list(pendingConfirmationSchema),
  failed: list(text()),
  unsupported: maybe(list(text())),
  replaced: maybe(list(replacedTokenSchema)),
  standings: maybe(list(standing)),
  logins: maybe(list(login)),
  concealed: maybe(number),
});

/** Extension page → background: the customer's decision on exactly the drawn text. */
export const decideRequestSchema = object({
  type: oneOf('confirmation.decide'),
  tokenId: id,
  decision: oneOf('confirmed', 'rejected', 'not-me'),
  details: canonical,
});

/**
 * gone: expired, cancelled or decided otherwise in the meantime · unreachable: no answer, try again · untrusted: the
 * institution's service did not sign the answer · origin-required: it wants its page seen with the transaction · clock · vault · locked
 */
export const decideReplySchema = either(
  object({ kind: oneOf('decided'), useBy: maybe(number) }),
  object({ kind: oneOf('refused'), reason: decisionRefusal }),
);

/** Extension page → background: 心当たりがない of a login elsewhere. */
export const notMeRequestSchema = object({ type: oneOf('login.not-me'), login });

/** The same reasons as of a decision. */
export const notMeReplySchema = either(
  object({ kind: oneOf('stopped') }),
  object({ kind: oneOf('refused'), reason: decisionRefusal }),
);

/** Extension page → background: asks for the code of a confirmed confirmation. Answered with {@link codeReplySchema}. */
export const codeRequestSchema = object({
  type: oneOf('confirmation.code'),
  tokenId: id,
  details: canonical,
});

export const codeReplySchema = either(
  object({ kind: oneOf('made'), code: text() }),
  object({ kind: oneOf('none', 'unreachable') }),
);

/** Extension page → background: asks for requests of server-sent events, one for each service. */
export const watchRequestSchema = object({ type: oneOf('confirmations.watch') });

export const watchReplySchema = object({
  streams: list(object({ url: text(), body: maybe(text()) })),
});

/** Background → extension pages: ask again. */
export const confirmationsChangedSchema = object({ type: oneOf('confirmations.changed') });

/** Content script → background: the bank shows a transfer that waits for its confirmation. */
export const transferSeenSchema = object({
  type: oneOf('transfer.seen'),
  screen: text(20),
  /** The page's visible text, cut off at the limit. */
  text: text(8000),
});

export type PendingMessage = Shaped<typeof pendingConfirmationSchema>;
export type LatestMessage = Shaped<typeof latestConfirmationsSchema>;
export type TransferSeen = Shaped<typeof transferSeenSchema>;

/** Whether a confirmation was found for it, or a refusal as for a code. */
export type TransferSeenReply =
  | { readonly kind: 'expected'; readonly count: number }
  | { readonly kind: 'refused'; readonly reason: FillRefusal };
