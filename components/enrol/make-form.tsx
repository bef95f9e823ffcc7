import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Maker } from '../../core/institution/guide.ts';
import type { Enroller, EnrolOutcome, EnrolRefusal } from '../../core/vault/enroller.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { useUnreachable } from '../access.ts';
import { Notice } from '../notice.tsx';
import { type TextKey, useText } from '../text.ts';
import { Terms } from './terms.tsx';

interface MakeFormProps {
  readonly enroller: Enroller;
  /** The institutions to choose from: one at least. */
  readonly makers: readonly Maker[];
  /** A token of an institution that was made here, or on another page meanwhile, and has still to be registered. */
  readonly findWaiting: (institution: string) => Promise<TokenSummary | undefined>;
  readonly onMade: (token: TokenSummary) => void;
  /** The customer takes the one that was there. */
  readonly onTake: (token: TokenSummary) => void;
}

type Phase = 'editing' | 'sending' | 'aborted' | EnrolRefusal;

/** What to tell the customer of each refusal. */
const REFUSAL_TEXTS: Record<EnrolRefusal, TextKey> = {
  'unknown-service': 'makeRefused',
  refused: 'makeRefused',
  'too-often': 'makeTooOften',
  unreachable: 'makeUnreachable',
  unavailable: 'makeUnavailable',
  untrusted: 'makeUntrusted',
  clock: 'makeClock',
  storage: 'makeStorage',
};

/** シリアル番号のトークンを作る: for which institution, the terms, トークンを作る. */
export function MakeForm({ enroller, makers, findWaiting, onMade, onTake }: MakeFormProps) {
  const text = useText();
  const [chosen, setChosen] = useState(makers.length === 1 ? makers[0] : undefined);
  const [agreed, setAgreed] = useState(false);
  const [phase, setPhase] = useState<Phase>('editing');
  const [waiting, setWaiting] = useState<TokenSummary>();
  const sent = useRef<AbortController>(undefined);
  const submitButton = useRef<HTMLButtonElement>(null);
  useEffect(() => () => sent.current?.abort(), []);
  const sending = phase === 'sending';
  const ready = agreed && chosen !== undefined;
  const isWaiting = !sending && waiting !== undefined && waiting.institution === chosen?.key;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready || sent.current) return;
    const controller = new AbortController();
    sent.current = controller;
    setPhase('sending');
    const { key } = chosen;
    const makeOne = async () => {
      // Whoever was told of the one that waits, and asks again, wants another.
      const other = waiting?.institution === key ? undefined : await findWaiting(key).catch(() => undefined);
      const outcome = other ? undefined : await make(enroller, key, controller.signal);
      sent.current = undefined;
      setWaiting(other);
      if (outcome?.kind === 'enrolled') onMade(outcome.token);
      else
        setPhase(outcome === undefined ? 'editing' : outcome.kind === 'refused' ? outcome.reason : 'aborted');
    };
    void makeOne();
  };
  const abort = () => {
    // 中止 goes as the asking ends, and the focus would go with it.
    submitButton.current?.focus();
    sent.current?.abort();
  };
  return (
    <form class="card" noValidate onSubmit={submit} aria-busy={sending}>
      <h1 tabIndex={-1}>{text('makeTitle')}</h1>
      <p>{text('makeLead')}</p>
      <fieldset class="field" disabled={sending}>
        <legend>{text('makeInstitution')}</legend>
        {makers.map((maker) => (
          <label key={maker.key} class="tick">
            <input
              type="radio"
              name="institution"
              checked={chosen === maker}
              onChange={() => setChosen(maker)}
            />
            {maker.name}
          </label>
        ))}
      </fieldset>
      {chosen && <p>{text('makeWithin', String(chosen.bindWithinHours))}</p>}
      <div>
        <Terms agreed={agreed} onAgree={setAgreed} />
        <Outcome phase={phase}>
          {isWaiting && (
            <Notice tone="warn" title={text('makeWaitingTitle')}>
              <p>{text('makeWaitingBody', waiting.serial)}</p>
            </Notice>
          )}
        </Outcome>
      </div>
      <div class="actions">
        {isWaiting && (
          <button type="button" class="button primary wide" onClick={() => onTake(waiting)}>
            {text('makeWaitingTake')}
          </button>
        )}
        <button
          ref={submitButton}
          type="submit"
          class={isWaiting ? 'button wide' : 'button primary wide'}
          disabled={!ready}
          aria-disabled={sending}
          aria-describedby={ready ? undefined : 'agree-first'}
        >
          {text(sending ? 'sending' : isWaiting ? 'makeAnother' : 'makeDo')}
        </button>
        {!ready && (
          <p class="hint" id="agree-first">
            {text('makeFirst')}
          </p>
        )}
        {sending && (
          <button type="button" class="button wide" onClick={abort}>
            {text('cancel')}
          </button>
        )}
      </div>
    </form>
  );
}

type Made = EnrolOutcome | { readonly kind: 'aborted' };

/** Asks once. An answer that came in spite of being called off counts: the token is there. */
async function make(enroller: Enroller, institution: string, signal: AbortSignal): Promise<Made> {
  try {
    const outcome = await enroller.make(institution, signal);
    return outcome.kind === 'refused' && signal.aborted ? { kind: 'aborted' } : outcome;
  } catch {
    return signal.aborted ? { kind: 'aborted' } : { kind: 'refused', reason: 'storage' };
  }
}

/** How it goes or ended, read out when it changes. */
function Outcome({ phase, children }: { phase: Phase; children: ComponentChildren }) {
  const text = useText();
  const unreachable = useUnreachable();
  const refusal =
    phase === 'editing' || phase === 'sending' || phase === 'aborted' ? undefined : REFUSAL_TEXTS[phase];
  return (
    <div class="outcome" aria-live="polite">
      {phase === 'sending' && <p class="visually-hidden">{text('sendingAloud')}</p>}
      {phase === 'aborted' && (
        <Notice tone="info">
          <p>{text('makeAborted')}</p>
        </Notice>
      )}
      {refusal && (
        <Notice tone="danger">
          <p>{text(refusal === 'makeUnreachable' ? unreachable(refusal) : refusal)}</p>
        </Notice>
      )}
      {children}
    </div>
  );
}
