import type { Lock } from '../../core/vault/lock.ts';
import type { VaultSession } from '../storage/session.ts';

/** The lock, loaded when it is needed. A popup without a lock does not load it. */
export const loadLock = (): Promise<Lock> =>
  import('./extension-lock.ts').then((script) => script.extensionLock);

/** The unlocked vault, loaded if there is a lock. */
export const lazySession: VaultSession = {
  open: () => import('./extension-session.ts').then((script) => script.extensionSession.open()),
};
