import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { removePendingVoid, takePendingVoids } from '../store/pending-voids.ts';
import type { ServiceAnswer } from './client.ts';
import { inTurn } from './in-turn.ts';

const BATCH = 20;

/** Voids an issue at the token service. @returns why that failed; undefined if the issue is void now or no longer exists */
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
 * Voids issues that became nobody's. They are saved first, so that none is lost if the token service does not answer.
 * Nothing else of the bank refers to them.
 */
export async function voidPending(dependencies: VoidsDependencies): Promise<void> {
  const { db, clock, directory, logger } = dependencies;
  const taken = await takePendingVoids(db, BATCH, new Date(clock()));
  await inTurn(directory, taken, async (institution, pending) => {
    const left = await voidIssue(dependencies, institution, pending.user_id);
    if (left?.kind === 'unreachable') return false;
    if (left === undefined) await removePendingVoid(db, pending);
    else {
      logger.error(
        { institution: institution.key, code: left.code },
        'could not void an issue that is nobody’s; will retry',
      );
    }
    return true;
  });
}
