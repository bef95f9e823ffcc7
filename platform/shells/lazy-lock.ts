import type { Lock } from '../../core/vault/lock.ts';
import type { VaultSession } from '../storage/session.ts';

/** The lock, loaded when it is wanted: a popup without one draws its code and needs none of it. */
export const loadLock = async (): Promise<Lock> => (await import('./extension-lock.ts')).extensionLock;

/** The unlocked vault, loaded where there is a lock. */
export const lazySession: VaultSession = {
  open: async () => (await import('./extension-session.ts')).extensionSession.open(),
};
