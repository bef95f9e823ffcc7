import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { VaultError, type VaultFailure } from '../../core/vault/errors.ts';
import type { Lock, LockState } from '../../core/vault/lock.ts';
import { Loading } from '../loading.tsx';
import { StorageFailure } from '../storage-failure.tsx';

interface LockCardProps {
  readonly lock: Lock;
  readonly title: string;
  /** What stands below the heading, once the state of the lock is known. */
  readonly children: (state: LockState, reread: () => Promise<void>) => ComponentChildren;
}

/** A screen about the lock. Its heading is there from the start, to name the page and take the focus. */
export function LockCard({ lock, title, children }: LockCardProps) {
  const { known, reread } = useLockState(lock);
  if (known.kind === 'failed') return <StorageFailure failure={known.failure} onRetry={reread} />;
  return (
    <section class="card">
      <h1 tabIndex={-1}>{title}</h1>
      {known.kind === 'loading' ? <Loading /> : children(known.state, reread)}
    </section>
  );
}

type Known =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly state: LockState }
  | { readonly kind: 'failed'; readonly failure: VaultFailure };

/** The state of the lock, and a function that reads it again. */
function useLockState(lock: Lock) {
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
