import type { DecisionKind } from '../../core/api/confirmation.ts';
import { fieldsThatAre } from '../../core/transaction/comparison.ts';
import type {
  CodeOutcome,
  DecisionOutcome,
  PendingConfirmation,
} from '../../core/transaction/confirmations.ts';
import type { DecisionRefusal } from '../../core/transaction/decision-refusal.ts';
import { type ClockOffset, correctedTime } from '../../core/vault/clock.ts';
import { inHand, isSame } from './inbox.ts';

/** A press so soon after its button has appeared was meant for something else. */
export const GUARD_MS = 500;

/** The code of a confirmed transaction, once it is made. */
export type MadeCode = { readonly kind: 'making' } | CodeOutcome;

export type Phase =
  | { readonly kind: 'asking' }
  /** 心当たりがない was pressed and is asked about once more. */
  | { readonly kind: 'not-me' }
  | { readonly kind: 'sending'; readonly decision: DecisionKind }
  | { readonly kind: 'refused'; readonly decision: DecisionKind; readonly reason: DecisionRefusal }
  /** Over before it was decided here; with the decision that came too late. */
  | { readonly kind: 'gone'; readonly decision?: DecisionKind }
  | { readonly kind: 'decided'; readonly decision: DecisionKind; readonly useBy: number | undefined }
  | { readonly kind: 'code'; readonly useBy: number | undefined; readonly code: MadeCode };

/** The one confirmation on screen. */
export interface Shown {
  /** The confirmation as it was drawn and is decided on; never replaced while it is shown. */
  readonly confirmation: PendingConfirmation;
  /** Fields that the page has ever shown differently since then. */
  readonly differs: readonly string[];
  /** Fields that cannot be read from the page that should show them. They block nothing. */
  readonly unread: readonly string[];
  readonly agreed: boolean;
  /** Whether OK was pressed without お取引内容を確認しました。 */
  readonly agreeFirst: boolean;
  readonly phase: Phase;
  /** Device time at which the present buttons appeared. */
  readonly since: number;
}

export interface ConfirmState {
  /** Confirmations with something to do. */
  readonly list: readonly PendingConfirmation[];
  /** The customer is choosing from the list, even if only one is left. */
  readonly choosing: boolean;
  readonly shown: Shown | undefined;
  /** The institution whose latest confirmation is opened when it is heard of, as a notice was about it. */
  readonly wanted?: string | undefined;
  /** By the institution's key. */
  readonly offsets: Readonly<Record<string, ClockOffset>>;
  /** Device time in milliseconds at the last tick. */
  readonly deviceMs: number;
}

/** `at` is device time in milliseconds. */
export type ConfirmEvent =
  | {
      readonly kind: 'listed';
      readonly confirmations: readonly PendingConfirmation[];
      readonly failed: readonly string[];
      readonly at: number;
    }
  | { readonly kind: 'appeared'; readonly at: number }
  | { readonly kind: 'wanted'; readonly institution: string }
  | { readonly kind: 'opened'; readonly confirmation: PendingConfirmation; readonly at: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'agreed'; readonly agreed: boolean }
  | { readonly kind: 'pressed'; readonly decision: DecisionKind; readonly at: number }
  | { readonly kind: 'kept'; readonly at: number }
  | { readonly kind: 'settled'; readonly outcome: DecisionOutcome; readonly at: number }
  | { readonly kind: 'acknowledged'; readonly at: number }
  | {
      readonly kind: 'coded';
      readonly confirmation: PendingConfirmation;
      readonly code: CodeOutcome;
    }
  /** The code is made anew where the screen is shown. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'measured'; readonly institution: string; readonly offset: ClockOffset }
  | { readonly kind: 'ticked'; readonly at: number };

export function initialConfirm(deviceMs: number): ConfirmState {
  return { list: [], choosing: false, shown: undefined, offsets: {}, deviceMs };
}

export function reduceConfirm(state: ConfirmState, event: ConfirmEvent): ConfirmState {
  switch (event.kind) {
    case 'listed':
      return listed(state, event);
    case 'appeared':
      return appeared({ ...state, deviceMs: event.at });
    case 'wanted':
      return { ...state, wanted: event.institution };
    case 'opened':
      if (isBusy(state.shown)) return state;
      return { ...state, shown: open(event.confirmation, event.at), wanted: undefined };
    case 'closed':
      return isBusy(state.shown) ? state : { ...state, shown: undefined, choosing: true, wanted: undefined };
    case 'measured':
      return { ...state, offsets: { ...state.offsets, [event.institution]: event.offset } };
    case 'ticked':
      return { ...state, deviceMs: event.at };
    case 'acknowledged':
      return acknowledged(state, event.at);
    default:
      return state.shown ? { ...state, shown: reduceShown(state, state.shown, event) } : state;
  }
}

type Listed = Extract<ConfirmEvent, { kind: 'listed' }>;

function listed(state: ConfirmState, { confirmations, failed, at }: Listed): ConfirmState {
  const list = inHand({ answer: { confirmations, failed } });
  const shown = state.shown && heardOf(state.shown, confirmations, failed, at);
  const choosing = list.length > 1 || (state.choosing && list.length > 0);
  return withOnly(withWanted({ ...state, list, shown, choosing }, at), at);
}

/** A notice was pressed: shows the latest of its institution, unless a decision is on its way. The others stay in the list. */
function withWanted(state: ConfirmState, at: number): ConfirmState {
  const { wanted, list, shown } = state;
  const found = list.findLast(
    ({ status, details }) => status === 'waiting' && details.institution === wanted,
  );
  if (found === undefined || isBusy(shown)) return state;
  const same = shown !== undefined && isSame(shown.confirmation, found);
  return { ...state, shown: same ? shown : open(found, at), wanted: undefined };
}

