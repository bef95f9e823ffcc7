import { availableParallelism } from 'node:os';
import { type Bounded, bounded } from '../../host/bounded.ts';

/**
 * Limits how many passwords are checked at once. A check takes a quarter of a second of one core and one of Node's four
 * threads, which sealing needs too. Customers who are logged in must not wait for those who are logging in.
 */
export interface PasswordChecks {
  readonly login: Bounded;
  readonly confirmation: Bounded;
}

/** Leaves two of the four threads, and one core, for everything else. */
const MOST_AT_ONCE = 2;
/** A full queue takes about four seconds; on a slower machine a check is refused after the same time. */
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
