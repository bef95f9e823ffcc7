import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openFolder, openPostgres } from '../../server/store/database.ts';
import { freePort } from '../service/free-port.ts';
import { startPostgres } from '../service/postgres.ts';
import { type RunningPart, startPart } from '../service/process.ts';
import { INSTITUTION_KEY } from './active-tokens.ts';
import type { Bench } from './measure.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A database of one kind that a service, or a peer in its place, opens in its own process. */
export interface Ground {
  readonly kind: 'PGlite' | 'PostgreSQL';
  /** Folder of keys and, with PGlite, the database. */
  readonly data: string;
  /** What tells a process to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Processes of the database beside the one that opens it. */
  processes(): readonly number[];
}

export async function newGround(kind: Ground['kind'], bench: Bench): Promise<Ground> {
  const data = temporaryFolder(bench);
  if (kind === 'PGlite') return { kind, data, env: { WARIFU_DATA: data }, processes: () => [] };
  const postgres = await startPostgres();
  bench.defer(() => postgres.stop());
  const env = { WARIFU_DATA: data, DATABASE_URL: postgres.url };
  return { kind, data, env, processes: postgres.processes };
}

/** Opens the database where the service will, for as long as `use` takes. */
export async function withDatabase<T>(ground: Ground, use: (db: Database) => Promise<T>): Promise<T> {
  const { db, close } = await openAs(ground.env);
  try {
    return await use(db);
  } finally {
    await close();
  }
}

/** What server/main.ts does with the same variables. */
function openAs({ DATABASE_URL, WARIFU_DATA = '' }: Readonly<Record<string, string | undefined>>) {
  return DATABASE_URL === undefined ? openFolder(join(WARIFU_DATA, 'service')) : openPostgres(DATABASE_URL);
}

/** The token service in its own process, as in production, but for a clock that can be moved. */
export interface RunningService {
  readonly port: number;
  readonly apiKey: string;
  readonly part: RunningPart;
  /** The service's time less this machine's. */
  moveClock(offsetMs: number): Promise<void>;
  /** The service's time. */
  now(): number;
  /** Resident memory in bytes. */
  residentBytes(): number;
}

/** Operators run the bundle on PostgreSQL, developers the sources on PGlite. */
const programOf = async ({ kind }: Ground, bench: Bench) =>
  kind === 'PostgreSQL' ? join(await bench.bundle(), 'server/main.js') : 'server/main.ts';

export async function startService(
  ground: Ground,
  bench: Bench,
  more: Record<string, string> = {},
): Promise<RunningService> {
  const { env, data } = ground;
  const port = await freePort();
  const part = await startPart(await programOf(ground, bench), {
    ...env,
    ...more,
    WARIFU_PORT: String(port),
    WARIFU_UNSAFE_TEST_CLOCK: '1',
  });
  if (part.child.exitCode !== null) throw new Error(`the service did not start:\n${part.output.join('\n')}`);
  bench.defer(() => part.kill('SIGTERM'));
  let offset = 0;
  return {
    port,
    part,
    apiKey: readFileSync(join(data, 'api-keys', INSTITUTION_KEY), 'utf8').trim(),
    now: () => Date.now() + offset,
    moveClock: async (offsetMs) => {
      offset = offsetMs;
      await fetch(`http://127.0.0.1:${port}/unsafe-test/clock`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ offsetMs }),
      });
    },
    residentBytes: () => {
      const status = readFileSync(`/proc/${part.child.pid}/status`, 'utf8');
      const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
      return Number(kilobytes) * 1024;
    },
  };
}
