import type {
  ApprovalDecision,
  ApprovalOutcome,
  PendingApproval,
  WaitingApprovals,
} from '../../core/transaction/approvals.ts';
import type { DecisionRefusal } from '../../core/transaction/decision-refusal.ts';
import { GUARD_MS } from '../confirm/confirm-state.ts';

export type ApprovalPhase =
  | { readonly kind: 'asking' }
  /** 心当たりがない was pressed and is asked about once more. */
  | { readonly kind: 'not-me' }
  | { readonly kind: 'sending'; readonly decision: ApprovalDecision }
  /** The code of this step was used: the next one comes then (device time). */
  | { readonly kind: 'waiting'; readonly until: number }
  | {
      readonly kind: 'refused';
      readonly decision: ApprovalDecision;
      readonly reason: Exclude<DecisionRefusal, 'gone'>;
    }
  /** Over before it was decided here; with the decision that came too late. */
  | { readonly kind: 'gone'; readonly decision?: ApprovalDecision }
  | { readonly kind: 'decided'; readonly decision: ApprovalDecision };

/** The approval on screen. */
export interface ShownApproval {
  readonly approval: PendingApproval;
  /** お取引内容を確認しました, where there is a transaction. */
  readonly agreed: boolean;
  /** Whether OK was pressed without it. */
  readonly agreeFirst: boolean;
  readonly phase: ApprovalPhase;
  /** Device time at which the present buttons appeared. */
  readonly since: number;
}

export interface ApprovalState {
  readonly list: readonly PendingApproval[];
  readonly shown: ShownApproval | undefined;
  /** Ids of those that were decided or left here, and are not shown again. */
  readonly over: readonly string[];
  /** Device time in milliseconds at the last tick. */
  readonly deviceMs: number;
}

/** `at` is device time in milliseconds. */
export type ApprovalEvent =
  | ({ readonly kind: 'listed'; readonly at: number } & WaitingApprovals)
  /** The customer confirmed here what the code is for, so that it is not asked about once more. */
  | { readonly kind: 'confirmed'; readonly at: number }
  | { readonly kind: 'agreed'; readonly agreed: boolean }
  | { readonly kind: 'pressed'; readonly decision: ApprovalDecision; readonly at: number }
  | { readonly kind: 'kept'; readonly at: number }
  | { readonly kind: 'settled'; readonly outcome: ApprovalOutcome; readonly at: number }
  | { readonly kind: 'acknowledged'; readonly at: number }
  | { readonly kind: 'ticked'; readonly at: number };

export function initialApproval(deviceMs: number): ApprovalState {
  return { list: [], shown: undefined, over: [], deviceMs };
}

export function reduceApproval(state: ApprovalState, event: ApprovalEvent): ApprovalState {
  const { shown } = state;
  switch (event.kind) {
    case 'listed':
      return listed(state, event, event.at);
    case 'ticked':
      return { ...state, deviceMs: event.at };
    case 'acknowledged':
      return acknowledged(state, event.at);
    default:
      return shown ? { ...state, shown: reduceShown(state, shown, event) } : state;
  }
}

/** The latest one is shown: a page that asks anew has taken the place of what it asked before. */
function listed(state: ApprovalState, { approvals, unheard }: WaitingApprovals, at: number): ApprovalState {
  const kept = state.list.filter(({ tokenId }) => unheard.includes(tokenId));
  const list = [...kept, ...approvals].filter(({ id }) => !state.over.includes(id));
  const next = { ...state, list, deviceMs: at };
  const { shown } = state;
  if (shown === undefined) return withLatest(next, at);
  const { approval } = shown;
  if (isEnded(next, shown)) {
    // What came of the last one makes room for what is asked now.
    const others = withNext(next, shown, at);
    return others.shown ? others : next;
  }
  const there = list.some(({ id }) => id === approval.id);
  if (there || !isUndecided(shown)) return next;
  const newer = list.findLast(
    ({ tokenId, desktop }) => tokenId === approval.tokenId && desktop === approval.desktop,
  );
  if (newer) return { ...next, shown: opened(newer, at) };
  // Sent again, a decision that the service has already is answered as taken.
  if (shown.phase.kind === 'refused') return next;
  return { ...next, shown: { ...shown, phase: { kind: 'gone' }, since: at } };
}

function withLatest(state: ApprovalState, at: number): ApprovalState {
  const latest = state.list.findLast(({ until }) => until > at);
  return latest ? { ...state, shown: opened(latest, at) } : { ...state, shown: undefined };
}

const opened = (approval: PendingApproval, since: number): ShownApproval => ({
  approval,
  agreed: false,
  agreeFirst: false,
  phase: { kind: 'asking' },
  since,
});

type ShownEvent = Exclude<ApprovalEvent, { kind: 'listed' | 'ticked' | 'acknowledged' }>;

