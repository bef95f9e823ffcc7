/**
 * unavailable: the browser gives no storage (private window, policy) · broken: it failed at storage that it has, for which
 * it is to be restarted · stuck: it does not answer · blocked: another page of an older version is in the way · newer:
 * what is kept is of a newer version · full: no room left · corrupt: what is kept cannot be opened · missing: no such
 * token · locked: the customer has to unlock it first
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

/** Storage on this device failed. */
export class VaultError extends Error {
  override name = 'VaultError';
  readonly failure: VaultFailure;

  constructor(failure: VaultFailure, cause?: unknown) {
    super(failure, { cause });
    this.failure = failure;
  }
}

/** Whether something failed because the customer has to unlock the vault first. */
export function isLockedError(error: unknown): boolean {
  return error instanceof VaultError && error.failure === 'locked';
}
