import { getRandomValues } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { Hono } from 'hono';
import { createRemoteJWKSet } from 'jose';
import pino from 'pino';
import { capacityOf } from '../host/capacity.ts';
import { closeFolder, FolderInUseError } from '../host/folder.ts';
import { isKeyOf } from '../host/key-check.ts';
import { closeServers, codeOf, LOOPBACK, listenOnLoopback } from '../host/listen.ts';
import { createBoundedServers } from '../host/serve.ts';
import { createBank, SERVING } from './app.ts';
import { loadAssets } from './assets.ts';
import { startChores } from './chores.ts';
import type { BankDependencies } from './context.ts';
import { deriveBankKeys } from './keys.ts';
import { LOGIN_RATES } from './login-limits.ts';
import { createMailer, noMailer } from './mail/mailer.ts';
import { PASSWORD_COST } from './password.ts';
import { createPasswordChecks } from './password-checks.ts';
import { seedDemoCustomers } from './seed.ts';
import { createServiceClient } from './service-client.ts';
import { newestSealedSession } from './session.ts';
import { readApiKey, readBankKey, readSettings, type Settings } from './settings.ts';
import { openFolder, openPostgres } from './store/database.ts';
import { unsafeTestClock, unsafeTestClockRoutes } from './unsafe-test-clock.ts';

const logger = pino(
  { name: 'bank', level: process.env.WARIFU_LOG ?? 'info' },
  pino.destination({ fd: 2, sync: true }),
);
const randomBytes = (length: number) => getRandomValues(new Uint8Array(length));

async function start(settings: Settings): Promise<() => Promise<void>> {
  const { directory, dataFolder } = settings;
  closeFolder(dataFolder);
  const capacity = capacityOf(process.env, getHeapStatistics().heap_size_limit);
  const bounded = createBoundedServers({ ...SERVING, capacity }, LOOPBACK.length);
  await listenOnLoopback(bounded.servers, settings.port);
  const database = settings.databaseUrl
    ? await openPostgres(settings.databaseUrl, { logger })
    : await openFolder(join(dataFolder, 'bank'));
  const testClock = settings.unsafeTestClock ? unsafeTestClock() : undefined;
  const mailer = settings.smtpUrl ? createMailer(settings.smtpUrl) : noMailer;
  if (!settings.smtpUrl) logger.warn('SMTP_URL is not set: mails wait in the outbox');
  const { db } = database;
  const common = {
    directory,
    db,
    serviceFor: serviceClients(settings),
    clock: testClock?.now ?? Date.now,
    randomBytes,
    logger,
    keys: await deriveBankKeys(readBankKey(process.env, dataFolder, randomBytes)),
  };
  const key = common.keys.sealing;
  if (!(await isKeyOf({ db, key, randomBytes, example: () => newestSealedSession(db) }))) {
    throw new Error(
      "WARIFU_BANK_KEY is not the key that this database's sessions and mails are sealed under.",
    );
  }
  if (settings.isDefaultDirectory) await seedDemoCustomers(db, directory.institutions, PASSWORD_COST);
  const names = new Map(directory.institutions.map(({ key, name }) => [key, name]));
  const chores = startChores(common, { ...common, mailer, institutionName: (key) => names.get(key) ?? key });
  const assets = loadAssets(directory);
  const passwordCost = PASSWORD_COST;
  const stopping = new AbortController();
  const bank = createBank({
    ...common,
    capacity,
    wait,
    assets,
    passwordCost,
    passwordChecks: createPasswordChecks(),
    loginRates: LOGIN_RATES,
    trustedProxies: settings.trustedProxies,
    wakeOutbox: chores.wake,
    eventKeys: createRemoteJWKSet(new URL('/v1/keys', settings.tokenServiceUrl)),
    stopping: stopping.signal,
  });
  const app = new Hono();
  if (testClock) app.route('/', unsafeTestClockRoutes(testClock));
  app.mount('/', bank.fetch);
  bounded.serve(app.fetch);
  for (const { pageOrigins } of directory.institutions) {
    for (const origin of pageOrigins) console.log(`ready ${origin}`);
  }
  return async () => {
    stopping.abort();
    await closeServers(bounded.servers);
    await chores.stop();
    mailer.close();
    await database.close();
  };
}

function serviceClients({
  tokenServiceUrl,
  directory,
  dataFolder,
}: Settings): BankDependencies['serviceFor'] {
  const clients = new Map(
    directory.institutions.map(({ key }) => [
      key,
      createServiceClient({
        url: tokenServiceUrl,
        fetch,
        apiKey: () => readApiKey(process.env, dataFolder, key),
      }),
    ]),
  );
  return ({ key }) => {
    const client = clients.get(key);
    if (client === undefined) throw new Error(`no institution ${key}`);
    return client;
  };
}

/** What the operator can mend is said in a sentence, without a stack. */
function explain(error: unknown): string {
  if (error instanceof FolderInUseError) {
    return `The bank's data folder is in use: ${error.message}. Stop the other bank, or give this one another folder with WARIFU_DATA.`;
  }
  if (codeOf(error) === 'EADDRINUSE') {
    return `${error instanceof Error ? error.message : ''}: the port is in use. Choose others with WARIFU_PORT.`;
  }
  return `The bank could not start: ${error instanceof Error ? error.message : String(error)}`;
}

try {
  const stop = await start(readSettings(process.env));
  const end = async () => {
    await stop();
    process.exit(0);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}
