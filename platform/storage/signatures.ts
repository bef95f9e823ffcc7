import type { KeptSignature } from './database.ts';
import { write } from './write.ts';

/** Far more than a service lets wait at a time. */
const REMEMBERED = 16;

/**
 * Keeps the first signature of a challenge, whichever pages and workers make one at once or later.
 * @returns the one that is kept
 */
export function keepSignature(tokenId: string, made: KeptSignature): Promise<KeptSignature> {
  return write(['signatures'], async ({ store }) => {
    const kept = (await store.get(tokenId)) ?? [];
    const first = kept.find(({ challenge }) => challenge === made.challenge);
    if (first === undefined) await store.put([made, ...kept].slice(0, REMEMBERED), tokenId);
    return first ?? made;
  });
}
