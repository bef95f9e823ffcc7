/**
 * unavailable: the browser gives no storage (private window, policy) · full: no room left ·
 * corrupt: what is kept cannot be opened · missing: no such token · locked: the customer has to unlock it first
 */
export type VaultFailure = 'unavailable' | 'full' | 'corrupt' | 'missing' | 'locked';

/** Storage on this device failed. */
export class VaultError extends Error {
  override name = 'VaultError';
  readonly failure: VaultFailure;

  constructor(failure: VaultFailure, cause?: unknown) {
    super(failure, { cause });
    this.failure = failure;
  }
}
