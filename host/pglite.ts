import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import type { PGlite, PGliteOptions } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { type Migrations, migrate, type OpenDatabase } from './database.ts';
import { lockFolder } from './folder.ts';
import { PreparingClient } from './preparing-client.ts';
import { createWakes, type OpenWakes } from './wakes.ts';

/** PostgreSQL's default, 128 MB, is written full of zeros at each start, which takes longer than all the rest of it. */
const SHARED_BUFFERS = '16MB';

/**
 * Starts the built-in PostgreSQL: in memory, unless there is a `dataDir`. It is imported only when it is used, because it takes more memory
 * than the rest of a node.
 */
export async function startPglite(options: PGliteOptions = {}): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const startParams = [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`];
  return new PGlite({ ...options, startParams });
}

export interface OpeningPglite {
  /** The channel that its changes notify. */
  readonly channel: string;
  /** PostgreSQL's settings, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Opens the built-in PostgreSQL in a folder, for this process alone, and migrates its tables. If that fails, the folder is free again.
 * @throws FolderInUseError
 */
export const openPgliteFolder = <Schema>(
  folder: string,
  migrations: Migrations,
  opening: OpeningPglite,
): Promise<OpenDatabase<Schema>> =>
  inLockedFolder(folder, (pglite) => openPglite<Schema>(pglite, migrations, opening));

/**
 * Locks a folder for as long as the built-in PostgreSQL in it is open.
 * @throws FolderInUseError
 */
export async function inLockedFolder<Opened extends { close(): Promise<void> }>(
  folder: string,
  open: (pglite: PGlite) => Opened | Promise<Opened>,
): Promise<Opened> {
  const unlock = lockFolder(folder);
  try {
    const dataDir = join(folder, 'pg');
    mkdirSync(dataDir, { recursive: true });
    const opened = await open(await startPglite({ dataDir }));
    const close = async () => {
      await opened.close();
      unlock();
    };
    return { ...opened, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Migrates the tables of a built-in PostgreSQL that was started. If that fails, it is ended. */
export async function openPglite<Schema>(
  pglite: PGlite,
  migrations: Migrations,
  { channel, ...settings }: OpeningPglite,
): Promise<OpenDatabase<Schema>> {
  const wakes = createWakes();
  const waking = { channel, wakes };
  const db = new Kysely<Schema>({ dialect: pgliteDialect(pglite, { ...settings, waking }) });
  try {
    await migrate(db, migrations);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, wakes, close: () => db.destroy() };
}

interface PgliteSettings extends Pick<OpeningPglite, 'settings'> {
  /** Whom to wake by the notifications of a channel. None is lost, because the database runs in this process. */
  readonly waking?: { readonly channel: string; readonly wakes: OpenWakes };
}

/**
 * How Kysely reaches the built-in PostgreSQL: by the client for servers, whose messages go to a function in place of a network. It has one
 * connection, and ends with it.
 */
export function pgliteDialect(pglite: PGlite, { settings = {}, waking }: PgliteSettings = {}) {
  const config = {
    user: 'postgres',
    database: 'postgres',
    stream: () => new PgliteSocket(pglite),
    prepare: true,
  };
  const pool = new Pool({
    max: 1,
    idleTimeoutMillis: 0,
    Client: class extends PreparingClient {
      constructor() {
        super(config);
      }
    },
    onConnect: async (client) => {
      // The database has one session, in which a connection that broke has left what it had begun.
      await client.query('rollback; deallocate all');
      for (const [name, value] of Object.entries(settings)) await client.query(`set ${name} = ${value}`);
      if (waking === undefined) return;
      client.on('notification', ({ payload }) => waking.wakes.take(payload ?? ''));
      await client.query(`listen ${waking.channel}`);
      waking.wakes.hearing(true);
    },
  });
  // The statement that met the error reports it.
  pool.on('error', () => {});
  const end = async () => {
    await pool.end();
    await pglite.close();
  };
  return new PostgresDialect({ pool: { options: pool.options, connect: () => pool.connect(), end } });
}

/** What the client takes for the socket of a server. */
class PgliteSocket extends Duplex {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    super();
    this.#pglite = pglite;
  }

  connect(): void {
    this.#pglite.waitReady.then(
      () => this.emit('connect'),
      (error: unknown) => this.destroy(asError(error)),
    );
  }

  setNoDelay(): void {}

  ref(): void {}

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#ask(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#ask(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  #ask(messages: Buffer, done: (error?: Error) => void): void {
    this.#pglite.execProtocolRaw(messages).then(
      (answer) => {
        this.push(answer);
        done();
      },
      (error: unknown) => done(asError(error)),
    );
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