/** If only one waits, it is shown at once. */
function withOnly(state: ConfirmState, at: number): ConfirmState {
  const [only] = state.list;
  return state.shown || state.choosing || only === undefined ? state : { ...state, shown: open(only, at) };
}

/** The screen is shown again: its buttons count as new, and an ended confirmation is not shown again. */
function appeared(state: ConfirmState): ConfirmState {
  const { shown, deviceMs } = state;
  if (shown === undefined || isOver(state, shown)) return withOnly({ ...state, shown: undefined }, deviceMs);
  return { ...state, shown: { ...withoutCode(shown), since: deviceMs } };
}

/** Drops the code, which is made anew. */
function withoutCode(shown: Shown): Shown {
  const { phase } = shown;
  return phase.kind === 'code' ? { ...shown, phase: { ...phase, code: { kind: 'making' } } } : shown;
}

function open(confirmation: PendingConfirmation, since: number): Shown {
  const { status, onPage, useBy } = confirmation;
  const differs = fieldsThatAre('different', onPage);
  const unread = fieldsThatAre('unread', onPage);
  const phase: Phase =
    status === 'waiting' ? { kind: 'asking' } : { kind: 'code', useBy, code: { kind: 'making' } };
  return { confirmation, differs, unread, agreed: false, agreeFirst: false, phase, since };
}

/** Applies a newer list to the confirmation on screen. Its details stay as they were drawn. */
function heardOf(
  shown: Shown,
  confirmations: readonly PendingConfirmation[],
  failed: readonly string[],
  at: number,
): Shown {
  const { confirmation, phase } = shown;
  const found = confirmations.find((one) => isSame(one, confirmation));
  const there = found?.canonical === confirmation.canonical;
  if (found === undefined && failed.includes(confirmation.details.institution)) return shown;
  const heard = there ? withPage(shown, found, at) : shown;
  if (there && found.status === 'confirmed' && mayBeConfirmed(phase)) {
    return { ...heard, phase: { kind: 'decided', decision: 'confirmed', useBy: found.useBy }, since: at };
  }
  switch (phase.kind) {
    case 'asking':
      return there ? heard : { ...heard, phase: { kind: 'gone' } };
    case 'refused':
      // what was kept of a service that did not answer says nothing new
      if (phase.reason !== 'untrusted' || failed.includes(confirmation.details.institution)) return heard;
      return { ...heard, phase: { kind: there ? 'asking' : 'gone' }, since: at };
    case 'code':
      if (!there) return { ...heard, phase: { ...phase, code: { kind: 'none' } } };
      return phase.code.kind === 'made' ? heard : withoutCode(heard);
    default:
      // 心当たりがない is for the service to judge at any time, and only its answer settles a decision that was sent
      return heard;
  }
}

/** Whether it may have been confirmed in another window, or here with a lost answer. */
const mayBeConfirmed = ({ kind }: Phase): boolean => ['asking', 'not-me', 'refused', 'gone'].includes(kind);

/** Applies the new comparison with the page. A line that appears or disappears moves the buttons, so they count as new. */
function withPage(shown: Shown, { onPage }: PendingConfirmation, at: number): Shown {
  const differs = [...new Set([...shown.differs, ...fieldsThatAre('different', onPage)])];
  const unread = fieldsThatAre('unread', onPage);
  const moved = differs.length > shown.differs.length || unread.join() !== shown.unread.join();
  return moved ? { ...shown, differs, unread, since: at } : shown;
}

type ShownEvent = Exclude<
  ConfirmEvent,
  { kind: 'listed' | 'appeared' | 'wanted' | 'opened' | 'closed' | 'measured' | 'ticked' | 'acknowledged' }
>;

function reduceShown(state: ConfirmState, shown: Shown, event: ShownEvent): Shown {
  const { phase } = shown;
  switch (event.kind) {
    case 'agreed':
      if (phase.kind === 'sending') return shown;
      return { ...shown, agreed: event.agreed, agreeFirst: shown.agreeFirst && !event.agreed };
    case 'pressed':
      return pressed({ ...state, deviceMs: event.at }, shown, event.decision);
    case 'kept':
      return isNotMe(phase) ? kept(state, shown, event.at) : shown;
    case 'settled':
      return settled(shown, event.outcome, event.at);
    case 'coded':
      if (phase.kind !== 'code' || !isSame(event.confirmation, shown.confirmation)) return shown;
      return { ...shown, phase: { ...phase, code: event.code } };
    case 'dropped':
      return withoutCode(shown);
  }
}

