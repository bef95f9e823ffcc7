import { useCallback, useEffect, useState } from 'preact/hooks';
import { VaultError, type VaultFailure } from '../../core/vault/errors.ts';
import type { Lock, LockState } from '../../core/vault/lock.ts';

type Known =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly state: LockState }
  | { readonly kind: 'failed'; readonly failure: VaultFailure };

/** The state of the lock, and a function that reads it again. */
export function useLockState(lock: Lock) {
  const [known, setKnown] = useState<Known>({ kind: 'loading' });
  const reread = useCallback(async () => {
    setKnown(
      await lock.state().then(
        (state) => ({ kind: 'known', state }),
        (error: unknown) => ({
          kind: 'failed',
          failure: error instanceof VaultError ? error.failure : 'broken',
        }),
      ),
    );
  }, [lock]);
  useEffect(() => {
    void reread();
  }, [reread]);
  return { known, reread };
}
