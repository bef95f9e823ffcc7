import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { migrations as bankMigrations } from '../../bank/store/migrations.ts';
import { isContract } from '../../host/database.ts';
import { openToRead } from '../../host/read-database.ts';
import type { Settings } from '../../host/settings.ts';
import { migrationsFor } from '../../server/store/migrations.ts';
import { CannotTellError, messageOf } from '../errors.ts';
import type { Part } from '../part.ts';
import { databasesOf, explain, hasKey, holderAmong, keysOf, PARTS, type PartDatabase } from '../parts.ts';
import { clockLine } from './clock.ts';
import { error, type Line, ok, warning } from './line.ts';
import { handOverLine } from './rotation.ts';

const MIGRATIONS = {
  service: Object.keys(migrationsFor([])),
  bank: Object.keys(bankMigrations),
} as const satisfies Record<Part, readonly string[]>;

/** The oldest PostgreSQL that its makers still mend. */
const OLDEST_MAJOR = 14;

/** What the databases of a part say, if they let us in. */
export async function* databaseLines(settings: Settings, part: Part): AsyncGenerator<Line> {
  let databases: readonly PartDatabase[];
  try {
    databases = databasesOf(settings, part);
  } catch (cause) {
    yield error(`database of the ${PARTS[part].name}`, messageOf(cause));
    return;
  }
  for (const database of databases) yield* linesOf(settings, database);
}

async function* linesOf(settings: Settings, { part, name, url, folder }: PartDatabase): AsyncGenerator<Line> {
  const about = `database of the ${name}`;
  if (url === undefined && !existsSync(join(folder, 'pg'))) {
    yield warning(about, `there is none in ${folder} yet; the first start makes it`);
    return;
  }
  try {
    const { db, close } = await openToRead(url, folder).catch(explain(part));
    try {
      yield await versionLine(db, about, url !== undefined);
      yield await migrationsLine(db, about, MIGRATIONS[part]);
      yield* keyLines(db, settings, { part, name });
    } finally {
      await close();
    }
  } catch (cause) {
    if (url === undefined && cause instanceof CannotTellError) yield warning(about, cause.message);
    else yield error(about, `${messageOf(cause)}; see that the server runs and lets this user in`);
  }
}

async function versionLine(db: Kysely<unknown>, about: string, isServer: boolean): Promise<Line> {
  const before = Date.now();
  const { rows } = await sql<{ version: string; at: number }>`
    select current_setting('server_version_num') as version, extract(epoch from clock_timestamp()) * 1000 as at`.execute(
    db,
  );
  const after = Date.now();
  const { version, at } = rows[0] ?? { version: '0', at: Number.NaN };
  const major = Math.floor(Number(version) / 10_000);
  if (!isServer) return ok(about, `the built-in PostgreSQL ${major}`);
  if (major < OLDEST_MAJOR) {
    return error(about, `PostgreSQL ${major} is too old; upgrade it to ${OLDEST_MAJOR} or later`);
  }
  const clock = clockLine('it', { earliest: Number(at), latest: Number(at), before, after });
  if (clock.level === 'ok') return ok(about, `PostgreSQL ${major}, with the same time`);
  return { ...clock, about, said: `PostgreSQL ${major}, and this machine's clock is ${clock.said}` };
}

/** Compares the migrations that have run with those of this version. */
async function migrationsLine(db: Kysely<unknown>, about: string, known: readonly string[]): Promise<Line> {
  const run = await migrationsRun(db);
  const missing = known.filter((name) => !run.includes(name));
  const unknown = run.filter((name) => !known.includes(name));
  if (unknown.some(isContract)) {
    return error(about, `a later version has migrated it: ${unknown.join(', ')}; install that version`);
  }
  if (unknown.length > 0) {
    return warning(
      about,
      `a later version has migrated it: ${unknown.join(', ')}; this one goes on with it meanwhile`,
    );
  }
  if (missing.length > 0) {
    return warning(
      about,
      `the next start will run ${missing.length} migrations, from ${missing[0]} on; back it up first`,
    );
  }
  return ok(about, `all ${known.length} migrations have run`);
}

async function migrationsRun(db: Kysely<unknown>): Promise<string[]> {
  if (!(await isThere(db, 'kysely_migration'))) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}

async function isThere(db: Kysely<unknown>, table: string): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${table}) is not null as there`.execute(
    db,
  );
  return rows[0]?.there ?? false;
}

/** Whether a part's key is its database's, and how far it is where it is being changed. */
async function* keyLines(
  db: Kysely<unknown>,
  settings: Settings,
  { part, name }: Pick<PartDatabase, 'part' | 'name'>,
): AsyncGenerator<Line> {
  const about = `key of the ${name}`;
  if (!(await isThere(db, 'key_checks'))) {
    yield warning(about, 'its database has nothing to check it by yet');
    return;
  }
  if (!hasKey(settings, part)) {
    yield error(about, 'its database is there and it is not; put back the one the database was written with');
    return;
  }
  const { keys } = await keysOf(settings, part);
  const holder = await holderAmong(keys, db);
  if (holder === undefined) {
    yield error(about, 'is not the one its database was written with; put that one back');
    return;
  }
  yield ok(about, 'is the one its database was written with');
  if (keys.length > 1) yield handOverLine({ part, name }, holder === keys[0]);
}
