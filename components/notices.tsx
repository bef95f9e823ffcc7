import { useEffect, useRef, useState } from 'preact/hooks';
import type { NoticeState, Notices } from '../core/notices.ts';
import { isOver, isStopped, type TokenSummary } from '../core/vault/token.ts';
import { Loading } from './loading.tsx';
import { Notice, type Tone } from './notice.tsx';
import { usePart } from './part.ts';
import { type TextKey, useText } from './text.ts';

interface NoticesProps {
  readonly notices: Notices;
  readonly tokens: readonly TokenSummary[];
}

/** `none`: the service sends none. */
type Known = NoticeState | 'none';

/** How notices stand; undefined until that is known. */
function useNotices({ notices, tokens }: NoticesProps) {
  const [state, setState] = useState<Known>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    void notices.state().then((now) => setState(now ?? 'none'));
  }, [notices]);
  const change = async (changing: 'turnOn' | 'turnOff') => {
    if (busy) return;
    setBusy(true);
    setState(await notices[changing](tokens));
    setBusy(false);
  };
  return {
    state,
    busy,
    turnOn: () => void change('turnOn'),
    turnOff: () => void change('turnOff'),
  };
}

/**
 * Offers notices on the screen that a customer comes to after 初期設定, until they have said whether they want them. While no token can
 * be asked anything, it does not.
 */
export function NoticesOffer(props: NoticesProps) {
  const [answered, setAnswered] = useState(props.notices.answered());
  usePart(answered ? 'declined' : 'offer', 'main h1');
  const canBeAsked = props.tokens.some(({ status }) => !isStopped(status) && !isOver(status));
  return answered || !canBeAsked ? null : <Offer {...props} onDeclined={() => setAnswered(true)} />;
}

function Offer(props: NoticesProps & { onDeclined: () => void }) {
  const text = useText();
  const { state, busy, turnOn, turnOff } = useNotices(props);
  const offered = useRef(false);
  offered.current ||= state === 'off';
  usePart(offered.current && (state === 'on' || state === 'blocked') ? 'answered' : 'offer', 'main h1');
  if (state === 'on') return <NoticeOf state={state} />;
  if (state !== 'off' && state !== 'failed') return null;
  const decline = () => {
    turnOff();
    props.onDeclined();
  };
  return (
    <Notice tone="info" title={text('noticesOffer')} role="status">
      <p>{text(state === 'failed' ? 'noticesFailed' : 'noticesLead')}</p>
      <button type="button" class="button" aria-disabled={busy} onClick={turnOn}>
        {text(busy ? 'sending' : 'noticesTurnOn')}
      </button>
      <button type="button" class="button bare" onClick={decline}>
        {text('noticesDecline')}
      </button>
    </Notice>
  );
}

const STATES: Record<Known, { readonly tone: Tone; readonly words: TextKey }> = {
  on: { tone: 'done', words: 'noticesOn' },
  off: { tone: 'info', words: 'noticesOff' },
  blocked: { tone: 'warn', words: 'noticesBlocked' },
  failed: { tone: 'warn', words: 'noticesFailed' },
  none: { tone: 'info', words: 'noticesNone' },
};

function NoticeOf({ state }: { state: Known }) {
  const text = useText();
  return (
    <Notice tone={STATES[state].tone} role="status">
      <p>{text(STATES[state].words)}</p>
    </Notice>
  );
}

/** 設定 → 取引の通知. */
export function NoticesScreen(props: NoticesProps) {
  const text = useText();
  const { state, busy, turnOn, turnOff } = useNotices(props);
  const canTurnOn = state === 'off' || state === 'failed';
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('noticesTitle')}</h1>
      <p>{text('noticesLead')}</p>
      {state === undefined ? <Loading /> : <NoticeOf state={state} />}
      {(canTurnOn || state === 'on') && (
        <button
          type="button"
          class={canTurnOn ? 'button primary wide' : 'button wide'}
          aria-disabled={busy}
          onClick={canTurnOn ? turnOn : turnOff}
        >
          {text(busy ? 'sending' : canTurnOn ? 'noticesTurnOn' : 'noticesTurnOff')}
        </button>
      )}
    </section>
  );
}
