import type { Logger } from 'pino';
import { describeError } from './describe-error.ts';
import { choreEnded, choreFailures, choreInterval } from './metrics.ts';

/** Background work, one round at a time. */
export interface Chore {
  /** Starts a round now. If a round is running, starts another one after it. */
  run(): void;
  /** Starts no more rounds, and resolves when the running one has ended. */
  stop(): Promise<void>;
}

/** Does the work at an interval. A failed round is logged, and the next one tries again. */
export function startChore(
  name: string,
  everyMs: number,
  logger: Pick<Logger, 'error'>,
  work: () => Promise<unknown>,
): Chore {
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  const rounds = async (): Promise<void> => {
    do {
      again = false;
      try {
        await work();
        choreEnded.setToCurrentTime({ chore: name });
      } catch (error) {
        choreFailures.inc({ chore: name });
        logger.error({ chore: name, error: describeError(error) }, 'background work failed; will retry');
      }
    } while (again && !stopped);
    running = undefined;
  };
  const run = () => {
    if (stopped) return;
    if (running === undefined) running = rounds();
    else again = true;
  };
  choreInterval.set({ chore: name }, everyMs / 1000);
  choreEnded.setToCurrentTime({ chore: name });
  const timer = setInterval(run, everyMs);
  return {
    run,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
