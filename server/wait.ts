import { OutageError } from '../core/errors.ts';
import { deadline } from '../host/deadline.ts';
import type { RouteDependencies } from './context.ts';

/** A wake that was lost is made up for by looking again this often; what falls due by itself is found then too. */
const LOOK_AGAIN_MS = 5_000;

/** Where too many look at once, this one looks again next time. */
function later(error: unknown): undefined {
  if (!(error instanceof OutageError)) throw error;
}

/**
 * Waits for something in the database, holding nothing but a callback meanwhile.
 * @param look gives what is waited for, or undefined
 * @param id the token or confirmation whose changes are worth a look; `events` for what banks are told
 * @returns undefined where it did not come in time, the caller went away or the service stops
 * @throws OutageError where as many wait as may
 */
export async function waitFor<T>(
  look: () => Promise<T | undefined>,
  id: string,
  waitMs: number,
  caller: AbortSignal,
  { wakes, stopping, waiters }: Pick<RouteDependencies, 'wakes' | 'stopping' | 'waiters'>,
): Promise<T | undefined> {
  const giveBack = waiters.take();
  if (giveBack === undefined) throw new OutageError('too many wait for something to change');
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
      const found = await look().catch(later);
      if (found !== undefined) return found;
      if (!over) await woken;
    }
    return undefined;
  } finally {
    giveBack();
    callOff();
    stop();
    clearInterval(looking);
  }
}
