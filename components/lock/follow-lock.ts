import { useEffect } from 'preact/hooks';
import type { Lock } from '../../core/vault/lock.ts';
import type { TokenModel } from '../token-model.ts';
import { isLocked } from '../token-state.ts';

/**
 * Reads the vault again whenever any page locks or unlocks it.
 * @returns whether it is locked
 */
export function useLock(watch: Lock['watch'], model: TokenModel): boolean {
  const locked = isLocked(model.state.value);
  useEffect(() => {
    const stop = new AbortController();
    watch(() => void model.reload(), stop.signal);
    return () => stop.abort();
  }, [watch, model]);
  return locked;
}
