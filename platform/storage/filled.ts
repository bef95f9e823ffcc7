import { write } from './write.ts';

/** How many steps are remembered: a clock set back must not give one away twice. */
const REMEMBERED_STEPS = 16;

/** How many places are remembered: far more than can wait at once. */
const REMEMBERED_PLACES = 64;

/**
 * Claims a step of a token for filling: of any number of pages and tabs that ask, one gets it, and none once it has
 * been given away, even if the worker was killed in between.
 * @returns whether this claim was the one
 */
export function claimStep(tokenId: string, step: number): Promise<boolean> {
  return write(['filled'], ({ store }) => claim(store, tokenId, step, REMEMBERED_STEPS));
}

/** Claims a place for a confirmation's code, as {@link claimStep} claims a step. */
export function claimConfirmation(tokenId: string, place: string): Promise<boolean> {
  return write(['filledConfirmations'], ({ store }) => claim(store, tokenId, place, REMEMBERED_PLACES));
}

/** What each token gave away. */
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
