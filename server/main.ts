import { existsSync } from 'node:fs';
import { Server } from 'node:http';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { FIRST_PORT } from '../core/institution/ports.ts';
import { createService } from './app.ts';
import { systemClock, unsafeTestClock } from './clock.ts';
import { sha256 } from './compare.ts';
import { loadDirectory } from './directory.ts';
import { loadApiKey, loadMasterKey, loadSigningKey } from './keys.ts';
import { systemRandomBytes } from './random.ts';
import { insertApiKey, sweep } from './store/access.ts';
import { openFolder, openPostgres } from './store/database.ts';
import { FolderInUseError } from './store/lock.ts';

const { env } = process;
const port = Number(env.WARIFU_PORT ?? FIRST_PORT);
const data = env.WARIFU_DATA ?? './data';
const logger = pino(
  { level: env.WARIFU_LOG ?? 'info', base: { part: 'token-service' } },
  pino.destination(2),
);

const SWEEP_EVERY_MS = 60_000;
/** How long a stopping service waits for what is under way. */
const STOP_WITHIN_MS = 10_000;

async function main(): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_533) {
    throw new Error('WARIFU_PORT must be a port number up to 65533');
  }
  const directory = loadDirectory(env.WARIFU_DIRECTORY, port);
  const { db, close } = await (env.DATABASE_URL
    ? openPostgres(env.DATABASE_URL)
    : openFolder(join(data, 'service')));
  const testClock = env.WARIFU_UNSAFE_TEST_CLOCK === '1' ? unsafeTestClock() : undefined;
  const clock = testClock?.now ?? systemClock;
  for (const { key } of directory.institutions) {
    const name = `WARIFU_API_KEY_${key.toUpperCase().replaceAll('-', '_')}`;
    await insertApiKey(db, sha256(loadApiKey(data, key, env[name])), key, new Date(clock()));
  }

  const companion = env.WARIFU_COMPANION ?? './.output/web';
  const app = createService({
    db,
    directory,
    masterKey: await loadMasterKey(data, env.WARIFU_MASTER_KEY),
    signingKey: await loadSigningKey(data, env.WARIFU_SIGNING_KEY),
    clock,
    randomBytes: systemRandomBytes,
    logger,
    companionFolder: existsSync(companion) ? companion : undefined,
    unsafeMoveClock: testClock?.move,
  });

  const server = serve({ fetch: app.fetch, port, hostname: env.WARIFU_HOST ?? '127.0.0.1' }, () => {
    for (const origin of new Set(directory.institutions.map(({ serviceOrigin }) => serviceOrigin))) {
      console.log(`ready ${origin}`);
    }
  });
  server.once('error', (error: NodeJS.ErrnoException) => {
    fail(
      error.code === 'EADDRINUSE' ? `port ${port} is in use; choose another with WARIFU_PORT` : error.message,
    );
  });
  const sweeping = setInterval(() => {
    sweep(db, new Date(clock())).catch((error: Error) => logger.warn({ error: error.name }, 'sweep failed'));
  }, SWEEP_EVERY_MS);

  /** Takes nothing new, answers what is under way, then lets the database go. */
  const stop = () => {
    clearInterval(sweeping);
    server.close(async () => {
      await close();
      process.exit(0);
    });
    if (server instanceof Server) {
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS).unref();
    }
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function fail(message: string): never {
  console.error(`warifu: the token service could not start: ${message}`);
  process.exit(1);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const advice = 'Stop it, choose another folder with WARIFU_DATA, or use DATABASE_URL.';
  fail(error instanceof FolderInUseError ? `${message}. ${advice}` : message);
});
