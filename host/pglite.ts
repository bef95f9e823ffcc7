import { Duplex } from 'node:stream';
import type { PGlite, PGliteOptions } from '@electric-sql/pglite';
import { PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { PreparingClient } from './preparing-client.ts';
import type { OpenWakes } from './wakes.ts';

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

interface PgliteSettings {
  /** PostgreSQL's settings, by name. */
  readonly settings?: Readonly<Record<string, string>>;
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
