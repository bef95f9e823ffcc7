import { type ReadonlySignal, signal } from '@preact/signals';
import type { Clock } from '../../core/clock.ts';
import type { Confirmations } from '../../core/transaction/confirmations.ts';
import type { WaitingLogin } from '../../core/transaction/logins.ts';
import type { Inbox } from '../confirm/inbox.ts';
import {
  type ElsewhereEvent,
  type ElsewhereState,
  initialElsewhere,
  reduceElsewhere,
} from './elsewhere-state.ts';

export interface ElsewherePorts {
  readonly confirmations: Pick<Confirmations, 'notMe'>;
  readonly clock: Clock;
  /** Runs a function after `ms` milliseconds. @returns a function that cancels it */
  schedule(run: () => void, ms: number): () => void;
}

/** State and actions for logins elsewhere. Nothing here rejects: failures are states. */
export interface ElsewhereModel {
  readonly state: ReadonlySignal<ElsewhereState>;
  /** 心当たりがない, which asks once more. */
  disown(login: WaitingLogin): void;
  /** Refuses it, and stops the token. */
  stop(): Promise<void>;
  /** Goes back without stopping. */
  keep(): void;
  /** OK on what came of it. */
  acknowledge(): void;
}

export function createElsewhereModel(
  { confirmations, clock, schedule }: ElsewherePorts,
  inbox: Pick<Inbox, 'state' | 'ask'>,
): ElsewhereModel {
  const state = signal(initialElsewhere);
  const dispatch = (event: ElsewhereEvent) => {
    state.value = reduceElsewhere(state.peek(), event);
  };
  let stop: (() => void) | undefined;
  /** Lists the logins whose time is not over, and does so again when that of the next one is. */
  const list = (told: readonly WaitingLogin[]) => {
    stop?.();
    const now = clock();
    const logins = told.filter(({ until }) => until > now);
    dispatch({ kind: 'listed', logins });
    const next = Math.min(...logins.map(({ until }) => until));
    stop = logins[0] && schedule(() => list(logins), next - now);
  };
  inbox.state.subscribe(({ answer }) => list(answer?.logins ?? []));
  return {
    state,
    disown: (login) => dispatch({ kind: 'disowned', login, at: clock() }),
    async stop() {
      const before = state.peek().disowned;
      dispatch({ kind: 'pressed', at: clock() });
      const { disowned } = state.peek();
      if (disowned === before || disowned === undefined) return;
      const outcome = await confirmations.notMe(disowned.login);
      dispatch({ kind: 'settled', outcome, at: clock() });
      void inbox.ask();
    },
    keep: () => dispatch({ kind: 'kept' }),
    acknowledge: () => dispatch({ kind: 'acknowledged', at: clock() }),
  };
}
