import type { RecoveryGuide } from '../institution/guide.ts';
import type { VaultFailure } from './errors.ts';
import type { Wiped } from './lock.ts';

/** What is left of tokens that are gone, and where to turn. */
export interface Traces {
  readonly wiped: Wiped | undefined;
  /** Keys of the institutions there were tokens of. */
  readonly remembered: readonly string[];
  readonly guides: readonly RecoveryGuide[];
}

/**
 * no: what is kept stays · window: this window is a private one · always: every window is, for the browser is set to keep
 * nothing · either: one of the two · unknown: this browser does not let it be known
 */
export type PrivateBrowsing = 'no' | 'window' | 'always' | 'either' | 'unknown';

/** What is to be told before a token is set up here. */
export interface StorageProspect {
  readonly browsing: PrivateBrowsing;
  /** Why this browser kept nothing when it was tried. */
  readonly failure: VaultFailure | undefined;
  /** A browser that clears a page that is not visited, but not one on the Home Screen, which has storage of its own. */
  readonly homeScreenFirst: boolean;
}

/** What the browser does with what is kept. Nothing rejects. */
export interface StorageKeeper {
  /** Asks for it to be kept, which the browser may ask the customer in turn; whether it agreed. */
  ask(): Promise<boolean>;
  /** Whether it is kept as things stand, or may be cleared when room is short. */
  isKept(): Promise<boolean>;
  /** Tries whether keys are kept and can be read again, and asks whether they will be. */
  prospect(): Promise<StorageProspect>;
}

/** What this browser remembers of its tokens apart from the vault, to tell when the vault was lost. Nothing secret. */
export interface Reminder {
  /** Keys of the institutions there were tokens of. */
  remembered(): readonly string[];
  remember(institutions: readonly string[]): void;
}
