import { availableParallelism } from 'node:os';
import { type Bounded, bounded } from '../../host/bounded.ts';

/**
 * Where passwords are checked: each check takes a quarter of a second of a core and a thread of Node's four, which
 * everything sealed needs as well. Who is logged in does not wait for those who want to be.
 */
export interface PasswordChecks {
  readonly login: Bounded;
  readonly confirmation: Bounded;
}

/** Of four threads, two are left for the rest; of the cores, one. */
const MOST_AT_ONCE = 2;
/** So many wait about four seconds; on a machine that is slower they are not kept for longer. */
const WAITING_FOR_EACH = 16;
const MOST_WAIT_MS = 4_000;

export function createPasswordChecks(): PasswordChecks {
  const atOnce = Math.max(1, Math.min(MOST_AT_ONCE, availableParallelism() - 1));
  const bounds = (each: number) => ({
    atOnce: each,
    mostWaiting: each * WAITING_FOR_EACH,
    mostWaitMs: MOST_WAIT_MS,
  });
  return { login: bounded(bounds(atOnce)), confirmation: bounded(bounds(1)) };
}
