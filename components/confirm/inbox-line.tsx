import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { PendingConfirmation, TokenStanding } from '../../core/transaction/confirmations.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { useLater } from '../later.ts';
import { useText } from '../text.ts';
import { type Inbox, inHand, isSame } from './inbox.ts';

interface InboxLineProps {
  readonly inbox: Inbox;
  readonly tokens: readonly TokenSummary[];
  /** The confirmation on screen, which does not count as new. */
  readonly shown?: PendingConfirmation | undefined;
  /** Whether to show the result even if nobody pressed the button. */
  readonly eager?: boolean;
  /** Opens the confirmations with something to do; absent if they are on screen. */
  readonly onOpen?: () => void;
}

/** 最新の取引を確認, its result, and the way to waiting confirmations. */
export function InboxLine({ inbox, tokens, shown, eager, onOpen }: InboxLineProps) {
  const text = useText();
  const { pressed, answer } = inbox.state.value;
  const found = inHand(inbox.state.value).filter((one) => !shown || !isSame(one, shown));
  const waiting = found.filter(({ status }) => status === 'waiting').length;
  const words = waiting > 0 ? text('confirmWaiting', String(waiting)) : text('confirmCodeReady');
  const checking = pressed === 'waiting';
  const { part: told, want } = useLater(() => import('./inbox-answer.tsx'));
  if (answer) void want();
  const check = async () => {
    if (checking) return;
    await inbox.ask(true);
    if (inHand(inbox.state.peek()).length > 0) onOpen?.();
  };
  // Where other devices decide for all tokens, nothing is ever asked here.
  if (tokens.length > 0 && tokens.every(({ decider }) => decider !== undefined)) return null;
  return (
    <section class="inbox">
      {onOpen && found.length > 0 && (
        <button type="button" class="button wide" onClick={onOpen}>
          {words}
        </button>
      )}
      <button type="button" class="button wide" aria-disabled={checking} onClick={check}>
        {text(checking ? 'clockChecking' : 'confirmCheck')}
      </button>
      <div class="inbox-answer" role="status">
        {told && answer && (
          <told.InboxAnswer
            {...{ answer, tokens, found }}
            asked={pressed === 'answered' || (eager === true && !checking)}
            waiting={waiting > 0 && !onOpen ? words : undefined}
          />
        )}
      </div>
    </section>
  );
}

/**
 * Keeps the inbox open while the page is visible. A hidden page has no connection, and asks when it becomes visible again.
 * @param tokens number of tokens; a change makes the inbox listen for the new one at once
 * @param locked a change makes the inbox ask again; open streams stay open, as they still tell that something may wait
 * @param onArrival called for new confirmations, but not again after the customer went back from them
 * @param onStanding called with the services' answers about the tokens themselves
 * @param ready whether the screen may change now; earlier arrivals are reported then
 */
export function useInbox(
  inbox: Inbox,
  tokens: number,
  locked: boolean,
  ready: boolean,
  onArrival: () => void,
  onStanding: (standings: readonly TokenStanding[]) => void,
): void {
  const known = useRef<readonly PendingConfirmation[]>([]);
  const found = inHand(inbox.state.value);
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => {
    const follow = () => {
      stop.current?.abort();
      stop.current = new AbortController();
      if (!document.hidden) inbox.open(stop.current.signal);
    };
    if (locked) void inbox.ask();
    else follow();
    document.addEventListener('visibilitychange', follow);
    return () => document.removeEventListener('visibilitychange', follow);
  }, [inbox, tokens, locked]);
  useEffect(() => () => stop.current?.abort(), []);
  const standings = inbox.state.value.answer?.standings;
  // before what the same answer says of the tokens is painted
  useLayoutEffect(() => {
    if (standings) onStanding(standings);
  }, [standings, onStanding]);
  useEffect(() => {
    if (!ready) return;
    const before = known.current;
    known.current = found;
    if (found.some((one) => !before.some((other) => isSame(one, other)))) onArrival();
  });
}
