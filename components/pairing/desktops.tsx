import { useEffect, useRef, useState } from 'preact/hooks';
import type { Desktop, PairingRefusal, PhonePairer } from '../../core/vault/pairing.ts';
import { displayName, type TokenSummary } from '../../core/vault/token.ts';
import { formatDate, formatMoment } from '../dates.ts';
import { Loading } from '../loading.tsx';
import { Notice } from '../notice.tsx';
import { usePart } from '../part.ts';
import { type TextKey, useText } from '../text.ts';

interface DesktopsProps {
  readonly pairer: PhonePairer;
  readonly tokens: readonly TokenSummary[];
}

/** The desktops that this phone's tokens are paired with. */
export function Desktops({ pairer, tokens }: DesktopsProps) {
  return (
    <>
      {tokens.map((token) => (
        <DesktopsOf key={token.id} pairer={pairer} token={token} />
      ))}
    </>
  );
}

/** What to do where the desktops cannot be listed, or one of them not removed; of other causes only to try later. */
const NEXT_TEXTS: Partial<Record<PairingRefusal, TextKey>> = {
  unknown: 'desktopsForgotten',
  unreachable: 'pairUnreachable',
  unavailable: 'pairUnavailable',
  clock: 'pairClock',
};

type Known = Awaited<ReturnType<PhonePairer['desktops']>> | undefined;

function DesktopsOf({ pairer, token }: Pick<DesktopsProps, 'pairer'> & { token: TokenSummary }) {
  const text = useText();
  const [known, setKnown] = useState<Known>();
  const [problem, setProblem] = useState<PairingRefusal>();
  const [removed, setRemoved] = useState<Desktop>();
  const heading = useRef<HTMLHeadingElement>(null);
  const read = async () => {
    const now = await pairer.desktops(token);
    setKnown(now);
    return now;
  };
  useEffect(() => void read(), [token.id]);
  const remove = async (desktop: Desktop) => {
    const outcome = await pairer.remove(token, desktop);
    setProblem(outcome.kind === 'refused' ? outcome.reason : undefined);
    setRemoved(outcome.kind === 'removed' ? desktop : undefined);
    const now = await read();
    // the row goes, and the pressed button with it
    if (outcome.kind === 'removed' || now.kind === 'refused') heading.current?.focus();
  };
  const unlisted = known?.kind === 'refused' ? known.reason : undefined;
  const failed = unlisted ?? problem;
  const desktops = known?.kind === 'known' ? known.desktops : undefined;
  return (
    <section class="card">
      <div>
        <h2 ref={heading} tabIndex={-1}>
          {displayName(token)}
        </h2>
        <div class="outcome" role="status">
          {removed && (
            <Notice tone="done">
              <p>{text('desktopRemoved', removed.name)}</p>
            </Notice>
          )}
        </div>
      </div>
      {known === undefined && <Loading />}
      {failed && (
        <Notice tone="danger" title={text(unlisted ? 'desktopsUnlisted' : 'desktopUnremoved')} role="alert">
          <p>{text(NEXT_TEXTS[failed] ?? 'desktopsLater')}</p>
        </Notice>
      )}
      {desktops?.length === 0 && <p class="quiet">{text('desktopsNone')}</p>}
      {desktops?.[0] && (
        <ul class="list">
          {desktops.map((desktop) => (
            <DesktopRow key={desktop.id} desktop={desktop} onRemove={() => remove(desktop)} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface DesktopRowProps {
  readonly desktop: Desktop;
  readonly onRemove: () => Promise<void>;
}

/** One desktop; its removal is asked about once more. */
function DesktopRow({ desktop, onRemove }: DesktopRowProps) {
  const text = useText();
  const [step, setStep] = useState<'shown' | 'asking' | 'removing'>('shown');
  const remove = () => {
    setStep('removing');
    void onRemove().then(() => setStep('shown'));
  };
  const { id, name, addedAt, lastSeenAt, isKnown } = desktop;
  const asks = step !== 'shown';
  usePart(asks ? 'question' : 'button', asks ? `#ask-${id}` : `#remove-${id}`);
  return (
    <li class="list-item desktop">
      <div class="row-words">
        <bdi class="row-title">{name}</bdi>
        <span class="row-meta quiet">
          <span>{text('desktopAdded', formatDate(text, addedAt))}</span>
          {lastSeenAt !== undefined && <span>{text('lastUsed', formatMoment(text, lastSeenAt))}</span>}
        </span>
        {!isKnown && <span class="problem">{text('desktopUnknown')}</span>}
      </div>
      {step === 'shown' ? (
        <button id={`remove-${id}`} type="button" class="button small" onClick={() => setStep('asking')}>
          {text('desktopRemove')}
        </button>
      ) : (
        <div class="actions">
          <p id={`ask-${id}`} tabIndex={-1}>
            {text('desktopRemoveAsk')}
          </p>
          <div class="refusals">
            <button type="button" class="button danger" aria-disabled={step === 'removing'} onClick={remove}>
              {text(step === 'removing' ? 'sending' : 'desktopRemoveDo')}
            </button>
            <button type="button" class="button" onClick={() => setStep('shown')}>
              {text('cancel')}
            </button>
          </div>
        </div>
      )}
    </li>
  );
}
