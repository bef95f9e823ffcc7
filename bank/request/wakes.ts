/** Wakes pages of this process that follow a changed transfer or change. Other processes find out by asking. */
export interface RequestWakes {
  /** Wakes whoever waits for this id. */
  announce(id: string): void;
  /** Resolves at the next wake, or when the signal aborts. */
  next(id: string, signal: AbortSignal): Promise<void>;
}

export function createRequestWakes(): RequestWakes {
  const sleepers = new Map<string, Set<() => void>>();
  return {
    announce: (id) => {
      for (const resolve of sleepers.get(id) ?? []) resolve();
    },
    next: (id, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const mine = sleepers.get(id) ?? new Set();
        sleepers.set(id, mine);
        const end = () => {
          signal.removeEventListener('abort', end);
          mine.delete(end);
          if (mine.size === 0 && sleepers.get(id) === mine) sleepers.delete(id);
          resolve();
        };
        mine.add(end);
        signal.addEventListener('abort', end);
      }),
  };
}
