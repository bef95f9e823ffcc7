/** What a page tells a worker that waits: that the customer wants its version now. */
export const TAKE_OVER = 'take-over';

/** What the worker tells its pages: that a notice was pressed, */
export const NOTICE_PRESSED = 'notice-pressed';
/** and that the subscription to Web Push is another one. */
export const SUBSCRIPTION_CHANGED = 'subscription-changed';
