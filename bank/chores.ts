import type { BankDependencies } from './context.ts';
import { describeError } from './describe-error.ts';
import { deliverDue, forgetDelivered, type OutboxDependencies } from './mail/outbox.ts';
import { voidPending } from './pending-voids.ts';
import { forgetSessions } from './session.ts';
import { forgetSubmissions } from './store/submissions.ts';
import { continueTransfers, forgetTransfers } from './transfer/chores.ts';

const OUTBOX_INTERVAL_MS = 1_000;
const VOIDS_INTERVAL_MS = 30_000;
const TRANSFERS_INTERVAL_MS = 5_000;
const FORGET_INTERVAL_MS = 60_000;

/** A submission is remembered longer than a page with its form stays usable. */
const SUBMISSION_LIFETIME_MS = 24 * 60 * 60_000;

/** Work done beside the requests. */
export interface Chores {
  /** There is a mail to deliver: now rather than at the next round. */
  wake(): void;
  /** Starts no more work and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

type ChoresDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'directory' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger'
>;

export function startChores(dependencies: ChoresDependencies, outbox: OutboxDependencies): Chores {
  const { db, clock, logger } = dependencies;
  const stopping = new AbortController();
  const sweeping = { logger, stopping: stopping.signal };
  const deliver = alone(dependencies, () => deliverDue(outbox));
  const voids = alone(dependencies, () => voidPending(dependencies));
  const transfers = alone(dependencies, () =>
    continueTransfers({ ...dependencies, wakeOutbox: deliver.run }),
  );
  const forget = alone(dependencies, async () => {
    const now = clock();
    await forgetSessions(db, now, sweeping);
    await forgetDelivered(db, now, sweeping);
    await forgetSubmissions(db, new Date(now - SUBMISSION_LIFETIME_MS), sweeping);
    await forgetTransfers(dependencies, sweeping);
  });
  const timers = [
    setInterval(deliver.run, OUTBOX_INTERVAL_MS),
    setInterval(voids.run, VOIDS_INTERVAL_MS),
    setInterval(transfers.run, TRANSFERS_INTERVAL_MS),
    setInterval(forget.run, FORGET_INTERVAL_MS),
  ];
  deliver.run();
  transfers.run();
  return {
    wake: deliver.run,
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      stopping.abort();
      await Promise.all([deliver.stop(), voids.stop(), transfers.stop(), forget.stop()]);
    },
  };
}

/** Runs one round at a time; asked meanwhile, it runs once more. A failed round is logged and the next one tries. */
function alone({ logger }: Pick<BankDependencies, 'logger'>, work: () => Promise<unknown>) {
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  const round = async (): Promise<void> => {
    do {
      again = false;
      await work().catch((error: unknown) =>
        logger.error({ error: describeError(error) }, 'background work failed'),
      );
    } while (again && !stopped);
    running = undefined;
  };
  return {
    run: () => {
      if (stopped) return;
      if (running === undefined) running = round();
      else again = true;
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}
