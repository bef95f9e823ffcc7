/** The ways to unlock the token. */
export type LockMethod = 'none' | 'passkey' | 'pin';

/** Wrong tries in a row after which the vault is wiped (NIST SP 800-63B-4 §3.2.10). */
export const MOST_TRIES = 10;

/** Number of wrong tries from which on the customer is told how many are left. */
const TELL_FROM = 5;

/** begun: a try is about to be judged · opened: the try was right */
export type TryEvent = 'begun' | 'opened';

/**
 * Counts tries. Each is counted before it is judged, so that nobody gains by ending the page or the browser in between.
 * @param tried tries counted since the last right one
 */
export function reduceTries(tried: number, event: TryEvent): number {
  return event === 'begun' ? Math.min(tried + 1, MOST_TRIES) : 0;
}

/** Whether one more try may be judged. If not, the vault is wiped, as the last try was never recorded as right. */
export function mayTry(tried: number): boolean {
  return tried < MOST_TRIES;
}

/** Number of tries left, once there are few; undefined before. */
export function triesToTell(tried: number): number | undefined {
  return tried >= TELL_FROM ? MOST_TRIES - tried : undefined;
}

/** Minutes without use after which the token locks itself; `browser` means only when the browser, or the page of the companion, closes. */
export const AUTO_LOCKS = [1, 5, 15, 60, 'browser'] as const;

export type AutoLock = (typeof AUTO_LOCKS)[number];

export const DEFAULT_AUTO_LOCK: AutoLock = 15;

export function isAutoLock(value: unknown): value is AutoLock {
  return AUTO_LOCKS.some((one) => one === value);
}

/**
 * Where use keeps the token unlocked. page: on its page alone, and it is locked when that is closed · device: anywhere on the
 * device · screen: the same, and it is locked with the device's screen
 */
export type UsePlace = 'page' | 'device' | 'screen';

/** The user's presence as the device reports it. `locked` is a screen lock or screen saver, of which Firefox does not tell. */
export type Presence = 'active' | 'idle' | 'locked';

/** Device time in milliseconds at which the token was unlocked or its user was last seen. */
export interface Use {
  readonly seenAt: number;
  readonly autoLock: AutoLock;
}

const MINUTE_MS = 60_000;

/** How often the presence is checked, and so how old {@link Use} may be. */
export const LOOK_EVERY_MINUTES = 1;

/**
 * Whether the token has been unused for too long. It also holds after a sleep of the device or the worker's end. A clock that
 * was set back counts as too long, as it could otherwise keep the token open.
 * @param oldMinutes how old `seenAt` may be: {@link LOOK_EVERY_MINUTES} where the presence is checked, 0 where each use is noted
 */
export function isOver({ seenAt, autoLock }: Use, deviceMs: number, oldMinutes: number): boolean {
  if (deviceMs < seenAt - MINUTE_MS) return true;
  return autoLock !== 'browser' && deviceMs - seenAt > (autoLock + oldMinutes) * MINUTE_MS;
}

/** Reacts to a report about the user's presence: locks the token, or remembers that the user was there. */
export function onPresence(use: Use, presence: Presence, deviceMs: number): 'lock' | Use {
  if (presence === 'locked' || isOver(use, deviceMs, LOOK_EVERY_MINUTES)) return 'lock';
  if (presence === 'active') return { ...use, seenAt: deviceMs };
  return use.autoLock === 'browser' ? use : 'lock';
}

/** What the customer gives to unlock, set up or change the lock. A PIN is normalised. */
export type LockProof =
  | { readonly kind: 'none' }
  | { readonly kind: 'passkey' }
  | { readonly kind: 'pin'; readonly pin: string };

/**
 * ready: can be tried; only that shows whether the device's passkeys can open a vault (WebAuthn PRF) · extension: this browser
 * has no passkeys on the pages of extensions · missing: this browser has no passkeys
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
  /** Tries left, once there are few. */
  readonly triesLeft: number | undefined;
  readonly autoLock: AutoLock;
  readonly usePlace: UsePlace;
  readonly passkeys: PasskeySupport;
  /** Present until there is a token again. */
  readonly wiped: Wiped | undefined;
}

/**
 * wrong: it does not open the vault · cancelled: the customer or the browser ended the passkey's prompt · unsupported: a new
 * passkey has no PRF · silent: the passkey of the lock returns no PRF output here, and nothing else opens the vault · changed:
 * another page changed the lock in the meantime · vault: this device's storage failed
 */
export type LockRefusal = 'wrong' | 'cancelled' | 'unsupported' | 'silent' | 'changed' | 'vault';

export type LockOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: LockRefusal; readonly triesLeft?: number }
  /** Too many wrong PINs: the vault was wiped. */
  | { readonly kind: 'wiped' };

/** The lock of the vault. */
export interface Lock {
  /** Rejects with `VaultError` if storage fails. */
  state(): Promise<LockState>;
  unlock(proof: LockProof): Promise<LockOutcome>;
  lock(): Promise<void>;
  /** Replaces the present method by another. The vault is unlocked afterwards. */
  change(current: LockProof, next: LockProof): Promise<LockOutcome>;
  setAutoLock(autoLock: AutoLock): Promise<void>;
  /** Calls back when the vault may have been unlocked or locked, here or on another page. */
  watch(changed: () => void): void;
}
