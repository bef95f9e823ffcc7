import { type ReadonlySignal, signal } from '@preact/signals';
import type { StorageKeeper } from '../core/vault/storage.ts';

/** unknown: the browser has not said yet · clearable: it may clear the vault by itself */
export type StorageState = 'unknown' | 'kept' | 'clearable';

/** Whether the browser keeps the vault, as it last said. */
export interface StorageModel {
  readonly state: ReadonlySignal<StorageState>;
  /** Asks for it to be kept; the answer may wait for the customer's, or never come. */
  ask(): Promise<void>;
  look(): Promise<void>;
}

export function createStorageModel(storage: Pick<StorageKeeper, 'ask' | 'isKept'>): StorageModel {
  const state = signal<StorageState>('unknown');
  /** Counts questions: an answer to an earlier one is older than it looks. */
  let turn = 0;
  let answered = 0;
  const hear = async (answer: Promise<boolean>) => {
    turn += 1;
    const mine = turn;
    const kept = await answer;
    // agreed to while another look was under way: what is kept once stays so
    if (mine < answered && !kept) return;
    answered = Math.max(answered, mine);
    state.value = kept ? 'kept' : 'clearable';
  };
  return { state, ask: () => hear(storage.ask()), look: () => hear(storage.isKept()) };
}
