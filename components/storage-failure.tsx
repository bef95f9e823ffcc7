import type { VaultFailure } from '../core/vault/errors.ts';
import { Notice } from './notice.tsx';
import { type TextKey, useText } from './text.ts';

const SENTENCES: Record<VaultFailure, TextKey> = {
  unavailable: 'storageUnavailable',
  full: 'storageFull',
  corrupt: 'storageCorrupt',
  missing: 'storageCorrupt',
};

interface StorageFailureProps {
  readonly failure: VaultFailure;
  readonly onRetry: () => void;
}

/** The device's storage failed: said plainly, with a way on, in place of a blank screen. */
export function StorageFailure({ failure, onRetry }: StorageFailureProps) {
  const text = useText();
  return (
    <section class="card">
      <Notice tone="danger" title={text('storageTitle')} role="alert">
        <p>{text(SENTENCES[failure])}</p>
      </Notice>
      <button type="button" class="button primary wide" onClick={onRetry}>
        {text('retry')}
      </button>
    </section>
  );
}

/** Holds the place of the code; drawn only where reading takes long enough to be noticed. */
export function Loading() {
  const text = useText();
  return (
    <section class="card token loading" aria-busy="true">
      <p class="visually-hidden">{text('loading')}</p>
      <span class="bone bone-name" />
      <span class="bone bone-code" />
      <span class="bone bone-button" />
    </section>
  );
}
