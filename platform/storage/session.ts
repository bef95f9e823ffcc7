import type { AutoLock, Use } from '../../core/vault/lock.ts';
import type { VaultOpener } from './keyring.ts';

/** The unlocked vault. Its secret is only in memory. */
export interface VaultSession {
  /** Undefined while it is locked. */
  open(): Promise<VaultOpener | undefined>;
}

/** The unlocked vault, for code that unlocks and locks. */
export interface SessionKeeper extends VaultSession {
  keep(opener: VaultOpener, autoLock: AutoLock): Promise<void>;
  /** Stores the latest use of the token, or a new time to lock, unless it has been unused for too long already. */
  use(change: Partial<Use>): Promise<void>;
  forget(): Promise<void>;
  /** Calls back when the vault was unlocked or locked. */
  watch(changed: () => void): void;
}

/** The default session, which cannot unlock anything. */
let current: VaultSession = { open: async () => undefined };

/** Sets this context's session. Each entrypoint calls it once before anything is read. */
export function useVaultSession(session: VaultSession): void {
  current = session;
}

export const vaultSession = (): VaultSession => current;
