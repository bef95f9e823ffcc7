/** What a page tells a worker that waits: that the customer wants its version now. */
export const TAKE_OVER = 'take-over';
