import { setTimeout as wait } from 'node:timers/promises';
import { Kysely, type LogEvent, PostgresDialect, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { isOutage } from '../core/errors.ts';
import { codeOf } from './listen.ts';
import { type Postgres, type PostgresSettings, reachPostgres } from './postgres.ts';
import { tracer } from './traces.ts';
import type { Statement } from './tracing.ts';
import { createWakes, listenPostgres, type Wakes } from './wakes.ts';

export type Migrations = Record<string, Migration>;

/** An open database, what wakes those who wait for its changes, and the function that closes both. */
export interface OpenDatabase<Schema> {
  readonly db: Kysely<Schema>;
  readonly wakes: Wakes;
  close(): Promise<void>;
}

export interface OpeningDatabase extends PostgresSettings {
  /** The channel that its changes notify. */
  readonly channel: string;
  /** Called as often as the database is found not to be there. */
  readonly away?: (() => void) | undefined;
}

/** PostgreSQL's codes for a wrong user, password or database in the URL. */
const NOT_OURS = /^(28|3D)/;

/** Whether an error means that a database is not there now, so that it is worth waiting for. */
export const isAway = (error: unknown): boolean => isOutage(error) && !NOT_OURS.test(codeOf(error) ?? '');

/** PostgreSQL's codes for a lock that could not be had in time, and for two that would wait for each other for ever. */
const LOCKED = /^(55P03|40P01)$/;

/**
 * How long a migration waits for a lock. Statements that are served meanwhile wait behind it, and may hold what it wants next. It lets
 * go long before PostgreSQL would look for a deadlock, which is after a second, and end one of the two; and lets others go on before
 * it begins again.
 */
const LOCK_MS = 200;
const LET_GO_ON_MS = 1_000;
/**
 * One in so many waits for longer than that second, after which PostgreSQL ends a vacuum of its own that has the lock. Statements
 * wait for 2.5 seconds before they are refused.
 */
const LONG_EVERY = 10;
const LONG_LOCK_MS = 1_500;

const TRY_EVERY_MS = 50;
const SAY_EVERY_MS = 10_000;

/**
 * Opens a PostgreSQL database by its URL and migrates its tables. Waits for a server that is not there yet.
 * @throws Error if the URL is invalid, or the database refuses its user, password or name
 */
export async function openDatabase<Schema>(
  url: string,
  migrations: Migrations,
  { channel, away, ...settings }: OpeningDatabase,
): Promise<OpenDatabase<Schema>> {
  const postgres = reachPostgres(url, settings);
  await untilThere((round) => migratePatiently(postgres, migrations, round), settings.logger, away);
  const dialect = new PostgresDialect({ pool: postgres.pool });
  const traces = tracer();
  const log = traces && ((event: LogEvent) => traces.statement(statementOf(event)));
  const db = new Kysely<Schema>({ dialect, ...(log && { log }) });
  const wakes = createWakes();
  const stopListening = listenPostgres(postgres.newClient, channel, wakes);
  const close = async () => {
    await stopListening();
    await db.destroy();
  };
  return { db, wakes, close };
}

const statementOf = ({ query, queryDurationMillis, level }: LogEvent): Statement => ({
  text: query.sql,
  ms: queryDurationMillis,
  failed: level === 'error',
});

/**
 * Migrates the tables of a database. One of a newer release is taken as it stands, so that nodes of both run while they are
 * upgraded, and the older release can be gone back to; until a migration whose name ends with `_contract` has ended that.
 * @throws Error with a message for the operator if this release cannot work on the database any more
 */
export async function migrate<Schema>(db: Kysely<Schema>, migrations: Migrations): Promise<void> {
  const done = await migrationsDone(db);
  const newer = done.filter((name) => !(name in migrations));
  const contract = newer.find(isContract);
  if (contract !== undefined) {
    throw new Error(
      `the database is of a newer release (${contract}), on which this one cannot work; start that one`,
    );
  }
  if (Object.keys(migrations).every((name) => done.includes(name))) return;
  const asTheyStand = Object.fromEntries(newer.map((name) => [name, { up: async () => {} }]));
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations, ...asTheyStand }) },
  }).migrateToLatest();
  if (error) throw error;
}

/** Whether a migration takes away what the release before works with, by its name. */
export const isContract = (name: string): boolean => name.endsWith('_contract');

async function migrationsDone<Schema>(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{
    is: boolean;
  }>`select to_regclass('kysely_migration') is not null as is`.execute(db);
  if (!rows[0]?.is) return [];
  const done = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return done.rows.map(({ name }) => name);
}

/**
 * Migrates without a timeout, as an index over millions of rows takes long; but waits for no lock for long.
 * @param round counts how often it was tried
 */
async function migratePatiently(postgres: Postgres, migrations: Migrations, round: number): Promise<void> {
  const lockMs = round % LONG_EVERY === 0 ? LONG_LOCK_MS : LOCK_MS;
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: postgres.patientPool(lockMs) }) });
  try {
    await migrate(db, migrations);
  } finally {
    await db.destroy();
  }
}

async function untilThere(
  open: (round: number) => Promise<void>,
  logger: PostgresSettings['logger'],
  away: OpeningDatabase['away'],
): Promise<void> {
  let saidAt = -SAY_EVERY_MS;
  for (let round = 1; ; round += 1) {
    try {
      await open(round);
      if (saidAt >= 0) logger?.info('connected to the database');
      return;
    } catch (error) {
      const isLocked = LOCKED.test(codeOf(error) ?? '');
      if (!isLocked && !isAway(error)) throw error;
      away?.();
      if (performance.now() - saidAt >= SAY_EVERY_MS) {
        const message = isLocked
          ? 'cannot migrate the tables while others work with them; will retry'
          : 'cannot connect to the database yet; will retry';
        logger?.warn({ reason: reasonOf(error) }, message);
        saidAt = performance.now();
      }
      await wait(isLocked ? LET_GO_ON_MS : TRY_EVERY_MS);
    }
  }
}

const reasonOf = (error: unknown) => codeOf(error) ?? (error instanceof Error ? error.message : '');
