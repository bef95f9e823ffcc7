import type { DecisionHistory, PastDecision } from '../../core/ports.ts';
import { openDecision, sealDecision, surplus } from '../../core/vault/decisions.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { database, guarded } from './database.ts';
import { openDoor } from './door.ts';
import { openHistoryKey } from './history-key.ts';

/** 取引認証の履歴 in this browser's IndexedDB. */
export const decisionHistory: DecisionHistory = {
  list: () =>
    guarded(async () => {
      const kept = await (await database()).getAllFromIndex('decisions', 'decidedAt');
      if (kept.length === 0) return [];
      const key = await historyKey();
      return Promise.all(kept.reverse().map((decision) => openDecision(key, decision)));
    }),
};

/** Keeps a decision and lets go of the oldest ones. The same confirmation decided again is one entry. */
export function keepDecision(decision: PastDecision, randomBytes: RandomBytes): Promise<void> {
  return guarded(async () => {
    const sealed = await sealDecision(await historyKey(), decision, randomBytes);
    const tx = (await database()).transaction('decisions', 'readwrite');
    await tx.store.put(sealed);
    const ids = await tx.store.index('decidedAt').getAllKeys();
    await Promise.all([...surplus(ids).map((id) => tx.store.delete(id)), tx.done]);
  });
}

const historyKey = async (): Promise<CryptoKey> => openHistoryKey(await openDoor());
