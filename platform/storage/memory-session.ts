import type { Clock } from '../../core/clock.ts';
import { isAutoLock, isOver, type Use } from '../../core/vault/lock.ts';
import type { VaultOpener } from './keyring.ts';
import type { SessionKeeper } from './session.ts';

/**
 * The unlocked vault of one page. It is gone when the page is loaded again or closed, and when another page locks or wipes the
 * vault. Each page hears of a lock that another has set, as it may show what that lock protects, and of a new time to lock.
 */
export function createMemorySession(clock: Clock): SessionKeeper {
  let held: { readonly opener: VaultOpener; readonly use: Use } | undefined;
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const changed of watchers) changed();
  };
  const end = () => {
    if (held === undefined) return;
    held = undefined;
    tell();
  };
  const otherPages = new BroadcastChannel('vault session');
  otherPages.onmessage = ({ data }) => {
    if (data === 'forgotten') held = undefined;
    else if (isAutoLock(data)) apply({ autoLock: data });
    tell();
  };
  /** What is held still. */
  const look = () => {
    if (held && isOver(held.use, clock(), 0)) end();
    return held;
  };
  const apply = (change: Partial<Use>) => {
    const open = look();
    if (open) held = { ...open, use: { ...open.use, ...change } };
  };
  return {
    open: async () => look()?.opener,
    async keep(opener, autoLock) {
      held = { opener, use: { seenAt: clock(), autoLock } };
      tell();
      otherPages.postMessage('kept');
    },
    async use(change) {
      apply(change);
      if (change.autoLock !== undefined) otherPages.postMessage(change.autoLock);
    },
    async forget() {
      end();
      otherPages.postMessage('forgotten');
    },
    watch(changed) {
      watchers.add(changed);
    },
  };
}
