import { OutageError } from '../core/errors.ts';
import { deadline } from '../host/deadline.ts';
import { placesOfEach } from '../host/places.ts';
import type { RouteDependencies } from './context.ts';
import { rateLimited } from './limits.ts';

/** Looks again this often, to notice lost wakes and what expires by itself. */
const LOOK_AGAIN_MS = 5_000;

/** Most waits of one device at a node: that of a page, and some whose connections ended unnoticed. */
const MOST_OF_DEVICE = 4;
/** Until a device with that many is to try again. */
const TRY_AGAIN_MS = 5_000;

/** A look that is refused because too many look at once is repeated the next time. */
function skipOnOutage(error: unknown): undefined {
  if (!(error instanceof OutageError)) throw error;
}

/**
 * Waits for a change in the database. While it waits it holds nothing but a callback.
 * @param look returns what is waited for, or undefined
 * @param id the token or confirmation whose changes are worth a look; `events`, `device-events` and `pushes` for what is to be delivered
 * @returns undefined if it did not come in time, the caller went away or the service stops
 * @throws OutageError if too many wait already
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
      const found = await look().catch(skipOnOutage);
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

/**
 * Keeps each device to a few waits at a time, so that nobody takes the places of all.
 * @returns a function that waits for a device; it throws ProblemError rate_limited where the device has too many waits already
 */
export function waitsOfDevices() {
  const devices = placesOfEach(MOST_OF_DEVICE);
  return async <T>(device: string, wait: () => Promise<T>): Promise<T> => {
    const giveBack = devices.take(device);
    if (giveBack === undefined) throw rateLimited(TRY_AGAIN_MS);
    try {
      return await wait();
    } finally {
      giveBack();
    }
  };
}
