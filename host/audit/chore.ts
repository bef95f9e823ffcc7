import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { startChore } from '../chore.ts';
import { describeError } from '../describe-error.ts';
import { type Audit, BrokenAuditError } from './chain.ts';
import { linkEntries } from './link.ts';
import { readHeads } from './verify.ts';

const LINK_EVERY_MS = 1_000;
/** How often the log is told where the chains end. What it keeps, nobody changes with the database. */
const LOG_HEADS_EVERY_MS = 60 * 60_000;
const SAY_BROKEN_EVERY_MS = 10 * 60_000;
/** Longest that a stopping part links what is left; the next one goes on. */
const LAST_ROUND_MS = 5_000;

/** Entries are linked beside the requests, from now on. */
export interface Linking {
  /** Links what is left, once nothing more is written. */
  stop(): Promise<void>;
}

export function startLinking<Schema>(
  db: Kysely<Schema>,
  audit: Audit,
  logger: Pick<Logger, 'error' | 'info'>,
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
        'audit was changed in the database; nothing is linked. Run `npm run warifu -- audit verify`';
      logger.error({ table, reason: error.message }, advice);
    }
  };
  const logHeads = async () => {
    for (const head of await readHeads(db, audit)) logger.info({ table, ...head }, 'head of the audit chain');
  };
  const linking = startChore('audit links', LINK_EVERY_MS, logger, () => link(stopping.signal));
  const heads = startChore('audit heads', LOG_HEADS_EVERY_MS, logger, logHeads);
  linking.run();
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([linking.stop(), heads.stop()]);
      try {
        await link(AbortSignal.timeout(LAST_ROUND_MS));
        await logHeads();
      } catch (error) {
        logger.error({ error: describeError(error) }, 'could not link the last entries; the next start will');
      }
    },
  };
}
