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
  return write(['filled'], ({ store }) => claim(store, tokenId, step, REMEMBERED_STEPS));
}

/** Claims a place for a confirmation's code, as {@link claimStep} claims a step. */
export function claimConfirmation(tokenId: string, place: string): Promise<boolean> {
  return write(['filledConfirmations'], ({ store }) => claim(store, tokenId, place, REMEMBERED_PLACES));
}

/** The latest claims of each token. */
interface Claims<T> {
  get(tokenId: string): Promise<readonly T[] | undefined>;
  put(claimed: readonly T[], tokenId: string): Promise<unknown>;
}

async function claim<T>(claims: Claims<T>, tokenId: string, one: T, most: number): Promise<boolean> {
  const claimed = (await claims.get(tokenId)) ?? [];
  const free = !claimed.includes(one);
  if (free) await claims.put([one, ...claimed].slice(0, most), tokenId);
  return free;
}
