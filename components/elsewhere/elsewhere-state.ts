import type { DecisionRefusal } from '../../core/transaction/decision-refusal.ts';
import type { NotMeOutcome, WaitingLogin } from '../../core/transaction/logins.ts';
import { GUARD_MS } from '../confirm/confirm-state.ts';

export type DisownPhase =
  /** 心当たりがない was pressed and is asked about once more. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'refused'; readonly reason: DecisionRefusal }
  | { readonly kind: 'stopped' };

/** The login that the customer knows nothing of. */
export interface Disowned {
  readonly login: WaitingLogin;
  readonly phase: DisownPhase;
  /** Device time at which the present buttons appeared. */
  readonly since: number;
}

/** Logins elsewhere that wait for a signature. Nothing here gives one. */
export interface ElsewhereState {
  readonly logins: readonly WaitingLogin[];
  readonly disowned: Disowned | undefined;
}

/** `at` is device time in milliseconds. */
export type ElsewhereEvent =
  | { readonly kind: 'listed'; readonly logins: readonly WaitingLogin[] }
  | { readonly kind: 'disowned'; readonly login: WaitingLogin; readonly at: number }
  | { readonly kind: 'pressed'; readonly at: number }
  | { readonly kind: 'kept' }
  | { readonly kind: 'settled'; readonly outcome: NotMeOutcome; readonly at: number }
  | { readonly kind: 'acknowledged'; readonly at: number };

export const initialElsewhere: ElsewhereState = { logins: [], disowned: undefined };

export function reduceElsewhere(state: ElsewhereState, event: ElsewhereEvent): ElsewhereState {
  const { disowned } = state;
  switch (event.kind) {
    case 'listed':
      return { ...state, logins: event.logins };
    case 'disowned':
      if (disowned) return state;
      return { ...state, disowned: { login: event.login, phase: { kind: 'asking' }, since: event.at } };
    default:
      return disowned ? { ...state, disowned: reduceDisowned(disowned, event) } : state;
  }
}

type OwnEvent = Exclude<ElsewhereEvent, { kind: 'listed' | 'disowned' }>;

function reduceDisowned(disowned: Disowned, event: OwnEvent): Disowned | undefined {
  const { phase, since } = disowned;
  switch (event.kind) {
    case 'pressed':
      if (!canStop(phase) || isGuarded(since, event.at)) return disowned;
      return { ...disowned, phase: { kind: 'sending' } };
    case 'kept':
      return phase.kind === 'asking' || phase.kind === 'refused' ? undefined : disowned;
    case 'settled':
      if (phase.kind !== 'sending') return disowned;
      return {
        ...disowned,
        phase: event.outcome,
        since: event.at,
      };
    case 'acknowledged':
      return phase.kind === 'stopped' && !isGuarded(since, event.at) ? undefined : disowned;
  }
}

/** Whether the token can be stopped by a press, first or again. What has ended, or was answered by nobody known, is not sent again. */
export const canStop = (phase: DisownPhase): boolean =>
  phase.kind === 'asking' ||
  (phase.kind === 'refused' && phase.reason !== 'gone' && phase.reason !== 'untrusted');

const isGuarded = (since: number, at: number) => at - since >= 0 && at - since < GUARD_MS;
