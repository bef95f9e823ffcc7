import type { KeptSignature } from './database.ts';
import { write } from './write.ts';

/** Far more than a service lets wait at a time. */
const REMEMBERED = 16;

/**
 * Keeps the first signature of a challenge, whichever pages and workers make one at once or later.
 * @param isOver whether the kept one is good for nothing any more, so that another takes its place
 * @returns the one that is kept
 */
export function keepSignature(
  tokenId: string,
  made: KeptSignature,
  isOver: (kept: KeptSignature) => boolean,
): Promise<KeptSignature> {
  return write(['signatures'], async ({ store }) => {
    const kept = (await store.get(tokenId)) ?? [];
    const first = kept.find(({ challenge }) => challenge === made.challenge);
    if (first && !isOver(first)) return first;
    const others = kept.filter((one) => one !== first);
    await store.put([made, ...others].slice(0, REMEMBERED), tokenId);
    return made;
  });
}
