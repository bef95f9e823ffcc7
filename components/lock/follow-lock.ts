import { useEffect } from 'preact/hooks';
import type { Lock } from '../../core/ports.ts';
import type { Inbox } from '../confirm/inbox.ts';
import type { TokenModel } from '../token-model.ts';
import { isLocked } from '../token-state.ts';

/**
 * Has a page follow the lock, wherever it is turned: the vault is read again, and what waits is asked for again.
 * @returns whether it is locked
 */
export function useLock(watch: Lock['watch'], model: TokenModel, inbox: Inbox): boolean {
  const locked = isLocked(model.state.value);
  useEffect(() => {
    const stop = new AbortController();
    watch(() => void model.reload(), stop.signal);
    return () => stop.abort();
  }, [watch, model]);
  useEffect(() => {
    // before the first answer the page asks by itself
    if (inbox.state.peek().answer) void inbox.ask();
  }, [inbox, locked]);
  return locked;
}
