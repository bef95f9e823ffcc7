import type { VaultFailure } from '../core/vault/errors.ts';
import type { PrivateBrowsing } from '../core/vault/storage.ts';
import type { TextKey } from './text.ts';

interface FailureWords {
  readonly body: TextKey;
  /** Failures after which the data is still there and nothing must be set up again. */
  readonly isSafe: boolean;
}

/** The text for each failure of reading or writing the vault. */
export const STORAGE_TEXTS: Record<VaultFailure, FailureWords> = {
  unavailable: { body: 'storageUnavailable', isSafe: false },
  broken: { body: 'storageBroken', isSafe: true },
  stuck: { body: 'storageStuck', isSafe: true },
  blocked: { body: 'storageBlocked', isSafe: true },
  newer: { body: 'storageNewer', isSafe: true },
  full: { body: 'storageFull', isSafe: false },
  corrupt: { body: 'storageCorrupt', isSafe: false },
  missing: { body: 'storageCorrupt', isSafe: false },
  locked: { body: 'lockedTitle', isSafe: false },
};

/** Why a browser keeps nothing, and what to do, if known. */
export const BROWSING_TEXTS: Record<PrivateBrowsing, readonly TextKey[] | undefined> = {
  no: undefined,
  unknown: undefined,
  window: ['privateWindow'],
  always: ['privateAlways', 'privateAlwaysNext'],
  either: ['privateWindow', 'privateAlwaysElse'],
};
