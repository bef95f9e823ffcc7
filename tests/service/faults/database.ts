import { Client } from 'pg';
import type { TestPostgres } from '../postgres.ts';
import type { CodeLedger } from './codes.ts';
import { type IssueLoad, issue, issueAtRate, type Outcome, type Target, untilReady } from './load.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface DatabaseFault {
  readonly outcomes: readonly Outcome[];
  /** Milliseconds from the return of the database to the return of the service. */
  readonly readyAfterMs: number;
}

/** Cuts every connection to the database, again and again, under load. */
export async function cutConnections(
  postgres: TestPostgres,
  target: Target,
  { perSecond, times }: { readonly perSecond: number; readonly times: number },
): Promise<DatabaseFault> {
  const load = issueAtRate(target, perSecond);
  await pause(300);
  for (let time = 0; time < times; time += 1) {
    await cutAll(postgres);
    await pause(30);
  }
  return recovered(load, target);
}

/** Cuts every connection to the database, once. */
export async function cutAll({ url }: TestPostgres): Promise<void> {
  await withClient(url, (client) =>
    client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    ),
  );
}

/** Kills the database under load and starts it again. */
export async function killDatabase(
  postgres: TestPostgres,
  target: Target,
  { perSecond, awayMs }: { readonly perSecond: number; readonly awayMs: number },
): Promise<DatabaseFault> {
  const load = issueAtRate(target, perSecond);
  await pause(300);
  await postgres.kill();
  await pause(awayMs);
  await postgres.restart();
  return recovered(load, target);
}

/** A database that is waited for goes on by then. */
const STANDS_AT_MOST_MS = 30_000;

export interface Standstill extends DatabaseFault {
  /** How long after the database stood the first request was refused. */
  readonly firstRefusalMs: number;
  /** Requests sent in the first `standMs` that were not answered before the database went on. */
  readonly waitedForIt: number;
}

/**
 * Lets the database stand under load, taking connections and answering nothing, until what is sent in the first `standMs` is
 * answered.
 */
export async function standDatabase(
  postgres: TestPostgres,
  target: Target,
  { perSecond, standMs }: { readonly perSecond: number; readonly standMs: number },
): Promise<Standstill> {
  const load = issueAtRate(target, perSecond);
  await pause(300);
  postgres.stand();
  const stoodAt = performance.now();
  await pause(standMs);
  const stoodUntil = performance.now();
  await Promise.race([load.answered(), pause(STANDS_AT_MOST_MS)]);
  const wentOnAt = performance.now();
  postgres.goOn();
  const fault = await recovered(load, target);
  const refusals = fault.outcomes.filter(({ status, at, ms }) => status !== 201 && at + ms > stoodAt);
  const waited = fault.outcomes.filter(({ at, ms }) => at < stoodUntil && at + ms > wentOnAt);
  return {
    ...fault,
    firstRefusalMs: Math.min(...refusals.map(({ at, ms }) => at + ms)) - stoodAt,
    waitedForIt: waited.length,
  };
}

async function recovered(load: IssueLoad, target: Target): Promise<DatabaseFault> {
  const readyAfterMs = await untilReady(target.port);
  await pause(300);
  return { outcomes: await load.end(), readyAfterMs };
}

/** Losses and doubles: acknowledged tokens that do not exist, and repeated requests that made more than one token. */
export async function lostAndDoubled(
  { url }: TestPostgres,
  target: Target,
  outcomes: readonly Outcome[],
): Promise<{ readonly lost: number; readonly doubled: number }> {
  const again: Outcome[] = [];
  for (const { key, status } of outcomes) if (status !== 201) again.push(await issue(target, key));
  const acknowledged = [...outcomes, ...again].flatMap(({ userId }) => userId ?? []);
  const rows = await withClient(url, (client) =>
    client.query<{ user_id: string }>('select user_id from tokens'),
  );
  const there = new Set(rows.rows.map(({ user_id }) => user_id));
  const lost = acknowledged.filter((userId) => !there.has(userId)).length;
  return { lost, doubled: there.size - new Set(acknowledged).size };
}

/** Losses and doubles of codes: those answered as accepted that are not, and those accepted more than once. */
export async function lostAndDoubledCodes(
  { url }: Pick<TestPostgres, 'url'>,
  { acceptedKeys, accepted }: Pick<CodeLedger, 'acceptedKeys' | 'accepted'>,
): Promise<{ readonly lost: number; readonly doubled: number }> {
  return withClient(url, async (client) => {
    const count = async (text: string, values: readonly unknown[] = []) =>
      Number((await client.query(text, [...values])).rows[0].count);
    let lost = 0;
    for (let from = 0; from < acceptedKeys.length; from += KEYS_A_STATEMENT) {
      lost += await count(
        `select count(*) from unnest($1::text[]) as said(key)
         left join idempotency i on i.key = said.key and i.accepted where i.key is null`,
        [acceptedKeys.slice(from, from + KEYS_A_STATEMENT)],
      );
    }
    const taken = await count(`select count(*) from audit where event = 'verify' and outcome = 'done'`);
    return { lost, doubled: taken - accepted };
  });
}

const KEYS_A_STATEMENT = 10_000;

/** No token was issued yet. */
export async function forgetTokens({ url }: TestPostgres): Promise<void> {
  await withClient(url, (client) => client.query('truncate tokens, idempotency'));
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
