import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Lock, LockOutcome, LockProof, LockState } from '../../core/vault/lock.ts';
import { normalisePin, pinProblem } from '../../core/vault/pin.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { Notice } from '../notice.tsx';
import { useText } from '../text.ts';
import { problemWords } from './lock-words.ts';
import { PinField } from './pin-field.tsx';
import { usePresentPin } from './present-pin.ts';
import { Refusal } from './refusal.tsx';

interface LockChooserProps {
  readonly lock: Lock;
  readonly state: LockState;
  /** The customer's tokens, whose numbers are refused as a PIN. */
  readonly tokens: readonly TokenSummary[];
  readonly onDone: () => void;
  readonly onWiped: () => void;
  /** Called when another page has changed the lock. */
  readonly onChanged: () => void;
}

/** Passkey, PIN or no lock, each with its consequences. The present secret is asked for first. */
export function LockChooser({ lock, state, tokens, onDone, onWiped, onChanged }: LockChooserProps) {
  const text = useText();
  const [pinWanted, setPinWanted] = useState(false);
  const current = usePresentPin('current-pin');
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<LockOutcome>();
  const { method, passkeys } = state;
  const passkeyFirst = passkeys === 'ready';

  const set = async (next: LockProof) => {
    if (busy) return;
    if (method === 'none' && next.kind === 'none') return onDone();
    const proof: LockProof | undefined = method === 'pin' ? current.proof() : { kind: method };
    if (proof === undefined) return;
    setBusy(true);
    const told = await lock.change(proof, next);
    setBusy(false);
    setOutcome(told);
    if (told.kind === 'done') onDone();
    else if (told.kind === 'wiped') onWiped();
    else if (told.reason === 'changed') onChanged();
  };

  return (
    <div class="actions" aria-busy={busy}>
      {method === 'pin' && <PinField {...current.field} label={text('pinCurrent')} />}
      <Refusal outcome={outcome} method={method} />
      {passkeyFirst ? (
        <Choice hint={text('lockPasskeyHint')}>
          <button
            type="button"
            class={pinWanted ? 'button wide' : 'button primary wide'}
            aria-disabled={busy}
            onClick={() => set({ kind: 'passkey' })}
          >
            {text('lockPasskey')}
          </button>
        </Choice>
      ) : (
        <Notice tone="info">
          <p>{text(passkeys === 'extension' ? 'passkeyNotInExtension' : 'passkeyMissing')}</p>
        </Notice>
      )}
      {pinWanted ? (
        <NewPin tokens={tokens} busy={busy} onPin={(pin) => set({ kind: 'pin', pin })} />
      ) : (
        <Choice hint={text('lockPinHint')}>
          <button
            type="button"
            class={passkeyFirst ? 'button wide' : 'button primary wide'}
            aria-disabled={busy}
            onClick={() => setPinWanted(true)}
          >
            {text('lockPin')}
          </button>
        </Choice>
      )}
      <Choice hint={text('lockNoneHint')}>
        <button type="button" class="button wide" aria-disabled={busy} onClick={() => set({ kind: 'none' })}>
          {text('lockNone')}
        </button>
      </Choice>
    </div>
  );
}

function Choice({ hint, children }: { hint: string; children: ComponentChildren }) {
  return (
    <div class="lock-choice">
      {children}
      <p class="hint">{hint}</p>
    </div>
  );
}

interface NewPinProps {
  readonly tokens: readonly TokenSummary[];
  readonly busy: boolean;
  readonly onPin: (pin: string) => void;
}

function NewPin({ tokens, busy, onPin }: NewPinProps) {
  const text = useText();
  const [first, setFirst] = useState('');
  const [again, setAgain] = useState('');
  const [told, setTold] = useState(false);
  const pin = normalisePin(first);
  const problem = pinProblem(
    pin,
    tokens.flatMap(({ userId, serial }) => [userId, serial]),
  );
  const differs = pin !== normalisePin(again);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTold(true);
    if (problem) return document.getElementById('new-pin')?.focus();
    if (differs) return document.getElementById('pin-again')?.focus();
    onPin(pin);
  };
  return (
    <form noValidate class="actions" onSubmit={submit}>
      <PinField
        id="new-pin"
        label={text('pinNew')}
        hint={text('pinHint')}
        problem={told && problem ? problemWords(text, problem) : undefined}
        value={first}
        onValue={setFirst}
        readOnly={busy}
        first
      />
      <PinField
        id="pin-again"
        label={text('pinAgain')}
        problem={told && !problem && differs ? text('pinDiffers') : undefined}
        value={again}
        onValue={setAgain}
        readOnly={busy}
      />
      <Notice tone="warn">
        <p>{text('pinForget')}</p>
      </Notice>
      <button type="submit" class="button primary wide" aria-disabled={busy}>
        {text(busy ? 'clockChecking' : 'pinSet')}
      </button>
    </form>
  );
}
