import type { RecoveryGuide } from '../institution/guide.ts';
import type { VaultFailure } from './errors.ts';
import type { Wiped } from './lock.ts';

/** What is remembered of tokens that are gone, for showing the way back. */
export interface Traces {
  readonly wiped: Wiped | undefined;
  /** Keys of the institutions there were tokens of. */
  readonly remembered: readonly string[];
  readonly guides: readonly RecoveryGuide[];
}

/**
 * Whether the browser forgets everything when it closes. no: data stays · window: this window is private · always: the browser
 * is set to keep nothing · either: one of the two · unknown: this browser does not tell
 */
export type PrivateBrowsing = 'no' | 'window' | 'always' | 'either' | 'unknown';

/** What the customer has to know before they set up a token here. */
export interface StorageProspect {
  readonly browsing: PrivateBrowsing;
  /** Why this browser stored nothing in a trial. */
  readonly failure: VaultFailure | undefined;
  /** Whether the browser clears pages that are not visited. A page on the Home Screen is not cleared and has its own storage. */
  readonly homeScreenFirst: boolean;
}

/** How the browser treats stored data. Nothing rejects. */
export interface StorageKeeper {
  /** Asks the browser to keep the data; the browser may ask the customer. @returns whether it agreed */
  ask(): Promise<boolean>;
  /** Whether the browser keeps the data, or may clear it when space is short. */
  isKept(): Promise<boolean>;
  /** Tries whether keys can be stored and read again, and whether the browser will keep them. */
  prospect(): Promise<StorageProspect>;
}

/** What this browser remembers of its tokens outside the vault, to notice that the vault was lost. Not secret. */
export interface Reminder {
  /** Keys of the institutions there were tokens of. */
  remembered(): readonly string[];
  remember(institutions: readonly string[]): void;
}
