import { OutageError } from '../core/errors.ts';

/** Runs a limited number of works at a time. */
export interface Bounded {
  /** @throws OutageError at once if too many wait already, or later if its turn does not come in time */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export interface Bounds {
  readonly atOnce: number;
  /** How many may wait for their turn, in the order of their arrival, and for how long. */
  readonly mostWaiting: number;
  readonly mostWaitMs: number;
}

export function bounded({ atOnce, mostWaiting, mostWaitMs }: Bounds): Bounded {
  const waiting = new Set<() => void>();
  let underWay = 0;
  const turn = () =>
    new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(mine);
        reject(new OutageError('waited too long for a turn'));
      }, mostWaitMs);
      const mine = () => {
        clearTimeout(late);
        waiting.delete(mine);
        resolve();
      };
      waiting.add(mine);
    });
  /** Gives the place to the one that has waited longest, or leaves it free. */
  const giveOn = () => {
    const [next] = waiting;
    if (next === undefined) underWay -= 1;
    else next();
  };
  return {
    run: async (work) => {
      if (underWay < atOnce) underWay += 1;
      else if (waiting.size < mostWaiting) await turn();
      else throw new OutageError('too many wait for their turn');
      try {
        return await work();
      } finally {
        giveOn();
      }
    },
  };
}
