/**
 * Milliseconds that a test waits for what must happen: on two slow cores with another browser beside it a PIN's derivation alone can
 * take twenty seconds. Never used to wait for something that must not happen.
 */
export const PATIENCE_MS = 60_000;
