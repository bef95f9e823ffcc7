import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { removePendingVoid, takePendingVoids } from '../store/pending-voids.ts';
import type { ServiceAnswer } from './client.ts';

const BATCH = 20;

/** Has the token service make an issue void. @returns what came in the way; undefined where it is void now, or was, or is gone */
export async function voidIssue(
  { serviceFor }: Pick<BankDependencies, 'serviceFor'>,
  institution: Institution,
  userId: string,
): Promise<Exclude<ServiceAnswer<never>, { kind: 'ok' }> | undefined> {
  const key = sha256(`void ${institution.key} ${userId}`);
  const said = await serviceFor(institution).voidIssue(userId, key);
  if (said.kind !== 'problem') return said.kind === 'ok' ? undefined : said;
  const isOver = said.code === 'state_conflict' || said.code === 'token_unknown';
  return isOver ? undefined : said;
}

type VoidsDependencies = Pick<BankDependencies, 'db' | 'directory' | 'serviceFor' | 'logger' | 'clock'>;

/**
 * Voids earlier issues that a newer one has replaced. They are written down in the transaction of the replacement, so
 * that none is forgotten when the token service does not answer just then. Nothing of ours points at them any more.
 */
export async function voidPending(dependencies: VoidsDependencies): Promise<void> {
  const { db, clock, directory, logger } = dependencies;
  const unreachable = new Set<string>();
  for (const pending of await takePendingVoids(db, BATCH, new Date(clock()))) {
    const { institution: key, user_id } = pending;
    if (unreachable.has(key)) continue;
    const institution = directory.institutions.find((candidate) => candidate.key === key);
    if (institution === undefined) continue;
    const left = await voidIssue(dependencies, institution, user_id);
    if (left?.kind === 'unreachable') {
      unreachable.add(key);
      continue;
    }
    if (left !== undefined) {
      logger.error({ institution: key, code: left.code }, 'could not void an earlier issue; will retry');
      continue;
    }
    await removePendingVoid(db, pending);
  }
}
