import { OutageError } from '../../core/errors.ts';
import { places } from '../../host/places.ts';

/** How many pages of one session may wait at a time. */
const MOST_OF_SESSION = 6;

/** The node's places for pages that follow something, and wait for it to change. No session takes all of them. */
export interface Waiters {
  /** @throws OutageError if the node or the session has no place left */
  hold<T>(sessionId: string, wait: () => Promise<T>): Promise<T>;
}

export function createWaiters(most: number): Waiters {
  const all = places(most);
  const ofSessions = new Map<string, number>();
  return {
    hold: async (sessionId, wait) => {
      const before = ofSessions.get(sessionId) ?? 0;
      const giveBack = before < MOST_OF_SESSION ? all.take() : undefined;
      if (giveBack === undefined) throw new OutageError('too many pages wait');
      ofSessions.set(sessionId, before + 1);
      try {
        return await wait();
      } finally {
        giveBack();
        const left = (ofSessions.get(sessionId) ?? 1) - 1;
        if (left > 0) ofSessions.set(sessionId, left);
        else ofSessions.delete(sessionId);
      }
    },
  };
}