function reduceShown(state: ApprovalState, shown: ShownApproval, event: ShownEvent): ShownApproval {
  switch (event.kind) {
    case 'agreed':
      return { ...shown, agreed: event.agreed, agreeFirst: shown.agreeFirst && !event.agreed };
    case 'confirmed':
      return shown.phase.kind === 'asking' && canDecide({ ...state, deviceMs: event.at }, shown, 'approved')
        ? { ...shown, phase: { kind: 'sending', decision: 'approved' } }
        : shown;
    case 'kept':
      return isAboutNotMe(shown) && shown.phase.kind !== 'sending' ? kept(state, shown, event.at) : shown;
    case 'pressed':
      return pressed({ ...state, deviceMs: event.at }, shown, event.decision);
    case 'settled':
      return settled(shown, event.outcome, event.at);
  }
}

function pressed(state: ApprovalState, shown: ShownApproval, decision: ApprovalDecision): ShownApproval {
  if (isGuarded(shown, state.deviceMs) || !canDecide(state, shown, decision)) return shown;
  if (decision === 'approved' && shown.approval.confirmation !== undefined && !shown.agreed)
    return { ...shown, agreeFirst: true };
  if (decision === 'not-me' && !isAboutNotMe(shown))
    return { ...shown, phase: { kind: 'not-me' }, since: state.deviceMs };
  return { ...shown, phase: { kind: 'sending', decision } };
}

/** Back from 心当たりがない, to what has become of the question in the meantime. */
function kept({ list }: ApprovalState, shown: ShownApproval, since: number): ShownApproval {
  const there = list.some(({ id }) => id === shown.approval.id);
  return { ...shown, phase: { kind: there ? 'asking' : 'gone' }, since };
}

function settled(shown: ShownApproval, outcome: ApprovalOutcome, since: number): ShownApproval {
  const { phase } = shown;
  if (phase.kind !== 'sending') return shown;
  const { decision } = phase;
  return { ...shown, phase: phaseAfter(decision, outcome, since), since };
}

function phaseAfter(decision: ApprovalDecision, outcome: ApprovalOutcome, at: number): ApprovalPhase {
  if (outcome.kind === 'decided') return { kind: 'decided', decision };
  if (outcome.kind === 'wait') return { kind: 'waiting', until: at + outcome.waitMs };
  const { reason } = outcome;
  return reason === 'gone' ? { kind: 'gone', decision } : { kind: 'refused', decision, reason };
}

/** OK on what came of it: the next one, if there is one. */
function acknowledged(state: ApprovalState, at: number): ApprovalState {
  const { shown } = state;
  if (shown === undefined || shown.phase.kind === 'sending' || isGuarded(shown, at)) return state;
  return withNext(state, shown, at);
}

function withNext(state: ApprovalState, { approval: { id } }: ShownApproval, at: number): ApprovalState {
  const list = state.list.filter((one) => one.id !== id);
  return withLatest({ ...state, list, over: [...state.over, id].slice(-MOST_OVER), deviceMs: at }, at);
}

function isGuarded({ since }: ShownApproval, at: number): boolean {
  const elapsed = at - since;
  return elapsed >= 0 && elapsed < GUARD_MS;
}

/** More than can wait at a time. */
const MOST_OVER = 20;

/** Whether 心当たりがない is being asked about, or was sent. */
export const isAboutNotMe = ({ phase }: ShownApproval): boolean =>
  phase.kind === 'not-me' || ('decision' in phase && phase.decision === 'not-me');

/** Whether there is nothing left to decide. */
export const isEnded = (state: ApprovalState, shown: ShownApproval): boolean =>
  shown.phase.kind === 'decided' || shown.phase.kind === 'gone' || isLate(state, shown);

/** Whether its time is over; what is being sent, and 心当たりがない at any time, is for the service to judge. */
export const isLate = ({ deviceMs }: ApprovalState, shown: ShownApproval): boolean =>
  isUndecided(shown) && deviceMs >= shown.approval.until;

/** Whether it can still be decided in its time, or the same decision sent again. */
const isUndecided = (shown: ShownApproval): boolean =>
  ['asking', 'waiting', 'refused'].includes(shown.phase.kind) && !isAboutNotMe(shown);

/**
 * Whether a decision can be made now, apart from the tick. A code never goes to a page of another origin; 心当たりがない stops the
 * token also after the question's end.
 */
export function canDecide(state: ApprovalState, shown: ShownApproval, decision: ApprovalDecision): boolean {
  const { phase, approval } = shown;
  if (decision === 'approved' && !approval.isOwnOrigin) return false;
  switch (phase.kind) {
    case 'asking':
      return decision === 'not-me' || !isLate(state, shown);
    case 'waiting':
      if (decision === 'approved' && state.deviceMs < phase.until) return false;
      return decision === 'not-me' || !isLate(state, shown);
    case 'not-me':
      return decision === 'not-me';
    case 'gone':
      return decision === 'not-me' && phase.decision !== 'not-me';
    case 'refused':
      if (isLate(state, shown)) return decision === 'not-me';
      // The service may have the decision although its answer was lost, so only the same one can be sent again.
      return phase.reason !== 'untrusted' && decision === phase.decision;
    default:
      return false;
  }
}

/** Whole seconds that are left to decide. */
export const secondsLeft = ({ deviceMs }: ApprovalState, { approval }: ShownApproval): number =>
  Math.max(0, Math.ceil((approval.until - deviceMs) / 1000));
