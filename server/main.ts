import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { pino } from 'pino';
import { environmentName } from '../core/institution/environment.ts';
import { FIRST_PORT } from '../core/institution/ports.ts';
import { capacityOf } from '../host/capacity.ts';
import { loadDirectory } from '../host/directory.ts';
import { closeFolder, FolderInUseError } from '../host/folder.ts';
import { closeServers, codeOf, listen } from '../host/listen.ts';
import { createBoundedServers } from '../host/serve.ts';
import { trustedProxies } from '../host/source.ts';
import { createService, SERVING } from './app.ts';
import { type MovableClock, systemClock, unsafeTestClock } from './clock.ts';
import { sha256 } from './compare.ts';
import type { ServiceDependencies } from './context.ts';
import { deliverEvents } from './deliver.ts';
import { loadApiKey, loadMasterKey, loadSigningKey } from './keys.ts';
import { isMasterKeyOfDatabase } from './master-key-check.ts';
import { systemRandomBytes } from './random.ts';
import { insertApiKey } from './store/access.ts';
import { expireConfirmations } from './store/confirmations.ts';
import { openFolder, openPostgres } from './store/database.ts';
import { sweep } from './store/sweep.ts';
import type { Wakes } from './store/wakes.ts';
import { checkTokenKinds } from './token-parameters.ts';

const { env } = process;
const port = Number(env.WARIFU_PORT ?? FIRST_PORT);
const data = env.WARIFU_DATA ?? './data';
const logger = pino(
  { level: env.WARIFU_LOG ?? 'info', base: { part: 'token-service' } },
  pino.destination(2),
);

const SWEEP_EVERY_MS = 60_000;
const EXPIRE_EVERY_MS = 5_000;
/** How long a stopping service waits for what is under way. */
const STOP_WITHIN_MS = 10_000;

async function main(): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_533) {
    throw new Error('WARIFU_PORT must be a port number up to 65533');
  }
  const directory = loadDirectory(env.WARIFU_DIRECTORY, port);
  checkTokenKinds(directory);
  closeFolder(data);
  const capacity = capacityOf(env, getHeapStatistics().heap_size_limit);
  const bounded = createBoundedServers({ ...SERVING, capacity });
  const [server] = bounded.servers;
  if (server !== undefined) await listen(server, env.WARIFU_HOST ?? '127.0.0.1', port);
  const { db, wakes, close } = await (env.DATABASE_URL
    ? openPostgres(env.DATABASE_URL, { ...directory, logger })
    : openFolder(join(data, 'service'), directory));
  const testClock = env.WARIFU_UNSAFE_TEST_CLOCK === '1' ? unsafeTestClock() : undefined;
  const clock = testClock?.now ?? systemClock;
  const eventUrls = new Map<string, string>();
  for (const { key } of directory.institutions) {
    const name = environmentName(key);
    const apiKey = loadApiKey(data, key, env[`WARIFU_API_KEY_${name}`]);
    await insertApiKey(db, sha256(apiKey), key, new Date(clock()));
    const url = env[`WARIFU_EVENTS_URL_${name}`];
    if (url) eventUrls.set(key, url);
  }

  const companion = env.WARIFU_COMPANION ?? './.output/web';
  const stopping = new AbortController();
  const dependencies: ServiceDependencies = {
    db,
    wakes,
    directory,
    capacity,
    masterKey: await loadMasterKey(data, env.WARIFU_MASTER_KEY),
    signingKey: await loadSigningKey(data, env.WARIFU_SIGNING_KEY),
    clock,
    randomBytes: systemRandomBytes,
    logger,
    trustedProxies: trustedProxies(env.WARIFU_TRUSTED_PROXIES ?? ''),
    companionFolder: existsSync(companion) ? companion : undefined,
    stopping: stopping.signal,
    unsafeMoveClock: testClock && moving(testClock, wakes),
  };
  if (!(await isMasterKeyOfDatabase(dependencies))) {
    throw new Error("WARIFU_MASTER_KEY is not the key that this database's secrets are sealed under");
  }
  const app = createService(dependencies);
  const delivering = deliverEvents(dependencies, eventUrls);

  bounded.serve(app.fetch);
  for (const origin of new Set(directory.institutions.map(({ serviceOrigin }) => serviceOrigin))) {
    console.log(`ready ${origin}`);
  }
  const sweeping = { logger, stopping: stopping.signal };
  const chores = [
    every(SWEEP_EVERY_MS, () => sweep(db, new Date(clock()), sweeping)),
    every(EXPIRE_EVERY_MS, () => expireConfirmations(db, directory.institutions, new Date(clock()))),
  ];

  /** Takes nothing new, answers what is under way, then lets the database go. */
  const stop = async () => {
    for (const chore of chores) clearInterval(chore);
    stopping.abort();
    await closeServers(bounded.servers, STOP_WITHIN_MS);
    await delivering;
    await close();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** Does something again and again, once at a time; a failure is told and the next turn tries again. */
function every(ms: number, act: () => Promise<void>): NodeJS.Timeout {
  let underWay = false;
  return setInterval(async () => {
    if (underWay) return;
    underWay = true;
    await act().catch((error: Error) => logger.warn({ reason: codeOf(error) ?? error.name }, 'chore failed'));
    underWay = false;
  }, ms);
}

/** Who waits looks again when the clock was moved. */
const moving = (testClock: MovableClock, wakes: Wakes) => (offsetMs: number) => {
  testClock.move(offsetMs);
  wakes.all();
};

function fail(message: string): never {
  console.error(`warifu: the token service could not start: ${message}`);
  process.exit(1);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const advice = 'Stop it, choose another folder with WARIFU_DATA, or use DATABASE_URL.';
  if (codeOf(error) === 'EADDRINUSE') fail(`port ${port} is in use; choose another with WARIFU_PORT`);
  fail(error instanceof FolderInUseError ? `${message}. ${advice}` : message);
});
