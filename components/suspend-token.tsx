import { useState } from 'preact/hooks';
import type { InstitutionFace } from '../core/institution/guide.ts';
import type { TokenStanding } from '../core/transaction/confirmations.ts';
import type { Suspender, SuspensionRefusal } from '../core/vault/suspender.ts';
import type { TokenSummary } from '../core/vault/token.ts';
import { useUnreachable } from './access.ts';
import { Contact } from './contact.tsx';
import { Notice } from './notice.tsx';
import { type TextKey, useText } from './text.ts';
import { TickedAction } from './ticked-action.tsx';
import { TokenPreview } from './token-preview.tsx';

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

/** 利用停止: its consequences, and then the request that the device signs. */
export function SuspendToken({ token, face, suspender, onSuspended }: SuspendTokenProps) {
  const text = useText();
  const unreachable = useUnreachable();
  const [asked, setAsked] = useState<'no' | 'yes' | SuspensionRefusal>('no');
  const suspend = async () => {
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
      <TokenPreview token={token} />
      <Notice tone="danger" title={text('suspendThen')}>
        <ul class="points">
          <li>{text('suspendStops')}</li>
          <li>{text('suspendCancels')}</li>
          <li>{text('suspendResume')}</li>
          <li>{text('suspendMail')}</li>
        </ul>
      </Notice>
      <TickedAction
        tick={text('suspendRead')}
        first={text('suspendFirst')}
        button={text(asked === 'yes' ? 'sending' : 'suspendDo')}
        busy={asked === 'yes'}
        act={suspend}
      >
        {refusal && (
          <Notice tone="danger" role="alert">
            <p>{text(refusal === 'unreachable' ? unreachable(REFUSALS[refusal]) : REFUSALS[refusal])}</p>
          </Notice>
        )}
      </TickedAction>
      <Contact face={face} name={token.institutionName} />
    </section>
  );
}
