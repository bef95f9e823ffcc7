import type { PrivateBrowsing, StorageKeeper } from '../../core/vault/storage.ts';
import { tryToKeep } from '../storage/trial.ts';

/** A browser that has no say in the matter clears what it likes: that is a refusal as well. */
const told = async (answer: () => Promise<boolean>): Promise<boolean> => {
  try {
    return await answer();
  } catch {
    return false;
  }
};

/** A vault that the browser may clear when room is short is cleared without a word. */
export function createStorageKeeper(privateBrowsing: () => Promise<PrivateBrowsing>): StorageKeeper {
  return {
    ask: () => told(() => navigator.storage.persist()),
    isKept: () => told(() => navigator.storage.persisted()),
    async prospect() {
      const browsing = privateBrowsing().catch((): PrivateBrowsing => 'unknown');
      const [failure, known] = await Promise.all([tryToKeep(), browsing]);
      return { failure, browsing: known, homeScreenFirst: isIosTab() };
    },
  };
}

/** Safari on iOS alone says this of itself. It clears what a page keeps after seven days of use without a visit to it. */
const isIosTab = () => 'standalone' in navigator && navigator.standalone === false;
