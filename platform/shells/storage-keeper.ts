import type { PrivateBrowsing, StorageKeeper } from '../../core/vault/storage.ts';
import { tryToKeep } from '../storage/trial.ts';

/** A browser without this API may clear the data, which counts as a refusal. */
const told = async (answer: () => Promise<boolean>): Promise<boolean> => {
  try {
    return await answer();
  } catch {
    return false;
  }
};

/** Whether the browser may clear the vault, without a warning, when space is short. */
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

/** Only Safari on iOS has this property. It clears a page's data after seven days of use without a visit to the page. */
const isIosTab = () => 'standalone' in navigator && navigator.standalone === false;
