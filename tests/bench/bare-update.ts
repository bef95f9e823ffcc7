import { CompiledQuery } from 'kysely';
import type { Database } from '../../server/store/database.ts';
import { load } from './load.ts';
import { openAs } from './token-service.ts';

/**
 * The peers of the service, in their own process as it is, on a database of the same kind, through the same driver, and
 * nothing else: of verification, the one statement without which no code can be spent; of confirmations, a transaction
 * of that statement and a line in the audit.
 */

const STATEMENT = 'update tokens set last_step = $1 where id = $2 and last_step < $1';

/** Tells this process to work. */
export interface BareRound {
  readonly ms: number;
  readonly concurrency: number;
  /** Ids of the tokens to use. */
  readonly ids: readonly string[];
  /** A step later than any before. */
  readonly step: number;
  /** Whether each update is a transaction with an audit line. */
  readonly audited?: boolean;
}

async function main(): Promise<void> {
  const { db } = await openAs(process.env);
  process.on('message', async ({ ms, concurrency, ids, step, audited = false }: BareRound) => {
    let next = 0;
    const spendOne = async () => {
      const id = ids[next % ids.length];
      const later = step + Math.floor(next / ids.length);
      next += 1;
      const update = CompiledQuery.raw(STATEMENT, [later, id]);
      const { numAffectedRows } = await (audited ? auditedUpdate(db, update) : db.executeQuery(update));
      if (numAffectedRows !== 1n) throw new Error(`the update took ${numAffectedRows} rows`);
      return true;
    };
    process.send?.(await load(Array.from({ length: concurrency }), ms, spendOne));
  });
  process.send?.('ready');
}

const AUDIT_LINE = {
  at: new Date(),
  institution: 'bench',
  token_id: 'bench',
  event: 'verify',
  outcome: 'done',
  request_id: 'bench',
} as const;

function auditedUpdate(db: Database, update: CompiledQuery) {
  return db.transaction().execute(async (transaction) => {
    const updated = await transaction.executeQuery(update);
    await transaction.insertInto('audit').values(AUDIT_LINE).execute();
    return updated;
  });
}

await main();
