import { OutageError } from '../../core/errors.ts';
import { places, placesOfEach } from '../../host/places.ts';

/** How many pages of one session may wait at a time. */
const MOST_OF_SESSION = 6;

/** The node's places for pages that follow something, and wait for it to change. No session takes all of them. */
export interface Waiters {
  /** @throws OutageError if the node or the session has no place left */
  hold<T>(sessionId: string, wait: () => Promise<T>): Promise<T>;
}

export function createWaiters(most: number): Waiters {
  const all = places(most);
  const sessions = placesOfEach(MOST_OF_SESSION);
  return {
    hold: async (sessionId, wait) => {
      const ofSession = sessions.take(sessionId);
      const ofNode = ofSession && all.take();
      try {
        if (ofNode === undefined) throw new OutageError('too many pages wait');
        return await wait();
      } finally {
        ofNode?.();
        ofSession?.();
      }
    },
  };
}
