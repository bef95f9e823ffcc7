import {
  type ConfirmEvent,
  type ConfirmState,
  GUARD_MS,
  initialConfirm,
  reduceConfirm,
} from '../../../../components/confirm/confirm-state.ts';
import type { PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import { aConfirmation, START } from './confirmations.ts';

export const LATER = START + GUARD_MS;
export const waiting = aConfirmation();
export const otherAmount = aConfirmation({ onPage: { payee: 'same', amount: 'different' } });
export const listedAt = (at: number, ...confirmations: PendingConfirmation[]): ConfirmEvent => ({
  kind: 'listed',
  confirmations,
  failed: [],
  at,
});
export const listed = (...confirmations: PendingConfirmation[]) => listedAt(START, ...confirmations);
export const once = (...events: ConfirmEvent[]): ConfirmState =>
  events.reduce(reduceConfirm, initialConfirm(START));
export const agreed: ConfirmEvent = { kind: 'agreed', agreed: true };
export const pressed = (decision: 'confirmed' | 'rejected' | 'not-me', at = LATER): ConfirmEvent => ({
  kind: 'pressed',
  decision,
  at,
});
export const settled = (reason?: 'gone' | 'unreachable' | 'untrusted' | 'clock' | 'vault'): ConfirmEvent => ({
  kind: 'settled',
  outcome: reason ? { kind: 'refused', reason } : { kind: 'decided', useBy: START + 600_000 },
  at: LATER,
});
export const phase = (state: ConfirmState) => state.shown?.phase;
