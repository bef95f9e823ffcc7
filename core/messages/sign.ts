import { fillRefusalSchema } from './fill.ts';
import { either, maybe, object, oneOf, type Shaped, text } from './shape.ts';

/** Content script → background: a recognised screen carries a challenge, and asks for no code. */
export const signRequestSchema = object({
  type: oneOf('sign.request'),
  /** Screen id from `core/autofill/screens.ts`. */
  screen: text(20),
  challenge: text(22),
  /** The page's visible text, down to its heading. */
  text: maybe(text(8000)),
});

/** Background → that frame only. Nothing of the signature goes to the page. */
export const signReplySchema = either(
  /** `number`: the two digits that the service has for it. */
  object({ kind: oneOf('signed'), number: text(2) }),
  object({ kind: oneOf('refused'), reason: fillRefusalSchema }),
);

export type SignRequest = Shaped<typeof signRequestSchema>;
export type SignReply = Shaped<typeof signReplySchema>;
