import type { StorageKeeper } from '../../core/ports.ts';

/** A browser that has no say in the matter clears what it likes: that is a refusal as well. */
const told = async (answer: () => Promise<boolean>): Promise<boolean> => {
  try {
    return await answer();
  } catch {
    return false;
  }
};

/** A vault that the browser may clear when room is short is cleared without a word. */
export const storageKeeper: StorageKeeper = {
  ask: () => told(() => navigator.storage.persist()),
  isKept: () => told(() => navigator.storage.persisted()),
};
