import { startChore } from '../host/chore.ts';
import type { BankDependencies } from './context.ts';
import { deliverDue, forgetDelivered, type OutboxDependencies } from './mail/outbox.ts';
import { continueRequests, forgetRequests } from './request/chores.ts';
import { finishApproved, finishEmergencies, finishUnpairings } from './staff/chores.ts';
import { forgetChallenges } from './store/passkeys.ts';
import { forgetDrafts } from './store/staff-drafts.ts';
import { forgetSubmissions } from './store/submissions.ts';
import { forgetUnpairings } from './store/unpairings.ts';
import { REPEAT_MS } from './token/client.ts';
import { tellOfEnds } from './token/ends.ts';
import { tellOfLeftApplications } from './token/left-applications.ts';
import { voidPending } from './token/pending-voids.ts';
import { continueProcedures } from './token/procedures.ts';
import { forgetOldSessions } from './web/session.ts';

const OUTBOX_INTERVAL_MS = 1_000;
const VOIDS_INTERVAL_MS = 30_000;
const ENDS_INTERVAL_MS = 30_000;
const REQUESTS_INTERVAL_MS = 5_000;
const PROCEDURES_INTERVAL_MS = 15_000;
const APPLICATIONS_INTERVAL_MS = 15_000;
const ACTS_INTERVAL_MS = 15_000;
const FORGET_INTERVAL_MS = 60_000;

/** Must be longer than a page with its form stays usable. */
const SUBMISSION_LIFETIME_MS = 24 * 60 * 60_000;

/** The longest any institution keeps what staff typed. */
const DRAFT_LIFETIME_MS = 24 * 60 * 60_000;

/** Work done beside the requests. */
export interface Chores {
  /** Delivers new mail now instead of at the next round. */
  wake(): void;
  /** Starts no more work; resolves when the work under way has ended. */
  stop(): Promise<void>;
}

type ChoresDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'directory' | 'keys' | 'randomBytes' | 'serviceFor' | 'staff' | 'logger'
>;

/** @param outbox undefined: mails wait in it until a node delivers them */
export function startChores(
  dependencies: ChoresDependencies,
  outbox: OutboxDependencies | undefined,
): Chores {
  const { db, clock, logger } = dependencies;
  const stopping = new AbortController();
  const sweeping = { logger, stopping: stopping.signal };
  const deliver = outbox && startChore('outbox', OUTBOX_INTERVAL_MS, logger, () => deliverDue(outbox));
  const wake = () => deliver?.run();
  const telling = { ...dependencies, wakeOutbox: wake };
  const voids = startChore('voids', VOIDS_INTERVAL_MS, logger, () => voidPending(dependencies));
  const ends = startChore('ends', ENDS_INTERVAL_MS, logger, () => tellOfEnds(telling));
  const requests = startChore('requests', REQUESTS_INTERVAL_MS, logger, () => continueRequests(telling));
  const procedures = startChore('procedures', PROCEDURES_INTERVAL_MS, logger, () =>
    continueProcedures(telling),
  );
  const applications = startChore('applications', APPLICATIONS_INTERVAL_MS, logger, () =>
    tellOfLeftApplications(telling),
  );
  const acts = startChore('acts', ACTS_INTERVAL_MS, logger, async () => {
    await finishEmergencies(telling);
    await finishUnpairings(telling);
    await finishApproved(telling);
  });
  const forget = startChore('forget', FORGET_INTERVAL_MS, logger, async () => {
    const now = clock();
    await forgetOldSessions(db, now, sweeping);
    await forgetDelivered(db, now, sweeping);
    await forgetSubmissions(db, new Date(now - SUBMISSION_LIFETIME_MS), sweeping);
    await forgetChallenges(db, new Date(now - DRAFT_LIFETIME_MS), sweeping);
    await forgetDrafts(db, new Date(now - DRAFT_LIFETIME_MS), sweeping);
    await forgetUnpairings(db, new Date(now - REPEAT_MS), sweeping);
    await forgetRequests(dependencies, sweeping);
  });
  wake();
  requests.run();
  return {
    wake,
    stop: async () => {
      stopping.abort();
      const all = [deliver, voids, ends, requests, procedures, applications, acts, forget];
      await Promise.all(all.map((chore) => chore?.stop()));
    },
  };
}
