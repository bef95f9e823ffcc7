import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { createRemoteJWKSet } from 'jose';
import pino from 'pino';
import type { Directory, Institution } from '../core/institution/directory.ts';
import { startLinking } from '../host/audit/chore.ts';
import { capacityOf } from '../host/capacity.ts';
import { endOnSignals } from '../host/end.ts';
import { closeFolder, FolderInUseError } from '../host/folder.ts';
import { isKeyOf } from '../host/key-check.ts';
import { closeServers, codeOf, LOOPBACK, listenOn } from '../host/listen.ts';
import { serveMetrics } from '../host/metrics.ts';
import { systemRandomBytes as randomBytes } from '../host/random.ts';
import { createBoundedServers } from '../host/serve.ts';
import { directoryOf, readSettings, type Settings } from '../host/settings.ts';
import { endTraces, startTraces, tracedFetch } from '../host/traces.ts';
import { unsafeTestClock, withUnsafeTestClock } from '../host/unsafe-test-clock.ts';
import { createBank, SERVING } from './app.ts';
import { bankAudit } from './audit.ts';
import { startChores } from './chores.ts';
import { loginRatesOf } from './customer/login-limits.ts';
import { PASSWORD_COST } from './customer/password.ts';
import { createPasswordChecks } from './customer/password-checks.ts';
import { type BankKeys, readApiKey, readBankKeys, readStaffKey } from './keys.ts';
import { createMailer, senders } from './mail/mailer.ts';
import { measuredIn } from './metrics.ts';
import { demoLogins } from './start/places.ts';
import { type Database, openFolder, openPostgres } from './store/database.ts';
import { seedDemoCustomers } from './store/demo.ts';
import { seedDemoStaff } from './store/demo-staff.ts';
import { readKeptKeys } from './store/kept-keys.ts';
import { createServiceClient } from './token/client.ts';
import { createStaffClient } from './token/staff-client.ts';
import { loadAssets } from './web/assets.ts';
import { newestSealedSession } from './web/session.ts';

interface Started {
  readonly origins: ReadonlySet<string>;
  readonly stop: () => Promise<void>;
}

