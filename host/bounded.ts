import { OutageError } from '../core/errors.ts';

/** Work of which only so much is done at a time. */
export interface Bounded {
  /** @throws OutageError at once, where too many wait already */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** @param mostWaiting how many may wait for their turn, in the order they came */
export function bounded(atOnce: number, mostWaiting: number): Bounded {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  const turn = () =>
    new Promise<void>((resolve) => {
      if (underWay < atOnce) resolve();
      else waiting.push(resolve);
    });
  return {
    run: async (work) => {
      if (underWay >= atOnce && waiting.length >= mostWaiting)
        throw new OutageError('too many wait for their turn');
      const mine = turn();
      if (underWay < atOnce) underWay += 1;
      await mine;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        // The place goes to the next one as it is.
        if (next === undefined) underWay -= 1;
        else next();
      }
    },
  };
}
