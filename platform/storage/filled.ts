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

/** How many confirmations are remembered: far more than can wait at once. */
const REMEMBERED_CONFIRMATIONS = 64;

/** Claims a confirmation's code for filling, as {@link claimStep} claims a step. */
export function claimConfirmation(tokenId: string, confirmation: string): Promise<boolean> {
  return guarded(async () => {
    const tx = (await database()).transaction('filledConfirmations', 'readwrite');
    const filled = (await tx.store.get(tokenId)) ?? [];
    const free = !filled.includes(confirmation);
    if (free) await tx.store.put([confirmation, ...filled].slice(0, REMEMBERED_CONFIRMATIONS), tokenId);
    await tx.done;
    return free;
  });
}