/** Whether 心当たりがない is being asked about, or was sent without an answer. */
function isNotMe(phase: Phase): boolean {
  return phase.kind === 'not-me' || (phase.kind === 'refused' && phase.decision === 'not-me');
}

function pressed(state: ConfirmState, shown: Shown, decision: DecisionKind): Shown {
  if (isGuarded(shown, state.deviceMs) || !canDecide(state, shown, decision)) return shown;
  if (decision === 'confirmed' && !shown.agreed) return { ...shown, agreeFirst: true };
  if (decision === 'not-me' && !isNotMe(shown.phase)) {
    return { ...shown, phase: { kind: 'not-me' }, since: state.deviceMs };
  }
  return { ...shown, phase: { kind: 'sending', decision } };
}

/** Back from 心当たりがない, to what has become of the question in the meantime. */
function kept({ list }: ConfirmState, shown: Shown, since: number): Shown {
  const there = list.some((one) => isSame(one, shown.confirmation));
  return { ...shown, phase: { kind: there ? 'asking' : 'gone' }, since };
}

function settled(shown: Shown, outcome: DecisionOutcome, since: number): Shown {
  const { phase } = shown;
  if (phase.kind !== 'sending') return shown;
  const { decision } = phase;
  if (outcome.kind === 'decided') {
    return { ...shown, phase: { kind: 'decided', decision, useBy: outcome.useBy }, since };
  }
  const { reason } = outcome;
  return {
    ...shown,
    phase: reason === 'gone' ? { kind: 'gone', decision } : { kind: 'refused', decision, reason },
    since,
  };
}

/** OK on the outcome: shows the code if there is one, else closes it. */
function acknowledged(state: ConfirmState, at: number): ConfirmState {
  const { shown } = state;
  if (shown?.phase.kind !== 'decided' || isGuarded(shown, at)) return state;
  const { decision, useBy } = shown.phase;
  if (decision === 'confirmed' && shown.confirmation.mode === 'code') {
    return {
      ...state,
      shown: { ...shown, phase: { kind: 'code', useBy, code: { kind: 'making' } }, since: at },
    };
  }
  const list = state.list.filter((one) => !isSame(one, shown.confirmation));
  return { ...state, list, shown: undefined, choosing: list.length > 0 };
}

function isGuarded({ since }: Shown, at: number): boolean {
  const elapsed = at - since;
  return elapsed >= 0 && elapsed < GUARD_MS;
}

/**
 * Whether a decision can be made now, apart from the tick. A transaction that differs on the page is never confirmed;
 * 心当たりがない stops the token also after the question's end.
 */
export function canDecide(state: ConfirmState, shown: Shown, decision: DecisionKind): boolean {
  if (decision === 'confirmed' && shown.differs.length > 0) return false;
  const { phase } = shown;
  switch (phase.kind) {
    case 'asking':
      return decision === 'not-me' || !isExpired(state, shown);
    case 'not-me':
      return decision === 'not-me';
    case 'gone':
      return decision === 'not-me' && phase.decision !== 'not-me';
    case 'refused':
      if (phase.reason === 'untrusted') return false;
      // The service may have the decision although its answer was lost, so the same one is sent again while it may be.
      return phase.reason !== 'unreachable' || decision === phase.decision || shown.differs.length > 0;
    default:
      return false;
  }
}

const isBusy = (shown: Shown | undefined): boolean => shown?.phase.kind === 'sending';

/** Whether nothing is left to do about a confirmation. */
function isOver(state: ConfirmState, shown: Shown): boolean {
  const { phase } = shown;
  if (phase.kind === 'gone') return true;
  if (phase.kind === 'code') return phase.code.kind === 'none' || isPast(state, shown, phase.useBy);
  // 心当たりがない can be sent at any time
  const ends = phase.kind === 'asking' || (phase.kind === 'refused' && phase.decision !== 'not-me');
  return ends && isPastDeadline(state, shown);
}

/** Whether the question's deadline has passed, by the service's time; false if the clock was never measured. */
export function isExpired(state: ConfirmState, shown: Shown): boolean {
  return shown.phase.kind === 'asking' && isPastDeadline(state, shown);
}

const isPastDeadline = (state: ConfirmState, shown: Shown): boolean =>
  isPast(state, shown, Date.parse(shown.confirmation.details.expiresAt));

export function isPast(state: ConfirmState, shown: Shown, momentMs: number | undefined): boolean {
  const left = leftMs(state, shown.confirmation, momentMs);
  return left !== undefined && left <= 0;
}

/** Milliseconds until a moment, by the service's time; undefined if the clock was never measured. */
export function leftMs(
  { offsets, deviceMs }: ConfirmState,
  { details }: PendingConfirmation,
  momentMs: number | undefined,
): number | undefined {
  const offset = offsets[details.institution];
  return offset && momentMs !== undefined ? momentMs - correctedTime(deviceMs, offset) : undefined;
}

/** Other confirmations with something to do. */
export function othersThan({ list }: ConfirmState, { confirmation }: Shown): readonly PendingConfirmation[] {
  return list.filter((one) => !isSame(one, confirmation));
}
