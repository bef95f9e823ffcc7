import type { ConfirmationMode, DecisionKind } from './api/confirmation.ts';
import type { Institution, ReleaseWay } from './institution/directory.ts';
import type { FillRefusal, FillReport } from './messages/fill.ts';
import type { Comparison } from './transaction/comparison.ts';
import type { Details } from './transaction/details.ts';
import type { ClockOffset } from './vault/clock.ts';
import type { VaultFailure } from './vault/errors.ts';
import type { AutoLock, LockMethod } from './vault/lock.ts';
import type { TokenSummary } from './vault/token.ts';

/** What the domain and the views need from the world. `platform/` implements these, once per shell. */

/** Device time in Unix milliseconds. */
export type Clock = () => number;

/** Tokens kept on this device, for showing and choosing. Rejects with `VaultError` where storage fails. */
export interface TokenReader {
  /** All tokens, oldest first. */
  list(): Promise<TokenSummary[]>;
  /** The OTP key of a token: to sign with, not to read. */
  openKey(id: string): Promise<CryptoKey>;
  /** The token shown first and, where an institution has several, the one that fills. */
  selected(): Promise<string | undefined>;
  select(id: string): Promise<void>;
}

/** Tokens kept on this device, for managing as well. */
export interface TokenVault extends TokenReader {
  rename(id: string, suffix: string): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface EnrolInput {
  readonly serviceId: string;
  readonly userId: string;
  readonly activationPassword: string;
}

/**
 * unknown-service: no institution has that サービスID · refused: the service did not accept the three values ·
 * too-often: they, or others from here, were tried too often · unreachable: no answer · unavailable: the service is out of order · untrusted: the answer was not signed by the
 * institution's service · clock: the service did not accept the request's time or signature · storage: it could not be kept on this device
 */
export type EnrolRefusal =
  | 'unknown-service'
  | 'refused'
  | 'too-often'
  | 'unreachable'
  | 'unavailable'
  | 'untrusted'
  | 'clock'
  | 'storage';

export type EnrolOutcome =
  | { readonly kind: 'enrolled'; readonly token: TokenSummary }
  | { readonly kind: 'refused'; readonly reason: EnrolRefusal };

/** 初期設定. A lost answer is safe: the same input tried again continues where it broke off. */
export interface Enroller {
  enrol(input: EnrolInput, signal: AbortSignal): Promise<EnrolOutcome>;
}

export interface ClockKeeper {
  /** The last measurement against an institution's service. */
  offset(institution: string): Promise<ClockOffset | undefined>;
  /** Measures now; undefined where the service cannot be reached or its answer is not to be trusted. */
  measure(institution: string): Promise<ClockOffset | undefined>;
}

/** A transaction the customer is asked about, or has confirmed and that is not used yet. */
export interface PendingConfirmation {
  readonly tokenId: string;
  /** Parsed from {@link canonical}, and nothing else. */
  readonly details: Details;
  /** The signed text (RFC 8785): what is decided on, to the byte. */
  readonly canonical: string;
  readonly mode: ConfirmationMode;
  readonly status: 'waiting' | 'confirmed';
  /** Until when it can be used, once it is confirmed: Unix milliseconds. */
  readonly useBy: number | undefined;
  /** How the bank's page shows it; undefined where no page of this browser is known to be of it. */
  readonly onPage: Comparison | undefined;
}

/** `failed`: keys of institutions whose service could not be asked. */
export interface LatestConfirmations {
  readonly confirmations: readonly PendingConfirmation[];
  readonly failed: readonly string[];
  /** Keys of institutions that ask about a type of transaction that is not known here; missing where none does. */
  readonly unsupported?: readonly string[];
  /**
   * While the vault is locked nothing can be asked: how many wait as far as is known without a key, or `perhaps` where
   * something may. What they are about is not said.
   */
  readonly concealed?: number | 'perhaps';
}

/**
 * gone: expired, cancelled or decided otherwise in the meantime · unreachable: no answer; the same decision can be sent
 * again · untrusted: the answer was not signed by the institution's service · clock: the service did not accept the
 * request's time · vault: this device's storage failed · locked: the customer has to unlock the vault first
 */
export type DecisionRefusal = 'gone' | 'unreachable' | 'untrusted' | 'clock' | 'vault' | 'locked';

export type DecisionOutcome =
  | { readonly kind: 'decided'; readonly useBy: number | undefined }
  | { readonly kind: 'refused'; readonly reason: DecisionRefusal };

/** 取引認証. Nothing rejects. */
export interface Confirmations {
  /** What waits for the customer, asked of the services now. */
  latest(): Promise<LatestConfirmations>;
  /** Signs the decision over exactly the given text and sends it. A lost answer is safe: the same can be sent again. */
  decide(confirmation: PendingConfirmation, decision: DecisionKind): Promise<DecisionOutcome>;
  /** The code for a confirmed transfer; undefined in `approve` mode, before the confirmation, and after its time. */
  code(confirmation: PendingConfirmation): Promise<string | undefined>;
  /** Calls back whenever something may have changed, until aborted. */
  watch(changed: () => void, signal: AbortSignal): void;
}

/** A decision made on this device. */
export interface PastDecision {
  readonly tokenId: string;
  readonly decision: DecisionKind;
  readonly details: Details;
  /** Device time in milliseconds. */
  readonly decidedAt: number;
}

/** 取引認証の履歴: the decisions kept on this device, latest first. Rejects with `VaultError` where storage fails. */
export interface DecisionHistory {
  list(): Promise<readonly PastDecision[]>;
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

/**
 * What is known of the page in front of the customer: what its content script reports, or why there is none to report.
 * not-permitted: the permission for the bank's host, the token service's or both was taken away ·
 * not-injected: the page was open before the extension was, and the browser lets no script in
 */
export type PageState =
  | FillReport
  | { readonly kind: 'not-permitted'; readonly of: 'page' | 'service' | 'both' }
  | { readonly kind: 'not-injected' };

/** The bank page in the active tab, as the popup sees it. Only the extension has one. */
export interface BankPage {
  /** How it stands; undefined where the tab shows no page of an institution. */
  report(): Promise<PageState | undefined>;
  /** Asks for the code of the selected token to be filled there. */
  fill(): Promise<PageState | undefined>;
}

/** What the browser has for a customer whose page is not filled. */
export interface PageHelp {
  readonly access: HostAccess;
  /** Of the extension, and the browser's own account of itself. */
  readonly version: string;
  readonly browser: string;
  readonly shortcut: Shortcut;
  /** Loads the page in the active tab again. */
  reload(): Promise<void>;
}

/** The hosts that the extension may reach, which browsers let the customer take away. */
export interface HostAccess {
  /** Whether the token service's is missing. */
  lacksService(): Promise<boolean>;
  /** Asks the customer for all that are missing. To be called in the turn of a click. Whether they are allowed now. */
  request(): Promise<boolean>;
  /** Calls back when something was allowed or taken away, until aborted. */
  watch(changed: () => void, signal: AbortSignal): void;
}

/** The keys that fill the page in front of the customer. */
export interface Shortcut {
  /** As the browser writes them; undefined where none are set: another extension may have had them first. */
  keys(): Promise<string | undefined>;
  /** Opens the place where the browser sets them. */
  open(): Promise<void>;
}

/** Looks a text up in `_locales`; `$1`, `$2` … are replaced by the substitutions. */
export type Text<Key extends string> = (key: Key, ...substitutions: string[]) => string;

export type { FillRefusal, FillReport };

/** What the views show of an institution beside its name. */
export type InstitutionFace = Pick<Institution, 'nameEn' | 'accent' | 'contact'>;

/** Where the full page opens. */
export type TokenPlace = 'code' | 'settings' | 'add' | 'confirm' | 'help';

/** Everything the popup is given. */
export interface PopupShell {
  readonly vault: TokenReader;
  /** Resolves when storage that failed as `stuck` or `blocked` has answered after all. */
  storageRecovered(): Promise<void>;
  readonly clockKeeper: ClockKeeper;
  readonly confirmations: Confirmations;
  readonly watchLock: Lock['watch'];
  /** The rest of the lock; rejects where the browser cannot load it. */
  loadLock(): Promise<Lock>;
  readonly clock: Clock;
  readonly text: Text<string>;
  /** By key; undefined for one that is no longer in the directory. */
  institution(key: string): InstitutionFace | undefined;
  /** Puts text on the clipboard; rejects where the browser refuses. */
  copy(text: string): Promise<void>;
  openTokenPage(place: TokenPlace): Promise<void>;
  readonly bankPage: BankPage;
  /** Rejects where the browser cannot load it. */
  loadPageHelp(): Promise<PageHelp>;
  privateBrowsing(): Promise<PrivateBrowsing>;
  /** Rejects where the browser cannot load it, or storage fails. */
  loadTraces(): Promise<Traces>;
}

/** What is left of tokens that are gone, and where to turn. */
export interface Traces {
  readonly wiped: Wiped | undefined;
  /** Keys of the institutions there were tokens of. */
  readonly remembered: readonly string[];
  readonly guides: readonly RecoveryGuide[];
}

/** An institution's way back for a customer whose token is gone: what the directory says of it. */
export interface RecoveryGuide extends InstitutionFace {
  readonly key: string;
  readonly name: string;
  /** Days after 利用解除 before a token can be issued again; 1 is from the next day. */
  readonly reissueAfterDays: number;
  /** In the order to try. */
  readonly release: readonly ReleaseWay[];
  /** Of its internet bank, to open the self-service page at. */
  readonly origin: string;
}

/** automatic: recognised screens are filled by themselves · on-request: only when the customer asks */
export type FillMode = 'automatic' | 'on-request';

/** How each token fills. Rejects with `VaultError` where storage fails. */
export interface FillModes {
  of(tokenId: string): Promise<FillMode>;
  set(tokenId: string, mode: FillMode): Promise<void>;
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

/** Everything the full page is given, in the extension and in the companion alike. */
export interface Shell
  extends Omit<
    PopupShell,
    'openTokenPage' | 'bankPage' | 'loadLock' | 'loadPageHelp' | 'watchLock' | 'loadTraces'
  > {
  readonly lock: Lock;
  readonly vault: TokenVault;
  readonly enroller: Enroller;
  readonly history: DecisionHistory;
  /** Of every institution of the directory. */
  readonly guides: readonly RecoveryGuide[];
  readonly reminder: Reminder;
  readonly storage: StorageKeeper;
  /** Absent where nothing is filled. */
  readonly fillModes: FillModes | undefined;
  readonly shortcut: Shortcut | undefined;
  /** Absent where hosts need no permission. */
  readonly access: HostAccess | undefined;
  print(): void;
}
