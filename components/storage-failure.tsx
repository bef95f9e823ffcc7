import { useEffect, useState } from 'preact/hooks';
import type { VaultFailure } from '../core/vault/errors.ts';
import type { PrivateBrowsing } from '../core/vault/storage.ts';
import { Notice } from './notice.tsx';
import { BROWSING_TEXTS, STORAGE_TEXTS } from './storage-words.ts';
import { useText } from './text.ts';

interface StorageFailureProps {
  readonly failure: VaultFailure;
  readonly onRetry: () => Promise<void>;
  readonly onHelp?: () => void;
  readonly privateBrowsing?: () => Promise<PrivateBrowsing>;
}

/** Says that the device's storage failed, and what to do, instead of a blank screen. */
export function StorageFailure({ failure, onRetry, onHelp, privateBrowsing }: StorageFailureProps) {
  const text = useText();
  const browsing = useBrowsing(privateBrowsing);
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    if (busy) return;
    setBusy(true);
    await onRetry();
    setBusy(false);
  };
  const because = failure === 'unavailable' ? BROWSING_TEXTS[browsing] : undefined;
  const { body, isSafe } = STORAGE_TEXTS[failure];
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('storageTitle')}</h1>
      <Notice tone="danger" role="alert">
        {because ? because.map((key) => <p key={key}>{text(key)}</p>) : <p>{text(body)}</p>}
        {isSafe && <p>{text('storageSafe')}</p>}
      </Notice>
      <button type="button" class="button primary wide" aria-disabled={busy} onClick={retry}>
        {text(busy ? 'clockChecking' : 'retry')}
      </button>
      {onHelp && (
        <button type="button" class="button wide" onClick={onHelp}>
          {text('helpOpen')}
        </button>
      )}
    </section>
  );
}

function useBrowsing(ask: StorageFailureProps['privateBrowsing']): PrivateBrowsing {
  const [browsing, setBrowsing] = useState<PrivateBrowsing>('unknown');
  useEffect(() => {
    ask?.().then(setBrowsing, () => undefined);
  }, [ask]);
  return browsing;
}
