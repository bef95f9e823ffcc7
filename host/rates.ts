/** So many at once, and then one each time so many milliseconds have passed. */
export interface Rate {
  readonly atOnce: number;
  readonly everyMs: number;
}

/** Keeps each of many keys to a rate. */
export interface RateLimit {
  /** Takes one. @returns in how many milliseconds there will be one, where there is none now */
  take(key: string, now: number): number | undefined;
  /** What was taken last turned out not to count. */
  giveBack(key: string): void;
  /** In how many milliseconds there will be one, where there is none now; takes nothing. */
  wait(key: string, now: number): number | undefined;
  /** Whether a key has taken nothing that would still count. */
  isUntouched(key: string, now: number): boolean;
}

/** Keys remembered at a time; the one longest unused is forgotten for a new one. */
const MOST_KEYS = 20_000;

/**
 * The generic cell rate algorithm: of each key only the moment is kept until which it has taken what it may, so that memory
 * is bounded and nothing has to run out by itself.
 * @param rate how much each key may take
 */
export function rateLimit({ atOnce, everyMs }: Rate, mostKeys = MOST_KEYS): RateLimit {
  const until = new Map<string, number>();
  const slackMs = (atOnce - 1) * everyMs;
  /** No key gets further ahead than this but by a clock set back, which is to stop nobody. */
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
