import type { BankPage, FillModes, HostAccess, PageHelp, Shortcut } from './autofill/bank-page.ts';
import type { Clock } from './clock.ts';
import type { Installer } from './install.ts';
import type { InstitutionFace, Maker, RecoveryGuide } from './institution/guide.ts';
import type { Notices } from './notices.ts';
import type { PreferenceKeeper } from './preferences.ts';
import type { Approvals } from './transaction/approvals.ts';
import type { Confirmations } from './transaction/confirmations.ts';
import type { Updates } from './updates.ts';
import type { ClockKeeper } from './vault/clock.ts';
import type { DecisionHistory } from './vault/decisions.ts';
import type { Enroller } from './vault/enroller.ts';
import type { Lock } from './vault/lock.ts';
import type { DesktopPairer, PhonePairer } from './vault/pairing.ts';
import type { PrivateBrowsing, Reminder, StorageKeeper, Traces } from './vault/storage.ts';
import type { Suspender } from './vault/suspender.ts';
import type { TokenReader, TokenVault } from './vault/vault.ts';

/** Looks a text up in `_locales`; `$1`, `$2` … are replaced by the substitutions. */
export type Text<Key extends string> = (key: Key, ...substitutions: string[]) => string;

/** Where the full page opens. */
export type TokenPlace = 'code' | 'settings' | 'add' | 'pair' | 'confirm' | 'help' | 'install';

/** 連携 on a desktop. */
export interface DesktopPairing {
  readonly kind: 'desktop';
  readonly pairer: DesktopPairer;
  /** The token services, each by one of its institutions, with the names of all. */
  readonly services: readonly { readonly institution: string; readonly names: readonly string[] }[];
}

/** Pixels in RGBA, row by row. */
export interface ImageLike {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** 連携 on a phone. */
export interface PhonePairing {
  readonly kind: 'phone';
  readonly pairer: PhonePairer;
  /** Loads what reads the QR code in a picture, and throws where there is none. */
  loadReader(): Promise<(image: ImageLike) => string>;
}

/** Everything that the popup gets. */
export interface PopupShell {
  readonly vault: TokenReader;
  /** Resolves when storage that failed as `stuck` or `blocked` has answered after all. */
  storageRecovered(): Promise<void>;
  readonly clockKeeper: ClockKeeper;
  readonly confirmations: Confirmations;
  readonly watchLock: Lock['watch'];
  /** The rest of the lock; rejects if the browser cannot load it. */
  loadLock(): Promise<Lock>;
  readonly clock: Clock;
  readonly text: Text<string>;
  /** What is shown of an institution, by its key; undefined if it is no longer in the directory. */
  institution(key: string): InstitutionFace | undefined;
  /** Copies text to the clipboard; rejects if the browser refuses. */
  copy(text: string): Promise<void>;
  openTokenPage(place: TokenPlace): Promise<void>;
  readonly bankPage: BankPage;
  /** Rejects if the browser cannot load it. */
  loadPageHelp(): Promise<PageHelp>;
  privateBrowsing(): Promise<PrivateBrowsing>;
  /** Rejects if the browser cannot load it or storage fails. */
  loadTraces(): Promise<Traces>;
}

/** Everything that the full page gets, in the extension and in the companion. */
export interface Shell
  extends Omit<
    PopupShell,
    'openTokenPage' | 'bankPage' | 'loadLock' | 'loadPageHelp' | 'watchLock' | 'loadTraces'
  > {
  readonly lock: Lock;
  readonly vault: TokenVault;
  readonly enroller: Enroller;
  readonly suspender: Suspender;
  readonly pairing: DesktopPairing | PhonePairing;
  /** Absent in a shell that approves nothing. */
  readonly approvals: Approvals | undefined;
  readonly history: DecisionHistory;
  /** The institutions whose customers make their tokens themselves. */
  readonly makers: readonly Maker[];
  /** Of every institution of the directory. */
  readonly guides: readonly RecoveryGuide[];
  readonly reminder: Reminder;
  readonly storage: StorageKeeper;
  /** Absent in a shell that fills nothing. */
  readonly fillModes: FillModes | undefined;
  readonly shortcut: Shortcut | undefined;
  /** Absent in a shell that needs no permission for hosts. */
  readonly access: HostAccess | undefined;
  /** Absent in a shell whose pages are not shown by them. */
  readonly preferences: PreferenceKeeper | undefined;
  /** Absent in a shell that is told while it is closed by other ways, or not at all. */
  readonly notices: Notices | undefined;
  /** Absent in a shell that is installed by other ways. */
  readonly installer: Installer | undefined;
  /** Absent in a shell that the browser itself brings up to date. */
  readonly updates: Updates | undefined;
  print(): void;
}

/** The full page's shell, which can read the vault at once. */
export interface OpeningShell {
  readonly shell: Shell;
  /** Loads the texts that are not there from the start: no other part of the page is drawn before. Rejects if the browser cannot. */
  loadTexts(): Promise<void>;
}
