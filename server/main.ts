import { existsSync } from 'node:fs';
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

async function main(): Promise<void> {
  const directory = loadDirectory(env.WARIFU_DIRECTORY, port);
  const { db, close } = await (env.DATABASE_URL
    ? openPostgres(env.DATABASE_URL)
    : openFolder(join(data, 'service')));
  const testClock = env.WARIFU_UNSAFE_TEST_CLOCK === '1' ? unsafeTestClock() : undefined;
  const clock = testClock?.now ?? systemClock;
  for (const { key } of directory.institutions) {
    await insertApiKey(db, sha256(loadApiKey(data, key)), key, new Date(clock()));
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
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  console.error(
    error instanceof FolderInUseError
      ? `warifu: ${message}. Stop it, choose another folder with WARIFU_DATA, or use DATABASE_URL.`
      : `warifu: the token service could not start: ${message}`,
  );
  process.exit(1);
});
