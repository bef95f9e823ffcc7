import type { RefusedFillReason } from '../../core/api/refused-fills.ts';
import { countedWith, type RefusedHour } from '../../core/autofill/refused-fills.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** What is kept of one token. */
export interface RefusedOf {
  readonly tokenId: string;
  readonly hours: readonly RefusedHour[];
}

/** How often each token's fills were refused, until it is reported. Nothing of where, and goes with the token. */
export interface RefusedFillsStore {
  list(): Promise<RefusedOf[]>;
  /** Lets go of a token's hours that began before a moment, Unix milliseconds. */
  forget(tokenId: string, before: number): Promise<void>;
}

/** @param atMs the service's time */
export const addRefusedFill = (tokenId: string, reason: RefusedFillReason, atMs: number): Promise<void> =>
  write(['refusedFills', 'summaries'], async (tx) => {
    // The token may be gone by now.
    if ((await tx.objectStore('summaries').getKey(tokenId)) === undefined) return;
    const store = tx.objectStore('refusedFills');
    await store.put(countedWith((await store.get(tokenId)) ?? [], reason, atMs), tokenId);
  });

export const refusedFills: RefusedFillsStore = {
  list: () =>
    read(['refusedFills'], async ({ store }) => {
      const [ids, all] = await Promise.all([store.getAllKeys(), store.getAll()]);
      return ids.map((tokenId, at) => ({ tokenId, hours: all[at] ?? [] }));
    }),
  forget: (tokenId, before) =>
    write(['refusedFills'], async ({ store }) => {
      const left = ((await store.get(tokenId)) ?? []).filter(({ since }) => since >= before);
      if (left.length > 0) await store.put(left, tokenId);
      else await store.delete(tokenId);
    }),
};