async function start(settings: Settings): Promise<Started> {
  const { dataFolder, logLevel } = settings;
  const directory = directoryOf(settings);
  const logger = pino({ name: 'bank', level: logLevel }, pino.destination({ fd: 2, sync: true }));
  closeFolder(dataFolder);
  const capacity = capacityOf(settings, getHeapStatistics().heap_size_limit);
  const hosts = settings.bankHost === undefined ? LOOPBACK : [settings.bankHost];
  const bounded = createBoundedServers({ ...SERVING, capacity }, hosts.length);
  await listenOn(bounded.servers, hosts, settings.firstPort + 1);
  const testClock = settings.unsafeTestClock ? unsafeTestClock() : undefined;
  const clock = testClock?.now ?? Date.now;
  const opening = settings.bankDatabaseUrl
    ? openPostgres(settings.bankDatabaseUrl, { logger, directUrl: settings.bankDatabaseDirectUrl })
    : openFolder(join(dataFolder, 'bank'));
  const measured = measuredIn(opening, clock);
  const [database, metrics] = await Promise.all([opening, serveMetrics(settings.metrics, [measured])]);
  const mailer = settings.smtpUrl ? createMailer(settings.smtpUrl) : undefined;
  if (mailer === undefined) logger.warn('SMTP_URL is not set; mails stay in the outbox');
  const { db, wakes } = database;
  const common = {
    directory,
    db,
    serviceFor: eachInstitution(directory, (key) =>
      createServiceClient({
        url: settings.tokenServiceUrl,
        fetch: tracedFetch,
        apiKey: () => readApiKey(settings, key),
      }),
    ),
    staff: {
      origin: settings.staffOrigin,
      serviceFor: eachInstitution(directory, (key) =>
        createStaffClient({
          url: settings.tokenServiceUrl,
          fetch: tracedFetch,
          apiKey: () => readStaffKey(settings, key),
        }),
      ),
    },
    clock,
    randomBytes,
    logger,
    keys: await keysOfDatabase(settings, db),
  };
  const hasDemo = settings.directoryFile === undefined;
  if (hasDemo) {
    await seedDemoCustomers(db, directory.institutions, { ...common, passwordCost: PASSWORD_COST });
    await seedDemoStaff(db, directory.institutions, PASSWORD_COST);
  }
  const chores = startChores(common, mailer && { ...common, mailer, senderOf: senders(directory) });
  const linking = startLinking(db, bankAudit(common.keys), logger);
  const assets = loadAssets(directory);
  const passwordCost = PASSWORD_COST;
  const stopping = new AbortController();
  const bank = createBank({
    ...common,
    wakes,
    capacity,
    wait,
    assets,
    start: {
      origin: settings.startOrigin,
      inboxOrigin: settings.inboxOrigin,
      staffOrigin: settings.staffOrigin,
      demo: hasDemo ? demoLogins() : undefined,
    },
    passwordCost,
    passwordChecks: createPasswordChecks(),
    loginRates: loginRatesOf,
    trustedProxies: settings.trustedProxies,
    wakeOutbox: chores.wake,
    eventKeys: createRemoteJWKSet(new URL('/v1/keys', settings.tokenServiceUrl)),
    stopping: stopping.signal,
  });
  bounded.serve(testClock ? withUnsafeTestClock(testClock, bank.fetch) : bank.fetch);
  const { startOrigin, staffOrigin } = settings;
  const origins = [
    startOrigin,
    ...directory.institutions.flatMap(({ pageOrigins }) => pageOrigins),
    staffOrigin,
  ];
  const stop = async () => {
    await bounded.drain(settings.drainMs);
    stopping.abort();
    await closeServers(bounded.servers);
    await chores.stop();
    await linking.stop();
    mailer?.close();
    await metrics.close();
    await database.close();
    await endTraces();
  };
  return { origins: new Set(origins), stop };
}

/** @throws Error if the bank's key is not the database's */
async function keysOfDatabase(settings: Settings, db: Database): Promise<BankKeys> {
  const [own] = await readBankKeys(settings, randomBytes);
  const example = () => newestSealedSession(db);
  if (!(await isKeyOf({ db, key: own.holding, randomBytes, example }))) {
    throw new Error(
      "WARIFU_BANK_KEY is not the key that this database's sessions and mails are sealed under.",
    );
  }
  return readKeptKeys(db, own);
}

/** Makes one value for each institution; looks them up by the institution's key. */
function eachInstitution<One>({ institutions }: Directory, make: (key: string) => One) {
  const made = new Map(institutions.map(({ key }) => [key, make(key)]));
  return ({ key }: Pick<Institution, 'key'>): One => {
    const one = made.get(key);
    if (one === undefined) throw new Error(`no institution ${key}`);
    return one;
  };
}

/** Describes an error; one that the operator can mend gets a sentence without a stack. */
function explain(error: unknown): string {
  if (error instanceof FolderInUseError) {
    return `The bank's data folder is in use: ${error.message}. Stop the other bank, or give this one another folder with WARIFU_DATA.`;
  }
  if (codeOf(error) === 'EADDRINUSE') {
    return `${error instanceof Error ? error.message : ''}: the port is in use. Choose others with WARIFU_PORT and WARIFU_METRICS_PORT.`;
  }
  return `The bank could not start: ${error instanceof Error ? error.message : String(error)}`;
}

try {
  await startTraces('warifu-bank', process.env);
  const { origins, stop } = await start(readSettings(process.env));
  endOnSignals(async () => {
    await stop();
    process.exit(0);
  });
  // Whoever reads this may stop it at once.
  for (const origin of origins) console.log(`ready ${origin}`);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}
