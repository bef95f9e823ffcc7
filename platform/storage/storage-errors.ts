import { VaultError, type VaultFailure } from '../../core/vault/errors.ts';

/**
 * Failures by the names of the browsers' errors (Indexed Database API 3.0 §3.2; Web Cryptography for opening what was read). Other
 * errors are problems of the browser itself, such as a file that it cannot open or a process that ended.
 */
const FAILURES: Readonly<Record<string, VaultFailure>> = {
  QuotaExceededError: 'full',
  VersionError: 'newer',
  SecurityError: 'unavailable',
  NotAllowedError: 'unavailable',
  // a key that this browser cannot store
  DataCloneError: 'unavailable',
  OperationError: 'corrupt',
  DataError: 'corrupt',
  NotReadableError: 'corrupt',
};

/** Turns an error of the browser's storage into a {@link VaultError}. */
export function asVaultError(cause: unknown): VaultError {
  if (cause instanceof VaultError) return cause;
  const name = cause instanceof Error ? cause.name : '';
  return new VaultError(FAILURES[name] ?? 'broken', cause);
}

/** Turns an error of opening the database into one. Some browsers have no database, or none in private windows. */
export function asOpeningError(cause: unknown): VaultError {
  const isMissing = !('indexedDB' in globalThis) || !globalThis.indexedDB;
  const isRefused = cause instanceof Error && cause.name === 'InvalidStateError';
  return isMissing || isRefused ? new VaultError('unavailable', cause) : asVaultError(cause);
}

/** Runs an act and turns errors of the browser's storage, and of opening sealed data, into {@link VaultError}. */
export async function guarded<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw asVaultError(cause);
  }
}
