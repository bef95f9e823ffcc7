import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openPostgres } from '../../server/store/database.ts';
import { freePort } from './free-port.ts';
import { startPostgres } from './postgres.ts';
import { startPart } from './process.ts';

type Running = Awaited<ReturnType<typeof start>>;

/** The token service on PostgreSQL beside all tests of a file. */
export function useRunningService(): () => Running {
  let running: Running;
  beforeAll(async () => {
    running = await start();
  });
  afterAll(() => running.stop());
  return () => running;
}

async function start() {
  const server = await startPostgres();
  const env = {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-data-')),
    WARIFU_PORT: String(await freePort()),
    DATABASE_URL: server.url,
  };
  let part = await startPart('server/main.ts', env);
  const { db, close } = await openPostgres(server.url);
  return {
    /** Settings of the service and of a command beside it. */
    env,
    db,
    restart: async () => {
      await part.kill('SIGTERM');
      part = await startPart('server/main.ts', env);
    },
    stop: async () => {
      await part.kill('SIGTERM');
      await close();
      await server.stop();
    },
  };
}
