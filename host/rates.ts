import type { Policies, Policy } from '../core/institution/policy.ts';

/** `atOnce` at once, then one more every `everyMs`. */
export interface Rate {
  readonly atOnce: number;
  readonly everyMs: number;
}

/** Limits each of many keys to a rate. */
export interface RateLimit {
  /** Takes one. @returns undefined, or the milliseconds until there is one, if there is none now */
  take(key: string, now: number): number | undefined;
  /** Gives one back that turned out not to count. */
  giveBack(key: string): void;
  /** Takes nothing. @returns undefined, or the milliseconds until there is one, if there is none now */
  wait(key: string, now: number): number | undefined;
  /** Whether nothing that the key has taken still counts. */
  isUntouched(key: string, now: number): boolean;
}

/** Most keys remembered at a time; a new one replaces the one that was unused for longest. */
const MOST_KEYS = 20_000;

/**
 * The generic cell rate algorithm. It keeps one moment for each key, up to which the key's rate is used up, so that memory is
 * bounded and no timer is needed.
 * @param rate of each key
 */
export function rateLimit({ atOnce, everyMs }: Rate, mostKeys = MOST_KEYS): RateLimit {
  const until = new Map<string, number>();
  const slackMs = (atOnce - 1) * everyMs;
  /** A key that is further ahead is from before the clock was set back, and counts as unused. */
  const mostAheadMs = atOnce * everyMs;
  const takenUntil = (key: string, now: number) => {
    const kept = until.get(key) ?? now;
    return kept < now || kept > now + mostAheadMs ? now : kept;
  };
  const keep = (key: string, moment: number) => {
    until.delete(key);
    until.set(key, moment);
    const [longestUnused] = until.keys();
    if (until.size > mostKeys && longestUnused !== undefined) until.delete(longestUnused);
  };
  const wait = (key: string, now: number) => {
    const waitMs = takenUntil(key, now) - now - slackMs;
    return waitMs > 0 ? waitMs : undefined;
  };
  return {
    take: (key, now) => {
      const waitMs = wait(key, now);
      keep(key, takenUntil(key, now) + (waitMs === undefined ? everyMs : 0));
      return waitMs;
    },
    giveBack: (key) => {
      const moment = until.get(key);
      if (moment !== undefined) until.set(key, moment - everyMs);
    },
    wait,
    isUntouched: (key, now) => takenUntil(key, now) <= now,
  };
}

/**
 * Makes one value for each institution from its policy, when it is first asked for.
 * @returns a function of the key of an institution in the directory, or of '' for the default policy
 */
export function perInstitution<T>(policies: Policies, make: (policy: Policy) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const one = made.get(key) ?? make(policies(key));
    made.set(key, one);
    return one;
  };
}
