import { write } from './write.ts';

/** Number of remembered steps, so that no step is given away twice after the clock was set back. */
const REMEMBERED_STEPS = 16;

/** Number of remembered places, which is far more than can wait at a time. */
const REMEMBERED_PLACES = 64;

/**
 * Claims a step of a token for filling. Only one of any number of pages and tabs gets it, also if the worker is killed in between.
 * @returns whether this claim succeeded
 */
export function claimStep(tokenId: string, step: number): Promise<boolean> {
  return write(['filled'], (tx) => claim(tx, tokenId, step, REMEMBERED_STEPS));
}

/** Gives back a step that was claimed and not filled. */
export function releaseStep(tokenId: string, step: number): Promise<void> {
  return write(['filled'], async ({ store }) => {
    const claimed = (await store.get(tokenId)) ?? [];
    await store.put(
      claimed.filter((one) => one !== step),
      tokenId,
    );
  });
}

/** Claims a place for a confirmation's code, as {@link claimStep} claims a step. */
export function claimConfirmation(tokenId: string, place: string): Promise<boolean> {
  return write(['filledConfirmations'], (tx) => claim(tx, tokenId, place, REMEMBERED_PLACES));
}

/** A transaction on the latest claims of each token. */
interface Claiming<T> {
  readonly store: {
    get(tokenId: string): Promise<readonly T[] | undefined>;
    put(claimed: readonly T[], tokenId: string): Promise<unknown>;
  };
  commit(): void;
}

async function claim<T>(tx: Claiming<T>, tokenId: string, one: T, most: number): Promise<boolean> {
  const claimed = (await tx.store.get(tokenId)) ?? [];
  const free = !claimed.includes(one);
  if (free) {
    // The customer waits: the commit is sent along with the entry. If that fails, so does the transaction.
    tx.store.put([one, ...claimed].slice(0, most), tokenId).catch(() => undefined);
    tx.commit();
  }
  return free;
}
