import { object, oneOf, text } from './shape.ts';

/** What a page tells a worker that waits: that the customer wants its version now. */
export const TAKE_OVER = 'take-over';

/** What the worker tells its pages: that a notice was pressed, and of which institution it was, */
export const noticePressedSchema = object({ type: oneOf('notice-pressed'), institution: text(40) });
/** or of none that is known, */
export const UNKNOWN_INSTITUTION = '';
/** and that the subscription to Web Push is another one. */
export const SUBSCRIPTION_CHANGED = 'subscription-changed';
