import { describeError } from '../../host/describe-error.ts';
import type { BankDependencies } from '../context.ts';
import { takeLeftProposal } from '../store/proposals.ts';
import { REPEAT_MS } from '../token/client.ts';
import { type CarryOutDependencies, carryOut } from './carry-out.ts';

type ApprovedDependencies = CarryOutDependencies & Pick<BankDependencies, 'directory'>;

/** Proposals finished in a round at most. */
const BATCH = 20;

/** How long a proposal is left to the request that approved it. */
const LEAVE_MS = 30_000;

/**
 * Finishes approved proposals whose answer was lost, under the idempotency key of the proposal. An act that was done is only
 * written down; one that was not is done now. Each proposal is taken by one node. An institution's service that does not answer is
 * not asked again in the same round. What is older than a key is kept waits for a supervisor.
 */
export async function finishApproved(dependencies: ApprovedDependencies): Promise<void> {
  const { db, clock, directory, logger } = dependencies;
  const now = clock();
  const answering = new Map(directory.institutions.map((institution) => [institution.key, institution]));
  for (let taken = 0; taken < BATCH && answering.size > 0; taken += 1) {
    const proposal = await takeLeftProposal(db, {
      institutions: [...answering.keys()],
      now: new Date(now),
      before: new Date(now - LEAVE_MS),
      since: new Date(now - REPEAT_MS),
    });
    if (proposal === undefined) return;
    const institution = answering.get(proposal.institution);
    if (institution === undefined) continue;
    try {
      const outcome = await carryOut(dependencies, institution, proposal);
      if (outcome.kind === 'unavailable') answering.delete(institution.key);
    } catch (error) {
      logger.error(
        { proposal: String(proposal.id), error: describeError(error) },
        'could not finish approved act; will retry',
      );
    }
  }
}
