/**
 * Milliseconds that a test waits for what must happen: on two cores with another browser beside it a PIN's derivation alone can take
 * ten seconds. Nothing waits so long for what must not.
 */
export const PATIENCE_MS = 30_000;
