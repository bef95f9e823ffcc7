/**
 * Milliseconds that a test waits for what must happen: on two cores with another browser beside it a PIN's derivation alone can take
 * ten seconds. Never used to wait for something that must not happen.
 */
export const PATIENCE_MS = 30_000;
