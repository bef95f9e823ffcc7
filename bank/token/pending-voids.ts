import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';

const BATCH = 20;

type VoidsDependencies = Pick<BankDependencies, 'db' | 'directory' | 'serviceFor' | 'logger' | 'clock'>;

/**
 * Voids earlier issues that a newer one has replaced. They are written down in the transaction of the replacement, so
 * that none is forgotten when the token service does not answer just then. Nothing of ours points at them any more.
 */
export async function voidPending(dependencies: VoidsDependencies): Promise<void> {
  const { directory, serviceFor, logger } = dependencies;
  const unreachable = new Set<string>();
  for (const { institution: key, user_id } of await takeTurns(dependencies)) {
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
      logger.error({ institution: key, code: answer.code }, 'an earlier issue could not be made void');
      continue;
    }
    await dependencies.db
      .deleteFrom('pending_voids')
      .where('institution', '=', key)
      .where('user_id', '=', user_id)
      .execute();
  }
}

/** Those that waited longest; what is taken goes to the end, so that what cannot be settled holds up no other. */
function takeTurns({ db, clock }: VoidsDependencies) {
  const longest = db
    .selectFrom('pending_voids')
    .select(['institution', 'user_id'])
    .orderBy((is) => is.fn.coalesce('tried_at', 'created_at'))
    .limit(BATCH);
  return db
    .updateTable('pending_voids')
    .set({ tried_at: new Date(clock()) })
    .where(({ eb, refTuple }) =>
      eb(refTuple('institution', 'user_id'), 'in', longest.$asTuple('institution', 'user_id')),
    )
    .returning(['institution', 'user_id'])
    .execute();
}
