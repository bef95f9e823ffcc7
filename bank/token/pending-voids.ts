import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { removePendingVoid, takePendingVoids } from '../store/pending-voids.ts';

const BATCH = 20;

type VoidsDependencies = Pick<BankDependencies, 'db' | 'directory' | 'serviceFor' | 'logger' | 'clock'>;

/**
 * Voids earlier issues that a newer one has replaced. They are written down in the transaction of the replacement, so
 * that none is forgotten when the token service does not answer just then. Nothing of ours points at them any more.
 */
export async function voidPending({
  db,
  clock,
  directory,
  serviceFor,
  logger,
}: VoidsDependencies): Promise<void> {
  const unreachable = new Set<string>();
  for (const pending of await takePendingVoids(db, BATCH, new Date(clock()))) {
    const { institution: key, user_id } = pending;
    if (unreachable.has(key)) continue;
    const institution = directory.institutions.find((candidate) => candidate.key === key);
    if (institution === undefined) continue;
    const answer = await serviceFor(institution).voidIssue(user_id, sha256(`void ${key} ${user_id}`));
    if (answer.kind === 'unreachable') {
      unreachable.add(key);
      continue;
    }
    // Already void, or gone: nothing is left to do.
    const settled =
      answer.kind === 'ok' || answer.code === 'state_conflict' || answer.code === 'token_unknown';
    if (!settled) {
      logger.error({ institution: key, code: answer.code }, 'could not void an earlier issue; will retry');
      continue;
    }
    await removePendingVoid(db, pending);
  }
}
