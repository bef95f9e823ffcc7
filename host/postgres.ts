import { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { OutageError } from '../core/errors.ts';
import { registry } from './metrics.ts';
import { postgresAddresses } from './postgres-addresses.ts';
import { type ClientSettings, isUnanswered, PostgresClient, type Unanswered } from './postgres-client.ts';
import { watchForStandstill } from './standstill.ts';

/** The server cancels a slow statement before we give up, so that a missing answer means that the server stands still. */
const STATEMENT_MS = 2_500;
const UNANSWERED_MS = 3_000;
const CONNECT_MS = 2_000;

/** Age of an unanswered statement at which the server is probed on another connection. */
const DOUBT_AFTER_MS = 500;
const DOUBTED_ANSWERS_MS = 1_000;

/** How often each server is probed while none answers, and how long each probe waits for a slow one. */
const PROBE_EVERY_MS = 100;
const PROBE_MS = 3_000;
/** A commit that waits for a standby keeps its connection until there is one, whoever gave up: few are to wait. */
const PROBE_COMMIT_MS = 30_000;

/** Most statements that wait for a connection; more are refused at once. */
const MOST_WAITING = 500;

const pools = new Set<Pool>();

new Gauge({
  registers: [registry],
  name: 'warifu_database_connections',
  help: 'Connections of the pool, and statements that wait for one',
  labelNames: ['state'],
  collect() {
    const sum = (of: (pool: Pool) => number) => [...pools].reduce((total, pool) => total + of(pool), 0);
    this.set(
      { state: 'open' },
      sum(({ totalCount }) => totalCount),
    );
    this.set(
      { state: 'idle' },
      sum(({ idleCount }) => idleCount),
    );
    this.set(
      { state: 'waited for' },
      sum(({ waitingCount }) => waitingCount),
    );
  },
});

/** A PostgreSQL server or cluster that may go away and come back. */
export interface Postgres {
  /** The pool, as Kysely's dialect takes it. */
  readonly pool: { connect(): Promise<PoolClient>; end(): Promise<void>; readonly options: object };
  /**
   * A pool without timeouts, for work such as a migration; to the server itself.
   * @param lockMs how long it waits for a lock, where not for as long as it takes
   */
  patientPool(lockMs?: number): Pool;
  /** A connection outside the pool, not connected yet; to the server itself. */
  newClient(): PostgresClient;
}

export interface PostgresSettings extends Partial<Pick<ClientSettings, 'prepare' | 'options'>> {
  /** Most connections of the pool. */
  readonly connections?: number;
  /**
   * URL of the server itself, where the other one is that of a pooler in transaction mode. What lasts beyond a transaction is not
   * asked of the pooler: nothing is prepared there.
   */
  readonly directUrl?: string | undefined;
  /** Logs when the database stops answering, and when it answers again. */
  readonly logger?: Pick<Logger, 'warn' | 'info'> | undefined;
}

/**
 * Connects to a database that may be restarted, cut off or replaced at any time. Open statements then fail as an outage, and
 * later ones work as soon as the database is back. While it does not answer, statements fail at once.
 * @throws Error if the URL is invalid
 */
export function reachPostgres(
  url: string,
  { connections = 10, logger, directUrl, ...settings }: PostgresSettings = {},
): Postgres {
  const waiting = new Set<() => void>();
  const addresses = postgresAddresses(url);
  const standstill = watchForStandstill({
    probes: addresses.all.map((address) => async () => {
      const ms = standstill.is() ? PROBE_MS : DOUBTED_ANSWERS_MS;
      const client = new PostgresClient({
        ...bounded,
        reach: { addresses, unanswered: () => {}, statements: new Set() },
        address,
        connectionTimeoutMillis: ms,
        query_timeout: ms,
      });
      await probe(client, standstill.is() ? PROBE_COMMIT_MS : DOUBTED_ANSWERS_MS);
    }),
    everyMs: PROBE_EVERY_MS,
    began: () => {
      logger?.warn('database does not answer; refusing requests until it does');
      for (const giveUp of waiting) giveUp();
    },
    over: () => logger?.info('database answers again'),
  });
  const reach = { addresses, unanswered: standstill.doubt, statements: new Set<Unanswered>() };
  const addressesPastPooler = () => (directUrl === undefined ? addresses : postgresAddresses(directUrl));
  // Migrations and listeners keep separate addresses: otherwise the primary that the migrations found makes every listener on the next
  // primary look outdated.
  const migrating = { ...reach, addresses: addressesPastPooler() };
  const listening = { ...reach, addresses: addressesPastPooler() };
  const patient = { ...settings, reach, connectionTimeoutMillis: CONNECT_MS };
  const bounded = { ...patient, query_timeout: UNANSWERED_MS, statement_timeout: STATEMENT_MS };
  const prepare = settings.prepare === true && directUrl === undefined;
  const pool = newPool({ ...bounded, prepare, max: connections });
  pools.add(pool);
  const doubting = setInterval(() => {
    const oldest = [...reach.statements].find(({ by }) => !by.isOfFormerPrimary);
    if (oldest && performance.now() - oldest.since > DOUBT_AFTER_MS) standstill.doubt();
  }, DOUBT_AFTER_MS / 4).unref();

  /** A connection of the pool, to the primary as far as is known. */
  const fromPool = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    if (!(client instanceof PostgresClient && client.isOfFormerPrimary)) return client;
    client.release(true);
    return fromPool();
  };

  /** The same. Fails if the database stops answering before there is one. */
  const connect = () =>
    new Promise<PoolClient>((resolve, reject) => {
      let gaveUp = false;
      const giveUp = () => {
        gaveUp = true;
        reject(new OutageError('database does not answer; refusing requests until it does'));
      };
      waiting.add(giveUp);
      fromPool()
        .finally(() => waiting.delete(giveUp))
        .then((client) => {
          // The caller has been refused and will not give it back.
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
        if (pool.waitingCount >= MOST_WAITING)
          throw new OutageError('too many statements wait for a connection');
        return connect().catch((error: unknown) => {
          if (isUnanswered(error)) standstill.doubt();
          throw error;
        });
      },
      end: async () => {
        clearInterval(doubting);
        standstill.end();
        pools.delete(pool);
        await pool.end();
      },
    },
    patientPool: (lockMs) =>
      newPool({
        ...patient,
        ...(lockMs !== undefined && { lock_timeout: lockMs }),
        reach: { ...migrating, statements: new Set() },
        max: 2,
      }),
    newClient: () => new PostgresClient({ ...bounded, reach: listening }),
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
    onConnect: (client) => (client as PostgresClient).mustBePrimary(UNANSWERED_MS),
  });
  // The pool replaces a connection that dies while idle; the next query reports a remaining problem.
  pool.on('error', () => {});
  return pool;
}

/** @throws Error if the server does not answer in time, or is not the primary */
async function probe(client: PostgresClient, commitWithinMs: number): Promise<void> {
  try {
    await client.connect();
    await client.mustBePrimary(commitWithinMs);
  } finally {
    void client.end();
  }
}
