import { useEffect, useState } from 'preact/hooks';
import type { LatestConfirmations } from '../../core/transaction/confirmations.ts';
import type { Lock, LockMethod, LockOutcome, LockProof } from '../../core/vault/lock.ts';
import { Loading } from '../loading.tsx';
import { Notice } from '../notice.tsx';
import { useText } from '../text.ts';
import { LockCard } from './lock-card.tsx';
import { PinField } from './pin-field.tsx';
import { usePresentPin } from './present-pin.ts';
import { Refusal } from './refusal.tsx';

export interface UnlockProps {
  readonly lock: Lock;
  /** Number of waiting confirmations if it is known, or whether there may be one. */
  readonly waiting: LatestConfirmations['concealed'];
  /** Called when the vault is open, or was wiped. */
  readonly onOpen: () => void;
  /** Opens the page that asks for the passkey, if this one cannot: a popup closes when the browser asks. */
  readonly onPasskeyElsewhere?: () => void;
  readonly onHelp: () => void;
  /** Told while a try is judged: broken off, it counts as wrong. */
  readonly onJudging?: (judging: boolean) => void;
}

/** The locked token. It shows only the number of waiting transfers. */
export function Unlock(props: UnlockProps) {
  const { lock, waiting, onOpen, onHelp } = props;
  const text = useText();
  const [wiped, setWiped] = useState(false);
  // where help is shown nothing else reads the vault again, which is empty and open now
  const helpAndOpen = () => {
    onHelp();
    onOpen();
  };
  if (wiped) return <WipedNotice onHelp={helpAndOpen} />;
  return (
    <LockCard lock={lock} title={text('lockedTitle')}>
      {({ method, triesLeft }, reread) => {
        // to another method, or to none: then the vault is open
        const changed = () => {
          onOpen();
          void reread();
        };
        if (method === 'none') return <Open onOpen={changed} />;
        return (
          <>
            {!!waiting && (
              <Notice tone="info" role="status">
                <p>
                  {waiting === 'perhaps' ? text('lockedMayWait') : text('lockedWaiting', String(waiting))}
                </p>
              </Notice>
            )}
            <UnlockForm
              {...{ ...props, method, triesLeft }}
              onWiped={() => setWiped(true)}
              onChanged={changed}
            />
            <button type="button" class="button bare wide" onClick={onHelp}>
              {text('helpOpen')}
            </button>
          </>
        );
      }}
    </LockCard>
  );
}

/** There is nothing to unlock. */
function Open({ onOpen }: Pick<UnlockProps, 'onOpen'>) {
  useEffect(onOpen, []);
  return <Loading />;
}

interface UnlockFormProps extends UnlockProps {
  readonly method: LockMethod;
  readonly triesLeft: number | undefined;
  readonly onWiped: () => void;
  readonly onChanged: () => void;
}

function UnlockForm(props: UnlockFormProps) {
  const { lock, method, triesLeft, onOpen, onWiped, onChanged, onPasskeyElsewhere, onJudging } = props;
  const text = useText();
  const pin = usePresentPin('pin');
  const [outcome, setOutcome] = useState<LockOutcome>();
  const [busy, setBusy] = useState(false);
  const elsewhere = method === 'passkey' ? onPasskeyElsewhere : undefined;
  const unlock = async () => {
    const proof: LockProof | undefined = method === 'pin' ? pin.proof() : { kind: method };
    if (proof === undefined) return;
    setBusy(true);
    onJudging?.(true);
    const told = await lock.unlock(proof);
    setBusy(false);
    onJudging?.(false);
    setOutcome(told);
    if (told.kind === 'wiped') onWiped();
    else if (told.kind === 'done') onOpen();
    else if (told.reason === 'changed') onChanged();
    else pin.askAgain();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (elsewhere) elsewhere();
    else if (!busy) void unlock();
  };
  return (
    <form noValidate class="actions" onSubmit={submit} aria-busy={busy}>
      <p>{text(method === 'pin' ? 'lockedPinLead' : 'lockedPasskeyLead')}</p>
      {method === 'pin' && <PinField {...pin.field} label={text('pinLabel')} readOnly={busy} first />}
      <Refusal outcome={outcome} method={method} triesLeft={triesLeft} />
      <button type="submit" class="button primary wide" aria-disabled={busy}>
        {text(busy ? 'clockChecking' : method === 'pin' ? 'unlock' : 'unlockPasskey')}
      </button>
    </form>
  );
}

/** After too many wrong PINs: what happened, what did not, and the way back. */
export function WipedNotice({ onHelp }: { readonly onHelp: () => void }) {
  const text = useText();
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('wipedTitle')}</h1>
      <Notice tone="danger" role="alert">
        <p>{text('wipedBody')}</p>
        <p>{text('wipedNext')}</p>
      </Notice>
      <button type="button" class="button primary wide" onClick={onHelp}>
        {text('helpOpen')}
      </button>
    </section>
  );
}
