import type { VaultFailure } from '../core/vault/errors.ts';
import type { PrivateBrowsing } from '../core/vault/storage.ts';
import type { TextKey } from './text.ts';

interface FailureWords {
  readonly body: TextKey;
  /** What is kept is still there, and nothing is to be set up anew. */
  readonly isSafe: boolean;
}

/** What to tell the customer where the vault cannot be read or written. */
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

/** Why a browser keeps nothing, and what to do, where that is known. */
export const BROWSING_TEXTS: Record<PrivateBrowsing, readonly TextKey[] | undefined> = {
  no: undefined,
  unknown: undefined,
  window: ['privateWindow'],
  always: ['privateAlways', 'privateAlwaysNext'],
  either: ['privateWindow', 'privateAlwaysElse'],
};
