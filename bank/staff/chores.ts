import type { Institution } from '../../core/institution/directory.ts';
import { describeError } from '../../host/describe-error.ts';
import type { BankDependencies } from '../context.ts';
import { type Taking, takeLeftProposal, takeLeftUnpairing, takeUnknownReview } from '../store/left-acts.ts';
import { REPEAT_MS } from '../token/client.ts';
import { type CarryOutDependencies, carryOut } from './carry-out.ts';
import { finishEmergency } from './emergency.ts';
import { finishUnpairing } from './unpairing.ts';

type LeftDependencies = CarryOutDependencies & Pick<BankDependencies, 'directory'>;

/** Acts finished in a round at most. */
const BATCH = 20;

/** How long an act is left to the request that asked for it. */
const LEAVE_MS = 30_000;

/**
 * Finishes approved proposals whose answer was lost, under the idempotency key of the proposal. An act that was done is only
 * written down; one that was not is done now. What is older than a key is kept waits for a supervisor.
 */
export const finishApproved = (dependencies: LeftDependencies): Promise<void> =>
  finishLeft(dependencies, 'approved act', takeLeftProposal, carryOut);

/** Finishes emergency suspensions in the same way, under the key of their form. */
export const finishEmergencies = (dependencies: LeftDependencies): Promise<void> =>
  finishLeft(dependencies, 'emergency suspension', takeUnknownReview, finishEmergency);

/** Finishes removals of devices in the same way. */
export const finishUnpairings = (dependencies: LeftDependencies): Promise<void> =>
  finishLeft(dependencies, 'removal of a device', takeLeftUnpairing, finishUnpairing);

interface Left {
  readonly id: string;
  readonly institution: string;
}

/** Each is taken by one node. An institution's service that does not answer is not asked again in the same round. */
async function finishLeft<Row extends Left>(
  dependencies: LeftDependencies,
  what: string,
  take: (db: BankDependencies['db'], taking: Taking) => Promise<Row | undefined>,
  finish: (
    dependencies: CarryOutDependencies,
    institution: Institution,
    row: Row,
  ) => Promise<{ readonly kind: string }>,
): Promise<void> {
  const { db, clock, directory, logger } = dependencies;
  const now = clock();
  const answering = new Map(directory.institutions.map((institution) => [institution.key, institution]));
  for (let taken = 0; taken < BATCH && answering.size > 0; taken += 1) {
    const row = await take(db, {
      institutions: [...answering.keys()],
      now: new Date(now),
      before: new Date(now - LEAVE_MS),
      since: new Date(now - REPEAT_MS),
    });
    if (row === undefined) return;
    const institution = answering.get(row.institution);
    if (institution === undefined) continue;
    try {
      const outcome = await finish(dependencies, institution, row);
      if (outcome.kind === 'unavailable') answering.delete(institution.key);
    } catch (error) {
      logger.error(
        { act: what, id: String(row.id), error: describeError(error) },
        'could not finish act of staff; will retry',
      );
    }
  }
}
