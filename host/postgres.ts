import { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { OutageError } from '../core/errors.ts';
import { postgresAddresses } from './postgres-addresses.ts';
import { type ClientSettings, isUnanswered, PostgresClient } from './postgres-client.ts';
import { watchForStandstill } from './standstill.ts';

/** The server gives a statement up first, so that one left unanswered says that the server stands, not that it is slow. */
const STATEMENT_MS = 2_500;
const UNANSWERED_MS = 3_000;
const CONNECT_MS = 2_000;

/** A statement this old is reason to probe the server beside it. */
const DOUBT_AFTER_MS = 500;
const DOUBTED_ANSWERS_MS = 1_000;

/** How often a server is probed that does not answer, and how long each probe waits: it may be slow in coming back. */
const PROBE_EVERY_MS = 50;
const PROBE_MS = 3_000;

/** How many wait for a connection at most; more than these it is better to refuse at once. */
const MOST_WAITING = 500;

/** A PostgreSQL server or cluster that may go and come. */
export interface Postgres {
  /** As Kysely's dialect takes it. */
  readonly pool: { connect(): Promise<PoolClient>; end(): Promise<void>; readonly options: object };
  /** For work that may take as long as it takes, such as a migration. */
  patientPool(): Pool;
  /** A connection beside the pool, not connected yet. */
  newClient(): PostgresClient;
}

export interface PostgresSettings extends Partial<Pick<ClientSettings, 'prepare' | 'options'>> {
  /** Connections of the pool. */
  readonly connections?: number;
  /** Told when the database comes to stand still, and when it answers again. */
  readonly logger?: Pick<Logger, 'warn' | 'info'> | undefined;
}

/**
 * Reaches a database that may be restarted, cut off or replaced by another at any time: what is under way then fails as an
 * outage, what comes after is served as soon as the database is there. While it does not answer, nobody waits for it.
 * @throws Error where the URL is none
 */
export function reachPostgres(
  url: string,
  { connections = 10, logger, ...settings }: PostgresSettings = {},
): Postgres {
  const waiting = new Set<() => void>();
  const standstill = watchForStandstill({
    probe: () => {
      const ms = standstill.is() ? PROBE_MS : DOUBTED_ANSWERS_MS;
      return probe(new PostgresClient({ ...bounded, connectionTimeoutMillis: ms, query_timeout: ms }));
    },
    everyMs: PROBE_EVERY_MS,
    began: () => {
      logger?.warn('database does not answer; refusing requests until it does');
      for (const giveUp of waiting) giveUp();
    },
    over: () => logger?.info('database answers again'),
  });
  const addresses = postgresAddresses(url);
  const reach = { addresses, unanswered: standstill.doubt, statements: new Set<{ since: number }>() };
  const patient = { ...settings, reach, connectionTimeoutMillis: CONNECT_MS };
  const bounded = { ...patient, query_timeout: UNANSWERED_MS, statement_timeout: STATEMENT_MS };
  const pool = newPool({ ...bounded, max: connections });
  const doubting = setInterval(() => {
    const [oldest] = reach.statements;
    if (oldest && performance.now() - oldest.since > DOUBT_AFTER_MS) standstill.doubt();
  }, DOUBT_AFTER_MS / 4).unref();

  /** A connection of the pool, unless the database comes to stand still before there is one. */
  const connect = () =>
    new Promise<PoolClient>((resolve, reject) => {
      let gaveUp = false;
      const giveUp = () => {
        gaveUp = true;
        reject(new OutageError('database does not answer; refusing requests until it does'));
      };
      waiting.add(giveUp);
      pool
        .connect()
        .finally(() => waiting.delete(giveUp))
        .then((client) => {
          // Nobody is left to give it back, even where the database answers again by now.
          if (!gaveUp && !standstill.is()) return resolve(client);
          client.release();
          giveUp();
        }, reject);
    });

  return {
    pool: {
      options: pool.options,
      connect: async () => {
        if (standstill.is()) throw new OutageError('database does not answer');
        if (pool.waitingCount >= MOST_WAITING) throw new OutageError('too many wait for the database');
        return connect().catch((error: unknown) => {
          if (isUnanswered(error)) standstill.doubt();
          throw error;
        });
      },
      end: async () => {
        clearInterval(doubting);
        standstill.end();
        await pool.end();
      },
    },
    patientPool: () => newPool({ ...patient, reach: { ...reach, statements: new Set() }, max: 2 }),
    newClient: () => new PostgresClient(bounded),
  };
}

function newPool(settings: ClientSettings & PoolConfig): Pool {
  const pool = new Pool({
    ...settings,
    Client: class extends PostgresClient {
      constructor() {
        super(settings);
      }
    },
    onConnect: (client) => (client as PostgresClient).mustTakeWrites(),
  });
  // A connection that dies while idle is replaced by the pool; the next query reports what is wrong.
  pool.on('error', () => {});
  return pool;
}

/** @throws Error where the database does not answer, or takes no writes */
async function probe(client: PostgresClient): Promise<void> {
  try {
    await client.connect();
    await client.mustTakeWrites();
  } finally {
    void client.end();
  }
}
