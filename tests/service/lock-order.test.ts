import { randomBytes } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expireConfirmations } from '../../server/store/confirmations.ts';
import { openPostgres, PLANNER_OPTIONS } from '../../server/store/database.ts';
import type { Schema } from '../../server/store/schema.ts';
import { SENPOKU } from '../institutions.ts';
import { plainPool, startPostgres, type TestPostgres } from './postgres.ts';

/** Statements that lock many tokens, on a real PostgreSQL. */

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const TOKENS = 20;
const idOf = (at: number) => String.fromCharCode(97 + at).repeat(22);

/** Questions that nobody decided, the last token's first. */
async function leaveAlone(client: pg.Client): Promise<void> {
  for (let at = 0; at < TOKENS; at += 1) {
    await client.query(
      `insert into tokens (id, institution, user_id, status, kind, algorithm, digits, period, confirmation_mode,
         issued_at, enrol_by, expires_at)
       values ($1, 'senpoku', $2, 'active', 'software', 'SHA-256', 8, 60, 'approve', now(), now(),
         now() + interval '1 year')`,
      [idOf(at), String(100_000_000_000 + at)],
    );
    await client.query(
      `insert into confirmations (id, institution, token_id, number, mode, details, status, expires_at)
       values ($1, 'senpoku', $2, '12', 'approve', '{}', 'waiting', now() - make_interval(secs => $3))`,
      [randomBytes(16).toString('base64url'), idOf(at), at + 1],
    );
  }
  // Enough others that tokens are looked up one by one.
  await client.query(
    `insert into tokens (id, institution, user_id, status, kind, algorithm, digits, period, confirmation_mode,
       issued_at, enrol_by, expires_at)
     select 'zz' || i, 'senpoku', (200000000000 + i)::text, 'active', 'software', 'SHA-256', 8, 60, 'approve', now(),
       now(), now() + interval '1 year' from generate_series(1, 20000) i`,
  );
  await client.query('vacuum analyze tokens');
}

/** As the service has it, but statements may wait for as long as the test looks. */
function patientDatabase(connectionString: string): Kysely<Schema> {
  const pool = plainPool(connectionString, PLANNER_OPTIONS);
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}

test('the expiry of questions locks tokens in the order of all statements: while it waits for the first it holds none', async () => {
  await (await openPostgres(postgres.url)).close();
  const db = patientDatabase(postgres.url);
  const [holder, looker] = [new pg.Client(postgres.url), new pg.Client(postgres.url)];
  await Promise.all([holder.connect(), looker.connect()]);
  await leaveAlone(holder);
  await holder.query('begin');
  await holder.query('select from tokens where id = $1 for update', [idOf(0)]);

  const expiry = expireConfirmations(db, [SENPOKU], new Date());
  const waiting = async () => {
    const { rows } = await looker.query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    return rows.length;
  };
  await expect.poll(waiting, { timeout: 30_000 }).toBe(1);
  const free = await looker.query("select id from tokens where id < 'zz' order by id for update skip locked");
  expect(free.rows).toHaveLength(TOKENS - 1);

  await holder.query('rollback');
  await expiry;
  await Promise.all([holder.end(), looker.end(), db.destroy()]);
});
