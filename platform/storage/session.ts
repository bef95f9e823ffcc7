import type { AutoLock, Use } from '../../core/vault/lock.ts';
import type { VaultOpener } from './keyring.ts';

/** The vault while it is unlocked. Kept in memory only. */
export interface VaultSession {
  /** Undefined while it is locked. */
  open(): Promise<VaultOpener | undefined>;
}

/** The same for whoever unlocks and locks. */
export interface SessionKeeper extends VaultSession {
  keep(opener: VaultOpener, autoLock: AutoLock): Promise<void>;
  /** Takes up how the token was used, or another time to lock after. */
  use(change: Partial<Use>): Promise<void>;
  forget(): Promise<void>;
  /** Calls back when it was unlocked or locked, until aborted. */
  watch(changed: () => void, signal: AbortSignal): void;
}

/** Without one there is no way in. */
let current: VaultSession = { open: async () => undefined };

/** Names where this context finds the unlocked vault; each entry does this once, before anything is read. */
export function useVaultSession(session: VaultSession): void {
  current = session;
}

export const vaultSession = (): VaultSession => current;
