import { existsSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { pino } from 'pino';
import { capacityOf } from '../host/capacity.ts';
import { serviceDatabases } from '../host/databases.ts';
import { endOnSignals } from '../host/end.ts';
import { closeFolder, FolderInUseError } from '../host/folder.ts';
import { closeServers, codeOf, listen } from '../host/listen.ts';
import { serveMetrics } from '../host/metrics.ts';
import { systemRandomBytes } from '../host/random.ts';
import { createBoundedServers } from '../host/serve.ts';
import { directoryOf, readSettings, type Settings } from '../host/settings.ts';
import { endTraces, startTraces } from '../host/traces.ts';
import { type MovableClock, unsafeTestClock, withUnsafeTestClock } from '../host/unsafe-test-clock.ts';
import { SERVING } from './app.ts';
import { measured, openCells } from './cells.ts';
import { serviceOrigins } from './institutions.ts';
import { loadPushKey } from './keys.ts';
import { loadMasterKey } from './master-key.ts';
import { type Node, type OpenCell, openCell } from './open-cell.ts';
import { sharedBy } from './shared.ts';
import { loadSigningKey } from './signing-key.ts';

/** How long a stopping service waits for open requests. */
const STOP_WITHIN_MS = 10_000;

async function start(settings: Settings): Promise<void> {
  const { dataFolder, companionFolder, logLevel } = settings;
  const directory = directoryOf(settings);
  const databases = serviceDatabases(settings, directory);
  const logger = pino({ level: logLevel, base: { part: 'token-service' } }, pino.destination(2));
  closeFolder(dataFolder);
  const capacity = capacityOf(settings, getHeapStatistics().heap_size_limit);
  const bounded = createBoundedServers({ ...SERVING, capacity });
  const [server] = bounded.servers;
  if (server !== undefined) await listen(server, settings.host, settings.firstPort);
  const open = new Map<string, OpenCell>();
  const testClock = settings.unsafeTestClock ? wakingTestClock(open) : undefined;
  const clock = testClock?.now ?? Date.now;
  const stopping = new AbortController();
  const node: Omit<Node, 'logger'> = {
    settings,
    shared: sharedBy({ directory, capacity }),
    capacity,
    masterKey: await loadMasterKey(settings),
    signingKey: await loadSigningKey(settings),
    push: {
      key: await loadPushKey(dataFolder, settings.pushKey),
      services: { hosts: settings.pushServices, unsafeTestPort: settings.unsafeTestPushPort },
    },
    clock,
    randomBytes: systemRandomBytes,
    trustedProxies: settings.trustedProxies,
    companionFolder: existsSync(companionFolder) ? companionFolder : undefined,
    stopping: stopping.signal,
  };
  const metrics = await serveMetrics(settings.metrics, measured(databases, open));
  const fetch = await openCells(databases, capacity.requests, {
    logger,
    open: async (database, away) => {
      const isOnly = databases.length === 1;
      const ofCell = isOnly ? logger : logger.child({ database: database.name });
      const cell = await openCell(database, { ...node, logger: ofCell }, away);
      open.set(database.name, cell);
      return cell;
    },
  });
  bounded.serve(testClock ? withUnsafeTestClock(testClock, fetch) : fetch);

  /** Lets balancers turn away, takes no new requests, answers the open ones, then closes the databases. */
  const stop = async () => {
    await bounded.drain(settings.drainMs);
    stopping.abort();
    const answered = closeServers(bounded.servers, STOP_WITHIN_MS);
    await Promise.all([...open.values()].map((cell) => cell.stop(answered)));
    await metrics.close();
    await endTraces();
    process.exit(0);
  };
  endOnSignals(stop);
  for (const origin of serviceOrigins({ directory })) console.log(`ready ${origin}`);
}

/** A test clock that wakes all waiting requests when it is moved. */
function wakingTestClock(cells: ReadonlyMap<string, OpenCell>): MovableClock {
  const clock = unsafeTestClock();
  const move = (offsetMs: number) => {
    clock.move(offsetMs);
    for (const { wakes } of cells.values()) wakes.all();
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
  if (codeOf(error) === 'EADDRINUSE')
    fail(`${message}; choose others with WARIFU_PORT and WARIFU_METRICS_PORT`);
  fail(error instanceof FolderInUseError ? `${message}. ${advice}` : message);
}
