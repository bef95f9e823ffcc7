import { VaultError, type VaultFailure } from '../../core/vault/errors.ts';

/**
 * By the names of the browsers' errors (Indexed Database API 3.0 §3.2; Web Cryptography for what is opened afterwards).
 * The others are the browser's own trouble: a file that it cannot open, a process of its own that ended.
 */
const FAILURES: Readonly<Record<string, VaultFailure>> = {
  QuotaExceededError: 'full',
  VersionError: 'newer',
  SecurityError: 'unavailable',
  NotAllowedError: 'unavailable',
  // a key that no store of this browser takes
  DataCloneError: 'unavailable',
  OperationError: 'corrupt',
  DataError: 'corrupt',
  NotReadableError: 'corrupt',
};

/** Says what a failure of the browser's storage means to a customer. */
export function asVaultError(cause: unknown): VaultError {
  if (cause instanceof VaultError) return cause;
  const name = cause instanceof Error ? cause.name : '';
  return new VaultError(FAILURES[name] ?? 'broken', cause);
}

/** The same where the database cannot be opened: some browsers have none, or give none to a private window. */
export function asOpeningError(cause: unknown): VaultError {
  const isMissing = !('indexedDB' in globalThis) || !globalThis.indexedDB;
  const isRefused = cause instanceof Error && cause.name === 'InvalidStateError';
  return isMissing || isRefused ? new VaultError('unavailable', cause) : asVaultError(cause);
}

/** Turns errors of the browser's storage, and of what is opened with keys from it, into {@link VaultError}. */
export async function guarded<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw asVaultError(cause);
  }
}
