import type { BankDependencies } from './context.ts';
import { sha256 } from './keys.ts';

const BATCH = 20;

/**
 * Voids earlier issues that a newer one has replaced. They are written down in the transaction of the replacement, so
 * that none is forgotten when the token service does not answer just then. Nothing of ours points at them any more.
 */
export async function voidPending(
  dependencies: Pick<BankDependencies, 'db' | 'directory' | 'serviceFor' | 'logger'>,
): Promise<void> {
  const { db, directory, serviceFor, logger } = dependencies;
  const rows = await db.selectFrom('pending_voids').selectAll().orderBy('created_at').limit(BATCH).execute();
  for (const { institution: key, user_id } of rows) {
    const institution = directory.institutions.find((candidate) => candidate.key === key);
    if (institution === undefined) continue;
    const answer = await serviceFor(institution).voidIssue(user_id, sha256(`void ${key} ${user_id}`));
    if (answer.kind === 'unreachable') return;
    // Already void, or gone: nothing is left to do.
    const settled =
      answer.kind === 'ok' || answer.code === 'state_conflict' || answer.code === 'token_unknown';
    if (!settled) {
      logger.error({ institution: key, code: answer.code }, 'an earlier issue could not be made void');
      continue;
    }
    await db
      .deleteFrom('pending_voids')
      .where('institution', '=', key)
      .where('user_id', '=', user_id)
      .execute();
  }
}
