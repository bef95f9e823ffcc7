import type { Lock } from '../../core/vault/lock.ts';
import type { VaultSession } from '../storage/session.ts';

/** The lock, loaded when it is needed. A popup without a lock does not load it. */
export const loadLock = async (): Promise<Lock> => (await import('./extension-lock.ts')).extensionLock;

/** The unlocked vault, loaded if there is a lock. */
export const lazySession: VaultSession = {
  open: async () => (await import('./extension-session.ts')).extensionSession.open(),
};
