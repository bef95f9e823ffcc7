import type { DecisionHistory, PastDecision } from '../../core/vault/decisions.ts';
import { openDecision, sealDecision, surplus } from '../../core/vault/decisions.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { openDerivedKey } from './derived-key.ts';
import { openDoor } from './door.ts';
import { read } from './read.ts';
import { guarded } from './storage-errors.ts';
import { write } from './write.ts';

/** 取引認証の履歴 in this browser's IndexedDB. */
export const decisionHistory: DecisionHistory = {
  list: () =>
    guarded(async () => {
      const kept = await read(['decisions'], ({ store }) => store.index('decidedAt').getAll());
      if (kept.length === 0) return [];
      const key = await historyKey();
      const opened = await Promise.all(
        kept.reverse().map((decision) => openDecision(key, decision).catch(() => undefined)),
      );
      // One that is damaged hides no other.
      return opened.filter((decision) => decision !== undefined);
    }),
};

/** Stores a decision and deletes the oldest ones. Each confirmation has one entry. */
export function keepDecision(decision: PastDecision, randomBytes: RandomBytes): Promise<void> {
  return guarded(async () => {
    const sealed = await sealDecision(await historyKey(), decision, randomBytes);
    await write(['decisions'], async ({ store }) => {
      await store.put(sealed);
      const ids = await store.index('decidedAt').getAllKeys();
      await Promise.all(surplus(ids).map((id) => store.delete(id)));
    });
  });
}

const historyKey = async (): Promise<CryptoKey> =>
  openDerivedKey(await openDoor(), 'warifu decision history v1');
