import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { DecisionKind } from '../../core/api/confirmation.ts';
import type { Clock } from '../../core/clock.ts';
import type { PreferenceKeeper } from '../../core/preferences.ts';
import type { Confirmations, PendingConfirmation } from '../../core/transaction/confirmations.ts';
import type { ClockKeeper } from '../../core/vault/clock.ts';
import { type ConfirmEvent, type ConfirmState, initialConfirm, reduceConfirm } from './confirm-state.ts';
import type { Inbox, InboxState } from './inbox.ts';

export interface ConfirmPorts {
  readonly confirmations: Pick<Confirmations, 'decide' | 'code'>;
  readonly clock: Clock;
  readonly clockKeeper: Pick<ClockKeeper, 'offset'>;
  /** Absent where no use of a token is kept. */
  readonly preferences?: Pick<PreferenceKeeper, 'noteUse'> | undefined;
  /** Runs a function after `ms` milliseconds. @returns a function that cancels it */
  schedule(run: () => void, ms: number): () => void;
}

/** State and actions for the views of 取引認証. Nothing here rejects: failures are states. */
export interface ConfirmModel {
  readonly state: ReadonlySignal<ConfirmState>;
  /** The screen is shown: time runs, and buttons count from now. */
  show(): void;
  /** The screen is hidden: the code is dropped. */
  hide(): void;
  open(confirmation: PendingConfirmation): void;
  /** A notice of an institution was pressed: opens its latest confirmation as soon as the service has told of it. */
  want(institution: string): void;
  /** Back to choosing among several. */
  close(): void;
  agree(agreed: boolean): void;
  /** Sends the decision if it can be made now; 心当たりがない asks once more first. */
  press(decision: DecisionKind): Promise<void>;
  /** Goes back from 心当たりがない. */
  keep(): void;
  /** OK on the outcome. */
  acknowledge(): void;
  /** Asks for the code once more. */
  retry(): void;
}

export function createConfirmModel(
  ports: ConfirmPorts,
  inbox: Pick<Inbox, 'state' | 'decided'>,
): ConfirmModel {
  const { clock } = ports;
  const state = signal(initialConfirm(clock()));
  const work: Work = { ports, inbox, state, visible: false, making: undefined, stopSeconds: undefined };
  let last: InboxState['answer'];
  inbox.state.subscribe(({ answer }) => {
    if (answer === undefined || answer === last) return;
    last = answer;
    dispatch(work, { kind: 'listed', ...answer, at: clock() });
    void readClocks(work);
  });
  return {
    state,
    show() {
      work.visible = true;
      dispatch(work, { kind: 'appeared', at: clock() });
      void readClocks(work);
      tick(work);
    },
    hide() {
      work.visible = false;
      work.making = undefined;
      work.stopSeconds?.();
      dispatch(work, { kind: 'dropped' });
    },
    open: (confirmation) => dispatch(work, { kind: 'opened', confirmation, at: clock() }),
    want: (institution) => dispatch(work, { kind: 'wanted', institution }),
    close: () => dispatch(work, { kind: 'closed' }),
    agree: (agreed) => dispatch(work, { kind: 'agreed', agreed }),
    press: (decision) => press(work, decision),
    keep: () => dispatch(work, { kind: 'kept', at: clock() }),
    acknowledge: () => dispatch(work, { kind: 'acknowledged', at: clock() }),
    retry: () => dispatch(work, { kind: 'dropped' }),
  };
}

/** A model's mutable state. */
interface Work {
  readonly ports: ConfirmPorts;
  readonly inbox: Pick<Inbox, 'decided'>;
  readonly state: Signal<ConfirmState>;
  visible: boolean;
  /** The confirmation whose code is being made. */
  making: PendingConfirmation | undefined;
  stopSeconds: (() => void) | undefined;
}

function dispatch(work: Work, event: ConfirmEvent): void {
  work.state.value = reduceConfirm(work.state.peek(), event);
  void makeCode(work);
}

function tick(work: Work): void {
  const { clock, schedule } = work.ports;
  work.stopSeconds?.();
  dispatch(work, { kind: 'ticked', at: clock() });
  work.stopSeconds = schedule(() => tick(work), 1000);
}

async function press(work: Work, decision: DecisionKind): Promise<void> {
  const { clock, confirmations, preferences } = work.ports;
  const before = work.state.peek().shown?.phase;
  dispatch(work, { kind: 'pressed', decision, at: clock() });
  const { shown } = work.state.peek();
  if (shown?.phase.kind !== 'sending' || before?.kind === 'sending') return;
  const { confirmation } = shown;
  const outcome = await confirmations.decide(confirmation, decision);
  dispatch(work, { kind: 'settled', outcome, at: clock() });
  if (outcome.kind !== 'decided') return;
  if (decision === 'confirmed') preferences?.noteUse(confirmation.tokenId, clock());
  work.inbox.decided(confirmation, decision, outcome.useBy);
}

/** Makes the code for the screen. It makes none before the confirmation or for a page that shows something else. */
async function makeCode(work: Work): Promise<void> {
  const { shown } = work.state.peek();
  if (!work.visible || shown?.phase.kind !== 'code' || shown.differs.length > 0) return;
  const { confirmation, phase } = shown;
  if (phase.code.kind !== 'making' || work.making === confirmation) return;
  work.making = confirmation;
  const code = await work.ports.confirmations.code({
    ...confirmation,
    status: 'confirmed',
    useBy: phase.useBy,
  });
  // the screen was hidden in the meantime, so no code is kept
  if (work.making !== confirmation) return;
  work.making = undefined;
  dispatch(work, { kind: 'coded', confirmation, code });
}

/** Reads the service's time, which was measured with its answers. */
async function readClocks({ ports, state }: Work): Promise<void> {
  const { list, shown } = state.peek();
  const known = shown ? [shown.confirmation, ...list] : list;
  const institutions = new Set(known.map(({ details }) => details.institution));
  for (const institution of institutions) {
    const offset = await ports.clockKeeper.offset(institution).catch(() => undefined);
    if (offset) state.value = reduceConfirm(state.peek(), { kind: 'measured', institution, offset });
  }
}
