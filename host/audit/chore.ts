import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { startChore } from '../chore.ts';
import { describeError } from '../describe-error.ts';
import { type Audit, BrokenAuditError } from './chain.ts';
import { readHeads } from './ends.ts';
import { linkEntries } from './link.ts';

const LINK_EVERY_MS = 1_000;
/** How often the heads are logged. Whoever can change the database cannot change the log. */
const LOG_HEADS_EVERY_MS = 60 * 60_000;
const SAY_BROKEN_EVERY_MS = 10 * 60_000;
/** Longest time that a stopping part spends on linking. The next start links the rest. */
const LAST_ROUND_MS = 5_000;

/** Linking in the background. */
export interface Linking {
  /** Links the remaining entries. Call it when nothing more is written. */
  stop(): Promise<void>;
}

/** @param nameOf the name of background work on this database */
export function startLinking<Schema>(
  db: Kysely<Schema>,
  audit: Audit,
  logger: Pick<Logger, 'error' | 'info'>,
  nameOf: (chore: string) => string = (chore) => chore,
): Linking {
  const { table } = audit;
  const stopping = new AbortController();
  let saidAt = -SAY_BROKEN_EVERY_MS;
  const link = async (until: AbortSignal) => {
    try {
      await linkEntries(db, audit, { stopping: until });
    } catch (error) {
      if (!(error instanceof BrokenAuditError)) throw error;
      if (performance.now() - saidAt < SAY_BROKEN_EVERY_MS) return;
      saidAt = performance.now();
      const advice =
        'the audit was changed in the database, so entries are no longer linked; run `npm run warifu -- audit verify`';
      logger.error({ table, reason: error.message }, advice);
    }
  };
  const logHeads = async () => {
    for (const head of await readHeads(db, audit)) logger.info({ table, ...head }, 'head of the audit chain');
  };
  const linking = startChore(nameOf('audit links'), LINK_EVERY_MS, logger, () => link(stopping.signal));
  const heads = startChore(nameOf('audit heads'), LOG_HEADS_EVERY_MS, logger, logHeads);
  linking.run();
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([linking.stop(), heads.stop()]);
      try {
        await link(AbortSignal.timeout(LAST_ROUND_MS));
        await logHeads();
      } catch (error) {
        logger.error(
          { error: describeError(error) },
          'could not link the last audit entries; the next start will link them',
        );
      }
    },
  };
}
