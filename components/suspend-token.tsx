import { useState } from 'preact/hooks';
import type { InstitutionFace } from '../core/institution/guide.ts';
import type { TokenStanding } from '../core/transaction/confirmations.ts';
import type { Suspender, SuspensionRefusal } from '../core/vault/suspender.ts';
import { displayName, type TokenSummary } from '../core/vault/token.ts';
import { useUnreachable } from './access.ts';
import { Contact } from './contact.tsx';
import { Notice } from './notice.tsx';
import { type TextKey, useText } from './text.ts';

interface SuspendTokenProps {
  readonly token: TokenSummary;
  readonly face: InstitutionFace | undefined;
  readonly suspender: Suspender;
  readonly onSuspended: (standing: TokenStanding) => void;
}

const REFUSALS: Record<SuspensionRefusal, TextKey> = {
  unreachable: 'suspendUnreachable',
  untrusted: 'suspendUntrusted',
  clock: 'suspendClock',
  over: 'suspendOver',
  'by-staff': 'suspendByStaff',
  vault: 'suspendVault',
  locked: 'suspendVault',
};

/** 利用停止: what it leads to, and, once that is read, the request the device signs. */
export function SuspendToken({ token, face, suspender, onSuspended }: SuspendTokenProps) {
  const text = useText();
  const unreachable = useUnreachable();
  const [read, setRead] = useState(false);
  const [asked, setAsked] = useState<'no' | 'yes' | SuspensionRefusal>('no');
  const suspend = async () => {
    if (!read || asked === 'yes') return;
    setAsked('yes');
    const outcome = await suspender.suspend(token);
    if (outcome.kind === 'suspended') onSuspended(outcome.standing);
    else setAsked(outcome.reason);
  };
  const refusal = asked === 'no' || asked === 'yes' ? undefined : asked;
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('suspendTitle')}</h1>
      <p>{text('suspendLead')}</p>
      <div class="preview">
        <p class="token-name">{displayName(token)}</p>
        <p class="quiet">
          {text('serial')}: {token.serial}
        </p>
      </div>
      <Notice tone="danger" title={text('suspendThen')}>
        <ul class="points">
          <li>{text('suspendStops')}</li>
          <li>{text('suspendCancels')}</li>
          <li>{text('suspendResume')}</li>
          <li>{text('suspendMail')}</li>
        </ul>
      </Notice>
      <label class="tick">
        <input type="checkbox" checked={read} onChange={(event) => setRead(event.currentTarget.checked)} />
        {text('suspendRead')}
      </label>
      {refusal && (
        <Notice tone="danger" role="alert">
          <p>{text(refusal === 'unreachable' ? unreachable(REFUSALS[refusal]) : REFUSALS[refusal])}</p>
        </Notice>
      )}
      <div class="actions">
        <button
          type="button"
          class="button danger wide"
          disabled={!read}
          aria-disabled={asked === 'yes'}
          aria-describedby={read ? undefined : 'suspend-first'}
          onClick={suspend}
        >
          {text(asked === 'yes' ? 'sending' : 'suspendDo')}
        </button>
        {!read && (
          <p class="hint" id="suspend-first">
            {text('suspendFirst')}
          </p>
        )}
      </div>
      <Contact face={face} name={token.institutionName} />
    </section>
  );
}
