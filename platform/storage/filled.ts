import { database, guarded } from './database.ts';

/** How many steps are remembered: a clock set back must not give one away twice. */
const REMEMBERED_STEPS = 16;

/**
 * Claims a step of a token for filling: of any number of pages and tabs that ask, one gets it, and none once it has
 * been given away, even if the worker was killed in between.
 * @returns whether this claim was the one
 */
export function claimStep(tokenId: string, step: number): Promise<boolean> {
  return guarded(async () => {
    const tx = (await database()).transaction('filled', 'readwrite');
    const steps = (await tx.store.get(tokenId)) ?? [];
    const free = !steps.includes(step);
    if (free) await tx.store.put([step, ...steps].slice(0, REMEMBERED_STEPS), tokenId);
    await tx.done;
    return free;
  });
}

/** How many places are remembered: far more than can wait at once. */
const REMEMBERED_PLACES = 64;

/** Claims a place for a confirmation's code, as {@link claimStep} claims a step. */
export function claimConfirmation(tokenId: string, place: string): Promise<boolean> {
  return guarded(async () => {
    const tx = (await database()).transaction('filledConfirmations', 'readwrite');
    const filled = (await tx.store.get(tokenId)) ?? [];
    const free = !filled.includes(place);
    if (free) await tx.store.put([place, ...filled].slice(0, REMEMBERED_PLACES), tokenId);
    await tx.done;
    return free;
  });
}
