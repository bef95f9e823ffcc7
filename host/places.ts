import { requestsRefused } from './metrics.ts';

/** A limited number of places for requests. One that finds none is refused, and counted. */
export interface Places {
  /** @returns a function that gives the place back, once; undefined if all places are taken */
  take(): (() => void) | undefined;
}

/** @param told is told how many places are taken, at every change */
export function places(most: number, told?: { set(taken: number): void }): Places {
  let taken = 0;
  return {
    take: () => {
      if (taken >= most) {
        requestsRefused.inc();
        return undefined;
      }
      taken += 1;
      told?.set(taken);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        taken -= 1;
        told?.set(taken);
      };
    },
  };
}

/** Some of these places, at most so many at a time. */
export function partOf(whole: Places, most: number): Places {
  const part = places(most);
  return {
    take: () => {
      const ofPart = part.take();
      const ofWhole = ofPart && whole.take();
      if (ofWhole === undefined) {
        ofPart?.();
        return undefined;
      }
      return () => {
        ofPart?.();
        ofWhole();
      };
    },
  };
}

/** So many places for each holder, such as a session or a device. */
export function placesOfEach(most: number): { take(holder: string): (() => void) | undefined } {
  const taken = new Map<string, number>();
  return {
    take: (holder) => {
      const before = taken.get(holder) ?? 0;
      if (before >= most) return undefined;
      taken.set(holder, before + 1);
      return () => {
        const left = (taken.get(holder) ?? 1) - 1;
        if (left > 0) taken.set(holder, left);
        else taken.delete(holder);
      };
    },
  };
}
