/** What the customer unlocks the token with. */
export type LockMethod = 'none' | 'passkey' | 'pin';

/** Wrong tries in a row after which the vault is wiped (NIST SP 800-63B-4 §3.2.10). */
export const MOST_TRIES = 10;

/** From this many wrong tries on, the customer is told how many are left. */
const TELL_FROM = 5;

/** begun: a try is about to be judged · opened: it was right */
export type TryEvent = 'begun' | 'opened';

/**
 * Counts tries. One is counted before it is judged, so that ending the page or the browser in between gains nothing.
 * @param tried tries counted since the last right one
 */
export function reduceTries(tried: number, event: TryEvent): number {
  return event === 'begun' ? Math.min(tried + 1, MOST_TRIES) : 0;
}

/** Whether one more may be judged; where not, the vault has to go: the last one's outcome was never written down. */
export function mayTry(tried: number): boolean {
  return tried < MOST_TRIES;
}

/** How many tries are left, once it is time to say so. */
export function triesToTell(tried: number): number | undefined {
  return tried >= TELL_FROM ? MOST_TRIES - tried : undefined;
}

/** Minutes without use after which the token locks itself; `browser` is only when the browser is closed. */
export const AUTO_LOCKS = [1, 5, 15, 60, 'browser'] as const;

export type AutoLock = (typeof AUTO_LOCKS)[number];

export const DEFAULT_AUTO_LOCK: AutoLock = 15;

export function isAutoLock(value: unknown): value is AutoLock {
  return AUTO_LOCKS.some((one) => one === value);
}

/** What the device says of its user. `locked` is a screen lock or screen saver. */
export type Presence = 'active' | 'idle' | 'locked';

/** When the token was unlocked, or its user was last seen at the device: device time in milliseconds. */
export interface Use {
  readonly seenAt: number;
  readonly autoLock: AutoLock;
}

const MINUTE_MS = 60_000;

/** How often presence is asked for, and so how much older than the truth {@link Use} can be. */
export const LOOK_EVERY_MINUTES = 1;

/**
 * Whether the time without use is over. Holds across a sleep of the device and a dead worker, in which nobody looked; a
 * clock set back counts as over, for otherwise it could keep the token open.
 */
export function isOver({ seenAt, autoLock }: Use, deviceMs: number): boolean {
  if (deviceMs < seenAt - MINUTE_MS) return true;
  return autoLock !== 'browser' && deviceMs - seenAt > (autoLock + LOOK_EVERY_MINUTES) * MINUTE_MS;
}

/** What to do on word of the device's user: lock, or remember that the user was there. */
export function onPresence(use: Use, presence: Presence, deviceMs: number): 'lock' | Use {
  if (presence === 'locked' || isOver(use, deviceMs)) return 'lock';
  if (presence === 'active') return { ...use, seenAt: deviceMs };
  return use.autoLock === 'browser' ? use : 'lock';
}

/** What the customer unlocks with, sets up, or shows before it is changed. A PIN is normalised. */
export type LockProof =
  | { readonly kind: 'none' }
  | { readonly kind: 'passkey' }
  | { readonly kind: 'pin'; readonly pin: string };

/**
 * ready: can be tried; whether the device's passkeys can open a vault (WebAuthn PRF) shows then · extension: this browser
 * has none on the pages of extensions · missing: this browser has none
 */
export type PasskeySupport = 'ready' | 'extension' | 'missing';

/** A vault wiped after too many wrong PINs. */
export interface Wiped {
  /** Device time in milliseconds. */
  readonly at: number;
  /** Keys of the institutions whose tokens are gone. */
  readonly institutions: readonly string[];
}

export interface LockState {
  readonly method: LockMethod;
  readonly locked: boolean;
  /** Wrong tries left, once it is time to say so. */
  readonly triesLeft: number | undefined;
  readonly autoLock: AutoLock;
  readonly passkeys: PasskeySupport;
  /** Until there is a token again. */
  readonly wiped: Wiped | undefined;
}

/**
 * wrong: it opens nothing · cancelled: the customer, or the browser, ended the passkey's prompt · unsupported: a new
 * passkey has no PRF · silent: the one that was set up gives nothing of its PRF here, and nothing else opens the vault ·
 * changed: another page changed the lock in the meantime · vault: this device's storage failed
 */
export type LockRefusal = 'wrong' | 'cancelled' | 'unsupported' | 'silent' | 'changed' | 'vault';

export type LockOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: LockRefusal; readonly triesLeft?: number }
  /** Too many wrong PINs: there is nothing left to open. */
  | { readonly kind: 'wiped' };

/** What guards the vault. */
export interface Lock {
  /** Rejects with `VaultError` where storage fails. */
  state(): Promise<LockState>;
  unlock(proof: LockProof): Promise<LockOutcome>;
  lock(): Promise<void>;
  /** Puts another method in the place of the one there is. It is unlocked afterwards. */
  change(current: LockProof, next: LockProof): Promise<LockOutcome>;
  setAutoLock(autoLock: AutoLock): Promise<void>;
  /** Calls back when it may have been unlocked or locked, here or on another page, until aborted. */
  watch(changed: () => void, signal: AbortSignal): void;
}
