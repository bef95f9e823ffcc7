/**
 * unavailable: the browser offers no storage (private window, policy) · broken: the browser's storage failed, and a restart
 * may help · stuck: it does not answer · blocked: a page of an older version blocks it · newer: the data is from a newer
 * version · full: no space left · corrupt: the data cannot be opened · missing: no such token · locked: the customer has to
 * unlock the vault first
 */
export type VaultFailure =
  | 'unavailable'
  | 'broken'
  | 'stuck'
  | 'blocked'
  | 'newer'
  | 'full'
  | 'corrupt'
  | 'missing'
  | 'locked';

/** This device's storage failed. */
export class VaultError extends Error {
  override name = 'VaultError';
  readonly failure: VaultFailure;

  constructor(failure: VaultFailure, cause?: unknown) {
    super(failure, { cause });
    this.failure = failure;
  }
}

/** Whether an error means that the customer has to unlock the vault first. */
export function isLockedError(error: unknown): boolean {
  return error instanceof VaultError && error.failure === 'locked';
}
