import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { pino } from 'pino';
import { startLinking } from '../host/audit/chore.ts';
import { capacityOf } from '../host/capacity.ts';
import { type Chore, startChore } from '../host/chore.ts';
import { sha256 } from '../host/compare.ts';
import { closeFolder, FolderInUseError } from '../host/folder.ts';
import { closeServers, codeOf, listen } from '../host/listen.ts';
import { serveMetrics } from '../host/metrics.ts';
import { systemRandomBytes } from '../host/random.ts';
import { createBoundedServers } from '../host/serve.ts';
import { directoryOf, readSettings, type Settings } from '../host/settings.ts';
import { endTraces, startTraces } from '../host/traces.ts';
import { type MovableClock, unsafeTestClock, withUnsafeTestClock } from '../host/unsafe-test-clock.ts';
import type { Wakes } from '../host/wakes.ts';
import { createService, SERVING } from './app.ts';
import { serviceAudit } from './audit.ts';
import { bankChannel } from './bank-events.ts';
import type { ServiceDependencies } from './context.ts';
import { deliverEvents } from './deliver.ts';
import { loadApiKey, loadPushKey } from './keys.ts';
import { loadMasterKey } from './master-key.ts';
import { holderOfDatabase } from './master-key-check.ts';
import { readMetrics } from './metrics.ts';
import { pushChannel } from './push/channel.ts';
import { loadSigningKey } from './signing-key.ts';
import { insertApiKey } from './store/access.ts';
import { expireConfirmations } from './store/confirmations.ts';
import { sumHours } from './store/counts.ts';
import { openFolder, openPostgres } from './store/database.ts';
import { API_KEY_KINDS, BANK_CHANNELS } from './store/schema.ts';
import { sweep } from './store/sweep.ts';
import { checkTokenKinds } from './token-parameters.ts';

const SWEEP_EVERY_MS = 60_000;
const EXPIRE_EVERY_MS = 5_000;
const SUM_EVERY_MS = 10 * 60_000;
/** How long a stopping service waits for open requests. */
const STOP_WITHIN_MS = 10_000;

async function start(settings: Settings): Promise<void> {
  const { dataFolder, serviceDatabaseUrl, serviceDatabaseDirectUrl, companionFolder, logLevel } = settings;
  const directory = directoryOf(settings);
  const logger = pino({ level: logLevel, base: { part: 'token-service' } }, pino.destination(2));
  checkTokenKinds(directory);
  closeFolder(dataFolder);
  const capacity = capacityOf(settings, getHeapStatistics().heap_size_limit);
  const bounded = createBoundedServers({ ...SERVING, capacity });
  const [server] = bounded.servers;
  if (server !== undefined) await listen(server, settings.host, settings.firstPort);
  const { db, wakes, close } = await (serviceDatabaseUrl
    ? openPostgres(serviceDatabaseUrl, { ...directory, logger, directUrl: serviceDatabaseDirectUrl })
    : openFolder(join(dataFolder, 'service'), directory));
  const testClock = settings.unsafeTestClock ? wakingTestClock(wakes) : undefined;
  const clock = testClock?.now ?? Date.now;
  const eventUrls = new Map<string, string>();
  for (const { key } of directory.institutions) {
    const given = { bank: settings.apiKeyOf(key), staff: settings.staffKeyOf(key) };
    for (const kind of API_KEY_KINDS) {
      const apiKey = loadApiKey(dataFolder, kind, key, given[kind]);
      await insertApiKey(db, sha256(apiKey), { institution: key, kind }, new Date(clock()));
    }
    const url = settings.eventsUrlOf(key);
    if (url) eventUrls.set(key, url);
  }

  const stopping = new AbortController();
  const dependencies: ServiceDependencies = {
    db,
    wakes,
    directory,
    capacity,
    masterKey: await loadMasterKey(settings),
    signingKey: await loadSigningKey(settings),
    push: {
      key: await loadPushKey(dataFolder, settings.pushKey),
      services: { hosts: settings.pushServices, unsafeTestPort: settings.unsafeTestPushPort },
    },
    clock,
    randomBytes: systemRandomBytes,
    logger,
    trustedProxies: settings.trustedProxies,
    companionFolder: existsSync(companionFolder) ? companionFolder : undefined,
    stopping: stopping.signal,
  };
  const holder = await holderOfDatabase(dependencies);
  if (holder === undefined) {
    throw new Error("WARIFU_MASTER_KEY is not the key that this database's secrets are sealed under");
  }
  const audit = await serviceAudit(db, holder);
  const app = createService(dependencies);
  const delivering = deliverEvents(dependencies, [
    ...BANK_CHANNELS.map((name) => bankChannel(name, dependencies, eventUrls)),
    pushChannel(dependencies),
  ]);

  bounded.serve(testClock ? withUnsafeTestClock(testClock, app.fetch) : app.fetch);
  const sweeping = { logger, stopping: stopping.signal };
  const chores: Chore[] = [
    startChore('sweep', SWEEP_EVERY_MS, logger, () => sweep(db, new Date(clock()), sweeping)),
    startChore('expire', EXPIRE_EVERY_MS, logger, () =>
      expireConfirmations(db, directory.institutions, new Date(clock())),
    ),
    startChore('sums', SUM_EVERY_MS, logger, async () => {
      for (const { key } of directory.institutions) {
        await sumHours(db, key, new Date(clock()), stopping.signal);
      }
    }),
  ];
  const metrics = await serveMetrics(settings.metrics, () => readMetrics(db, dataFolder, new Date(clock())));
  const linking = startLinking(db, audit, logger);

  /** Lets balancers turn away, takes no new requests, answers the open ones, then closes the database. */
  const stop = async () => {
    await bounded.drain(settings.drainMs);
    stopping.abort();
    const choresEnded = Promise.all(chores.map((chore) => chore.stop()));
    await closeServers(bounded.servers, STOP_WITHIN_MS);
    await choresEnded;
    await delivering;
    await linking.stop();
    await metrics.close();
    await close();
    await endTraces();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  for (const origin of new Set(directory.institutions.map(({ serviceOrigin }) => serviceOrigin))) {
    console.log(`ready ${origin}`);
  }
}

/** A test clock that wakes all waiting requests when it is moved. */
function wakingTestClock(wakes: Wakes): MovableClock {
  const clock = unsafeTestClock();
  const move = (offsetMs: number) => {
    clock.move(offsetMs);
    wakes.all();
  };
  return { ...clock, move };
}

function fail(message: string): never {
  console.error(`warifu: the token service could not start: ${message}`);
  process.exit(1);
}

try {
  await startTraces('warifu-token-service', process.env);
  await start(readSettings(process.env));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const advice = 'Stop it, choose another folder with WARIFU_DATA, or use DATABASE_URL.';
  if (codeOf(error) === 'EADDRINUSE') fail(`${message}; choose another port with WARIFU_PORT`);
  fail(error instanceof FolderInUseError ? `${message}. ${advice}` : message);
}
