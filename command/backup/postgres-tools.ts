import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type Kysely, sql } from 'kysely';
import { hostsOf } from '../../host/postgres-addresses.ts';
import { CannotTellError, messageOf } from '../errors.ts';

/** PostgreSQL's own tools for backups. */
export type Tool = 'pg_dump' | 'pg_restore';

/** PostgreSQL's major version. */
export async function majorOf(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ version: string }>`
    select current_setting('server_version_num') as version`.execute(db);
  return Math.floor(Number(rows[0]?.version) / 10_000);
}

/**
 * Checks that a tool is there and reads this version of PostgreSQL.
 * @throws CannotTellError
 */
export async function checkTool(tool: Tool, major: number): Promise<void> {
  const said = await run(tool, ['--version'], {});
  const own = Number(/(\d+)[.\d]*/.exec(said)?.[1]);
  if (own >= major) return;
  throw new CannotTellError(
    `${tool} is of PostgreSQL ${own} and cannot read ${major}; put that of postgresql-client-${major} first in PATH`,
  );
}

/** Runs a tool on the database at a URL, which stays off the command line: it holds a password. @throws CannotTellError */
export async function runOn(url: string, tool: Tool, args: readonly string[]): Promise<void> {
  await run(tool, args, libpqEnvironment(url));
}

async function run(tool: Tool, args: readonly string[], env: Record<string, string>): Promise<string> {
  const child = spawn(tool, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close').catch((error: unknown) => {
    throw new CannotTellError(`cannot run ${tool}: ${messageOf(error)}; install postgresql-client`);
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new CannotTellError(`${tool} failed: ${err.trim()}`);
  return out;
}

/** Parameters of a URL that libpq has a variable for. */
const PARAMETERS: Readonly<Record<string, string>> = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  application_name: 'PGAPPNAME',
};

/** A URL as libpq's variables. Of several servers the one that takes writes is used. */
function libpqEnvironment(url: string): Record<string, string> {
  const urls = hostsOf(url).map((one) => new URL(one));
  const [first] = urls;
  if (first === undefined) return {};
  const env: Record<string, string> = {
    PGHOST: urls.map(({ hostname }) => hostname.replace(/^\[|\]$/g, '')).join(','),
    PGPORT: urls.map(({ port }) => port || '5432').join(','),
    PGDATABASE: decodeURIComponent(first.pathname.slice(1)),
    PGTARGETSESSIONATTRS: 'read-write',
  };
  if (first.username !== '') env.PGUSER = decodeURIComponent(first.username);
  if (first.password !== '') env.PGPASSWORD = decodeURIComponent(first.password);
  for (const [name, value] of first.searchParams) {
    const variable = PARAMETERS[name];
    if (variable === undefined) {
      throw new CannotTellError(`the database URL has ${name}, which pg_dump cannot be given`);
    }
    env[variable] = value;
  }
  return env;
}
