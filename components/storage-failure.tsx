import type { VaultFailure } from '../core/vault/errors.ts';
import { Notice } from './notice.tsx';
import { type TextKey, useText } from './text.ts';

const SENTENCES: Record<VaultFailure, TextKey> = {
  unavailable: 'storageUnavailable',
  full: 'storageFull',
  corrupt: 'storageCorrupt',
  missing: 'storageCorrupt',
  locked: 'lockedTitle',
};

interface StorageFailureProps {
  readonly failure: VaultFailure;
  readonly onRetry: () => void;
  readonly onHelp?: () => void;
}

/** The device's storage failed: said plainly, with a way on, in place of a blank screen. */
export function StorageFailure({ failure, onRetry, onHelp }: StorageFailureProps) {
  const text = useText();
  return (
    <section class="card">
      <Notice tone="danger" title={text('storageTitle')} role="alert">
        <p>{text(SENTENCES[failure])}</p>
      </Notice>
      <button type="button" class="button primary wide" onClick={onRetry}>
        {text('retry')}
      </button>
      {onHelp && (
        <button type="button" class="button wide" onClick={onHelp}>
          {text('helpOpen')}
        </button>
      )}
    </section>
  );
}
