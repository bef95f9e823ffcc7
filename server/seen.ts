/** Tells whether an id comes for the first time. */
export interface SeenOnce {
  isFirst(id: string, now: number): boolean;
}

/** Most ids remembered at a time; beyond that the oldest is forgotten early. */
const MOST_IDS = 20_000;

/**
 * Remembers a bounded number of ids for a while, in this process alone.
 * @param forMs how long
 */
export function seenOnce(forMs: number, mostIds = MOST_IDS): SeenOnce {
  const seen = new Map<string, number>();
  const forget = (now: number) => {
    for (const [id, at] of seen) {
      if (seen.size <= mostIds && Math.abs(now - at) <= forMs) return;
      seen.delete(id);
    }
  };
  return {
    isFirst: (id, now) => {
      const at = seen.get(id);
      if (at !== undefined && Math.abs(now - at) <= forMs) return false;
      seen.set(id, now);
      forget(now);
      return true;
    },
  };
}
