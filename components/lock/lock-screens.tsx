import { useEffect, useState } from 'preact/hooks';
import type { Lock, LockState } from '../../core/vault/lock.ts';
import { AUTO_LOCKS, type AutoLock } from '../../core/vault/lock.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { Notice } from '../notice.tsx';
import { usePart } from '../part.ts';
import { useText } from '../text.ts';
import { LockCard } from './lock-card.tsx';
import { LockChooser } from './lock-chooser.tsx';
import { autoLockWords, METHOD_TEXTS, USE_TEXTS } from './lock-words.ts';

interface LockScreenProps {
  readonly lock: Lock;
  readonly tokens: readonly TokenSummary[];
  /** Called when the vault was wiped. */
  readonly onWiped: () => void;
}

/** ロックの設定, the last step of the first 初期設定. A lock that the vault has kept from an earlier token stays. */
export function LockSetup({ lock, tokens, onWiped, onDone }: LockScreenProps & { onDone: () => void }) {
  const text = useText();
  return (
    <LockCard lock={lock} title={text('lockSetupTitle')}>
      {(state, reread) =>
        state.method === 'none' ? (
          <>
            <p>{text('lockSetupLead')}</p>
            <LockChooser {...{ lock, state, tokens, onDone, onWiped }} onChanged={reread} />
          </>
        ) : (
          <Kept onDone={onDone} />
        )
      }
    </LockCard>
  );
}

function Kept({ onDone }: { readonly onDone: () => void }) {
  useEffect(onDone, []);
  return null;
}

/** 設定 → ロック. */
export function LockSettings(props: LockScreenProps) {
  const text = useText();
  return (
    <LockCard lock={props.lock} title={text('lockTitle')}>
      {(state, reread) => <PresentLock {...props} state={state} reread={reread} />}
    </LockCard>
  );
}

interface PresentLockProps extends LockScreenProps {
  readonly state: LockState;
  readonly reread: () => Promise<void>;
}

function PresentLock({ lock, tokens, onWiped, state, reread }: PresentLockProps) {
  const text = useText();
  const [changing, setChanging] = useState<'no' | 'yes' | 'done'>('no');
  usePart(changing, changing === 'yes' ? '#lock-change' : 'main h1');
  const done = () => {
    setChanging('done');
    void reread();
  };
  return (
    <>
      {changing === 'done' && (
        <Notice tone="done" role="status">
          <p>{text('lockChangedTo', text(METHOD_TEXTS[state.method]))}</p>
        </Notice>
      )}
      <dl class="details">
        <div>
          <dt>{text('lockNow')}</dt>
          <dd>{text(METHOD_TEXTS[state.method])}</dd>
        </div>
      </dl>
      {changing === 'yes' ? (
        <>
          <h2 id="lock-change" tabIndex={-1}>
            {text('lockChange')}
          </h2>
          <LockChooser {...{ lock, state, tokens, onWiped }} onDone={done} onChanged={reread} />
        </>
      ) : (
        <Overview lock={lock} state={state} onChange={() => setChanging('yes')} onSaved={reread} />
      )}
    </>
  );
}

interface OverviewProps {
  readonly lock: Lock;
  readonly state: LockState;
  readonly onChange: () => void;
  readonly onSaved: () => Promise<void>;
}

function Overview({ lock, state, onChange, onSaved }: OverviewProps) {
  const text = useText();
  const [failed, setFailed] = useState(false);
  const guarded = state.method !== 'none';
  const attempt = (act: () => Promise<void>) => {
    setFailed(false);
    return act().catch(() => setFailed(true));
  };
  const choose = (autoLock: AutoLock | undefined) => {
    if (autoLock !== undefined) void attempt(() => lock.setAutoLock(autoLock).then(onSaved));
  };
  return (
    <div class="actions">
      {failed && (
        <Notice tone="danger" role="alert">
          <p>{text('storageWriteFailed')}</p>
        </Notice>
      )}
      {guarded && (
        <div class="field">
          <label for="auto-lock">{text('autoLockLabel')}</label>
          <p class="hint" id="auto-lock-hint">
            {text(USE_TEXTS[state.usePlace])}
          </p>
          <select
            id="auto-lock"
            aria-describedby="auto-lock-hint"
            value={String(state.autoLock)}
            onChange={({ currentTarget: { value } }) =>
              choose(AUTO_LOCKS.find((one) => String(one) === value))
            }
          >
            {AUTO_LOCKS.map((autoLock) => (
              <option key={autoLock} value={String(autoLock)}>
                {autoLockWords(text, autoLock, state.usePlace)}
              </option>
            ))}
          </select>
        </div>
      )}
      {guarded && (
        <button type="button" class="button wide" onClick={() => attempt(() => lock.lock())}>
          {text('lockDo')}
        </button>
      )}
      <button type="button" class={guarded ? 'button wide' : 'button primary wide'} onClick={onChange}>
        {text('lockChange')}
      </button>
    </div>
  );
}
