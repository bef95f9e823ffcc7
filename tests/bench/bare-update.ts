import { join } from 'node:path';
import { CompiledQuery, Kysely, PGliteDialect } from 'kysely';
import { startPglite } from '../../host/pglite.ts';
import { type Database, openPostgres } from '../../server/store/database.ts';
import type { Schema } from '../../server/store/schema.ts';
import { load } from './load.ts';

/**
 * The peers of the service, in their own process as it is, on a database of the same kind, and nothing else: of verification, the
 * one statement without which no code can be spent; of confirmations, a transaction of that statement and a line in the audit. PGlite
 * is asked by its own interface, so that what the service's way to it saves is seen.
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

async function open({ DATABASE_URL, WARIFU_DATA = '' }: NodeJS.ProcessEnv): Promise<Database> {
  if (DATABASE_URL !== undefined) return (await openPostgres(DATABASE_URL)).db;
  const pglite = await startPglite({ dataDir: join(WARIFU_DATA, 'service/pg') });
  return new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
}

async function main(): Promise<void> {
  const db = await open(process.env);
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
