import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Clock } from '../../core/clock.ts';
import type { PreferenceKeeper } from '../../core/preferences.ts';
import type {
  ApprovalDecision,
  ApprovalOutcome,
  Approvals,
  PendingApproval,
} from '../../core/transaction/approvals.ts';
import type { Confirmations, PendingConfirmation } from '../../core/transaction/confirmations.ts';
import type { Inbox } from '../confirm/inbox.ts';
import { type ApprovalEvent, type ApprovalState, initialApproval, reduceApproval } from './approval-state.ts';

export interface ApprovalPorts {
  readonly approvals: Approvals;
  readonly confirmations: Pick<Confirmations, 'decide'>;
  readonly clock: Clock;
  /** Absent where no use of a token is kept. */
  readonly preferences?: Pick<PreferenceKeeper, 'noteUse'> | undefined;
  /** Runs a function after `ms` milliseconds. @returns a function that cancels it */
  schedule(run: () => void, ms: number): () => void;
}

/** State and actions for the view of an approval. Nothing here rejects: failures are states. */
export interface ApprovalModel {
  readonly state: ReadonlySignal<ApprovalState>;
  /** The screen is shown: time runs. */
  show(): void;
  hide(): void;
  agree(agreed: boolean): void;
  /** Sends the decision if it can be made now; 心当たりがない asks once more first. */
  press(decision: ApprovalDecision): Promise<void>;
  /** Goes back from 心当たりがない. */
  keep(): void;
  /** OK on what came of it. */
  acknowledge(): void;
}

export function createApprovalModel(
  ports: ApprovalPorts,
  inbox: Pick<Inbox, 'state' | 'decided'>,
): ApprovalModel {
  const { clock } = ports;
  const state = signal(initialApproval(clock()));
  const work: Work = { ports, inbox, state, stopSeconds: undefined };
  inbox.state.subscribe(({ answer }) => {
    // What was not asked about says nothing of what was known before; its time ends by itself.
    if (answer?.approvals === undefined) return;
    dispatch(work, { kind: 'listed', ...answer.approvals, at: clock() });
    void goOn(work);
  });
  return {
    state,
    show: () => tick(work),
    hide: () => work.stopSeconds?.(),
    agree: (agreed) => dispatch(work, { kind: 'agreed', agreed }),
    press: (decision) => press(work, decision),
    keep: () => dispatch(work, { kind: 'kept', at: clock() }),
    acknowledge: () => dispatch(work, { kind: 'acknowledged', at: clock() }),
  };
}

interface Work {
  readonly ports: ApprovalPorts;
  readonly inbox: Pick<Inbox, 'state' | 'decided'>;
  readonly state: Signal<ApprovalState>;
  stopSeconds: (() => void) | undefined;
}

function dispatch({ state }: Work, event: ApprovalEvent): void {
  state.value = reduceApproval(state.peek(), event);
}

function tick(work: Work): void {
  const { clock, schedule } = work.ports;
  work.stopSeconds?.();
  dispatch(work, { kind: 'ticked', at: clock() });
  work.stopSeconds = schedule(() => tick(work), 1000);
}

const press = (work: Work, decision: ApprovalDecision) =>
  sendAfter(work, { kind: 'pressed', decision, at: work.ports.clock() });

/**
 * Banks ask for a transaction's code once it is confirmed. Where the customer confirmed it here, on these very details, that was
 * the decision on its code too: it is worth nothing for any other.
 */
async function goOn(work: Work): Promise<void> {
  const { approval } = work.state.peek().shown ?? {};
  const confirmed = approval && transactionOf(work.inbox, approval)?.status === 'confirmed';
  const here = work.inbox.state.peek().confirmedHere;
  if (confirmed && here.some((id) => id === approval.confirmation))
    await sendAfter(work, { kind: 'confirmed', at: work.ports.clock() });
}

/** Sends what an event has decided, once. */
async function sendAfter(work: Work, event: ApprovalEvent): Promise<void> {
  const before = work.state.peek().shown?.phase;
  dispatch(work, event);
  const { shown } = work.state.peek();
  if (shown?.phase.kind !== 'sending' || before?.kind === 'sending') return;
  const { approval, phase } = shown;
  const outcome = await send(work, approval, phase.decision);
  const at = work.ports.clock();
  dispatch(work, { kind: 'settled', outcome, at });
  if (outcome.kind === 'decided' && phase.decision === 'approved')
    work.ports.preferences?.noteUse(approval.tokenId, at);
}

/** One press decides on the transaction, where there is one, and then on its code. */
async function send(
  work: Work,
  approval: PendingApproval,
  decision: ApprovalDecision,
): Promise<ApprovalOutcome> {
  const { approvals, confirmations } = work.ports;
  const transaction = transactionOf(work.inbox, approval);
  if (approval.confirmation !== undefined && decision === 'approved' && transaction === undefined)
    return { kind: 'refused', reason: 'gone' };
  if (transaction?.status === 'waiting' && decision !== 'not-me') {
    const about = decision === 'approved' ? 'confirmed' : 'rejected';
    const outcome = await confirmations.decide(transaction, about);
    if (outcome.kind === 'refused') return outcome;
    work.inbox.decided(transaction, about, outcome.useBy);
  }
  return approvals.decide(approval, decision, transaction?.canonical);
}

/** The transaction that an approval is for, as its service signed it; undefined where there is none, or it has ended. */
export function transactionOf(
  { state }: Pick<Inbox, 'state'>,
  { confirmation, tokenId }: PendingApproval,
): PendingConfirmation | undefined {
  if (confirmation === undefined) return undefined;
  return (state.value.answer?.confirmations ?? []).find(
    (one) => one.tokenId === tokenId && one.details.confirmation === confirmation,
  );
}
