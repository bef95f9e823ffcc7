import type { ServiceDependencies } from './context.ts';
import { deadline } from './deadline.ts';

/** A wake that was lost is made up for by looking again this often; what falls due by itself is found then too. */
const LOOK_AGAIN_MS = 2_000;

/**
 * Waits for something in the database, holding nothing but a callback meanwhile.
 * @param look gives what is waited for, or undefined
 * @param id the token or confirmation whose changes are worth a look; `events` for what banks are told
 * @returns undefined where it did not come in time, the caller went away or the service stops
 */
export async function waitFor<T>(
  look: () => Promise<T | undefined>,
  id: string,
  waitMs: number,
  caller: AbortSignal,
  { wakes, stopping }: Pick<ServiceDependencies, 'wakes' | 'stopping'>,
): Promise<T | undefined> {
  let over = false;
  let wake = () => {};
  const callOff = deadline(waitMs, [caller, stopping], () => {
    over = true;
    wake();
  });
  const stop = wakes.on(id, () => wake());
  const looking = setInterval(() => wake(), LOOK_AGAIN_MS);
  try {
    while (!over) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const found = await look();
      if (found !== undefined) return found;
      if (!over) await woken;
    }
    return undefined;
  } finally {
    callOff();
    stop();
    clearInterval(looking);
  }
}
