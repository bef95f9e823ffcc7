import { type ReadonlySignal, signal } from '@preact/signals';
import type { DecisionKind } from '../../core/api/confirmation.ts';
import type {
  Confirmations,
  LatestConfirmations,
  PendingConfirmation,
} from '../../core/transaction/confirmations.ts';

/** The services' answers about transactions that wait for the customer. */
export interface InboxState {
  /** Whether the customer pressed 最新の取引を確認 and so sees the result. */
  readonly pressed: 'no' | 'waiting' | 'answered';
  /** Undefined until the first answer. */
  readonly answer: LatestConfirmations | undefined;
  /** Ids of the transactions that the customer confirmed here lately. */
  readonly confirmedHere: readonly string[];
}

/** Far more than can be waited for at a time. */
const MOST_CONFIRMED = 20;

export type InboxEvent =
  | { readonly kind: 'pressed' }
  | { readonly kind: 'answered'; readonly answer: LatestConfirmations }
  | {
      readonly kind: 'decided';
      readonly now: PendingConfirmation | undefined;
      readonly was: PendingConfirmation;
    };

export const emptyInbox: InboxState = { pressed: 'no', answer: undefined, confirmedHere: [] };

export function reduceInbox(state: InboxState, event: InboxEvent): InboxState {
  if (event.kind === 'pressed') return { ...state, pressed: 'waiting' };
  if (event.kind === 'decided') return replaced(state, event.was, event.now);
  const pressed = state.pressed === 'no' ? 'no' : 'answered';
  // while the vault is locked, earlier answers must not be visible either
  if (event.answer.concealed !== undefined) return { ...state, pressed, answer: event.answer };
  const { confirmations, failed } = event.answer;
  // a service that could not be asked may still have what it had before
  const kept = (state.answer?.confirmations ?? []).filter(
    (known) => failed.includes(known.details.institution) && !confirmations.some((one) => isSame(one, known)),
  );
  return { ...state, pressed, answer: { ...event.answer, confirmations: [...confirmations, ...kept] } };
}

function replaced(
  state: InboxState,
  was: PendingConfirmation,
  now: PendingConfirmation | undefined,
): InboxState {
  const { answer } = state;
  if (answer === undefined) return state;
  const confirmations = answer.confirmations.flatMap((one) => (isSame(one, was) ? (now ?? []) : one));
  const confirmed = now === undefined ? [] : [now.details.confirmation];
  const confirmedHere = [...state.confirmedHere, ...confirmed].slice(-MOST_CONFIRMED);
  return { ...state, answer: { ...answer, confirmations }, confirmedHere };
}

/** Whether two are the same request, whatever their contents. */
export function isSame(one: PendingConfirmation, other: PendingConfirmation): boolean {
  return one.tokenId === other.tokenId && one.details.confirmation === other.details.confirmation;
}

/** Confirmations to decide on, or with a code to read. Oldest first, so that rows stay in place. */
export function inHand({ answer }: Pick<InboxState, 'answer'>): readonly PendingConfirmation[] {
  return (answer?.confirmations ?? [])
    .filter(({ status, mode }) => status === 'waiting' || mode === 'code')
    .sort((one, other) => one.details.requestedAt.localeCompare(other.details.requestedAt));
}

export interface Inbox {
  readonly state: ReadonlySignal<InboxState>;
  /** Asks the services, one round at a time. */
  ask(pressed?: boolean): Promise<void>;
  /** Applies a decision that was made here at once, and asks again. */
  decided(confirmation: PendingConfirmation, decision: DecisionKind, useBy: number | undefined): void;
  /** Asks now and whenever something may have changed, until aborted. */
  open(signal: AbortSignal): void;
}

export function createInbox({ latest, watch }: Pick<Confirmations, 'latest' | 'watch'>): Inbox {
  const state = signal(emptyInbox);
  const dispatch = (event: InboxEvent) => {
    state.value = reduceInbox(state.peek(), event);
  };
  let changed = false;
  let asking: Promise<void> | undefined;
  const askAll = async () => {
    try {
      do {
        changed = false;
        dispatch({ kind: 'answered', answer: await latest() });
      } while (changed);
    } finally {
      asking = undefined;
    }
  };
  const ask = (pressed = false) => {
    // changes during the round may be missing from the answers
    changed = true;
    if (pressed) dispatch({ kind: 'pressed' });
    asking ??= askAll();
    return asking;
  };
  return {
    state,
    ask,
    decided(was, decision, useBy) {
      const now = decision === 'confirmed' ? ({ ...was, status: 'confirmed', useBy } as const) : undefined;
      dispatch({ kind: 'decided', was, now });
      void ask();
    },
    open(signal) {
      void ask();
      watch(() => void ask(), signal);
    },
  };
}
