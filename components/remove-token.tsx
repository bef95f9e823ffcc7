import { useState } from 'preact/hooks';
import type { RecoveryGuide } from '../core/institution/guide.ts';
import { displayName, type TokenSummary } from '../core/vault/token.ts';
import { WayBack } from './lock/way-back.tsx';
import { Notice } from './notice.tsx';
import { useText } from './text.ts';

interface RemoveTokenProps {
  readonly token: TokenSummary;
  readonly guide: RecoveryGuide | undefined;
  /** Rejects where the device's storage fails. */
  readonly onRemove: () => Promise<void>;
}

/** トークン削除: possible only once the customer says that 利用解除 is done. */
export function RemoveToken({ token, guide, onRemove }: RemoveTokenProps) {
  const text = useText();
  const [released, setReleased] = useState(false);
  const [removing, setRemoving] = useState<'no' | 'yes' | 'failed'>('no');
  const remove = () => {
    if (!released || removing === 'yes') return;
    setRemoving('yes');
    onRemove().catch(() => setRemoving('failed'));
  };
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('removeTitle')}</h1>
      <p>{text('removeLead')}</p>
      <div class="preview">
        <p class="token-name">{displayName(token)}</p>
        <p class="quiet">
          {text('serial')}: {token.serial}
        </p>
      </div>
      <Notice tone="danger">
        <p>{text('removeWarning')}</p>
      </Notice>
      <WayBack guide={guide} />
      <label class="tick">
        <input
          type="checkbox"
          checked={released}
          onChange={(event) => setReleased(event.currentTarget.checked)}
        />
        {text('removeReleased')}
      </label>
      {removing === 'failed' && (
        <Notice tone="danger" role="alert">
          <p>{text('storageWriteFailed')}</p>
        </Notice>
      )}
      <div class="actions">
        <button
          type="button"
          class="button danger wide"
          disabled={!released}
          aria-disabled={removing === 'yes'}
          aria-describedby={released ? undefined : 'remove-first'}
          onClick={remove}
        >
          {text('removeDo')}
        </button>
        {!released && (
          <p class="hint" id="remove-first">
            {text('removeFirst')}
          </p>
        )}
      </div>
    </section>
  );
}
