import { CompiledQuery } from 'kysely';
import { load } from './load.ts';
import { openAs } from './token-service.ts';

/**
 * The peer of verification, in its own process as the service is: the one statement without which no code can be spent,
 * on a database of the same kind, through the same driver, and nothing else.
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
}

async function main(): Promise<void> {
  const { db } = await openAs(process.env);
  process.on('message', async ({ ms, concurrency, ids, step }: BareRound) => {
    let next = 0;
    const spendOne = async () => {
      const id = ids[next % ids.length];
      const later = step + Math.floor(next / ids.length);
      next += 1;
      const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(STATEMENT, [later, id]));
      if (numAffectedRows !== 1n) throw new Error(`the update took ${numAffectedRows} rows`);
      return true;
    };
    const { perSecond } = await load(Array.from({ length: concurrency }), ms, spendOne);
    process.send?.(perSecond);
  });
  process.send?.('ready');
}

await main();
