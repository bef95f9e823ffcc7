import { useState } from 'preact/hooks';
import type { RecoveryGuide } from '../core/institution/guide.ts';
import { isOver, type TokenSummary } from '../core/vault/token.ts';
import { familyText } from './family-words.ts';
import { WayBack } from './lock/way-back.tsx';
import { Notice } from './notice.tsx';
import { useText } from './text.ts';
import { TickedAction } from './ticked-action.tsx';
import { TokenPreview } from './token-preview.tsx';

interface RemoveTokenProps {
  readonly token: TokenSummary;
  readonly guide: RecoveryGuide | undefined;
  /** Rejects if the device's storage fails. */
  readonly onRemove: () => Promise<void>;
}

/** Of a token that another device decides for: this one leaves, and the token stays in use. */
function RemovePairing({ token, onRemove }: Pick<RemoveTokenProps, 'token' | 'onRemove'>) {
  const text = useText();
  const [removing, setRemoving] = useState<'no' | 'yes' | 'failed'>('no');
  const remove = () => {
    setRemoving('yes');
    onRemove().catch(() => setRemoving('failed'));
  };
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('removeTitle')}</h1>
      <p>{text('removePaired')}</p>
      <TokenPreview token={token} />
      {removing === 'failed' && (
        <Notice tone="danger" role="alert">
          <p>{text('storageWriteFailed')}</p>
        </Notice>
      )}
      <button type="button" class="button danger wide" aria-disabled={removing === 'yes'} onClick={remove}>
        {text('removeDo')}
      </button>
    </section>
  );
}

/** トークン削除, possible only after the customer states that it is no longer needed. */
export function RemoveToken(props: RemoveTokenProps) {
  return props.token.decider === undefined ? <RemoveOwn {...props} /> : <RemovePairing {...props} />;
}

function RemoveOwn({ token, guide, onRemove }: RemoveTokenProps) {
  const text = useText();
  const over = isOver(token.status);
  const [removing, setRemoving] = useState<'no' | 'yes' | 'failed'>('no');
  const remove = () => {
    setRemoving('yes');
    onRemove().catch(() => setRemoving('failed'));
  };
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('removeTitle')}</h1>
      <p>{text('removeLead')}</p>
      <TokenPreview token={token} />
      <Notice tone={over ? 'info' : 'danger'}>
        <p>{text(over ? 'removeWarningOver' : familyText('beforeRemoval', guide))}</p>
      </Notice>
      {!over && <WayBack guide={guide} />}
      <TickedAction
        tick={text(over ? 'removeOver' : familyText('readyToRemove', guide))}
        first={text('removeFirst')}
        button={text('removeDo')}
        busy={removing === 'yes'}
        act={remove}
      >
        {removing === 'failed' && (
          <Notice tone="danger" role="alert">
            <p>{text('storageWriteFailed')}</p>
          </Notice>
        )}
      </TickedAction>
    </section>
  );
}
