import { type ReadonlySignal, signal } from '@preact/signals';
import type { StorageKeeper } from '../core/vault/storage.ts';

/** unknown: the browser has not answered yet · clearable: the browser may clear the vault by itself */
export type StorageState = 'unknown' | 'kept' | 'clearable';

/** Whether the browser keeps the vault, by its last answer. */
export interface StorageModel {
  readonly state: ReadonlySignal<StorageState>;
  /** Asks the browser to keep the vault. The answer may wait for the customer, or never come. */
  ask(): Promise<void>;
  look(): Promise<void>;
}

export function createStorageModel(storage: Pick<StorageKeeper, 'ask' | 'isKept'>): StorageModel {
  const state = signal<StorageState>('unknown');
  /** Counts questions, so that the answer to an earlier one is ignored. */
  let turn = 0;
  let answered = 0;
  const hear = async (answer: Promise<boolean>) => {
    turn += 1;
    const mine = turn;
    const kept = await answer;
    // the browser agreed during another look, and does not take that back
    if (mine < answered && !kept) return;
    answered = Math.max(answered, mine);
    state.value = kept ? 'kept' : 'clearable';
  };
  return { state, ask: () => hear(storage.ask()), look: () => hear(storage.isKept()) };
}
