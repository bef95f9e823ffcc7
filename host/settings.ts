import { z } from 'zod';
import type { Directory } from '../core/institution/directory.ts';
import { environmentName } from '../core/institution/environment.ts';
import { FIRST_PORT } from '../core/institution/ports.ts';
import { loadDirectory } from './directory.ts';
import { trustedProxies } from './source.ts';

/** Memory of a node in MB: the default, and the bounds. */
const MEMORY_MB = { usual: 208, least: 160, most: 16_384 } as const;

/** Three ports in a row: token service and companion, banks and staff console, mail inbox. */
const LAST_FIRST_PORT = 65_533;

const whole = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^[0-9]{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number);

/** Where the browsers' makers take messages. */
const PUSH_SERVICES =
  'fcm.googleapis.com, updates.push.services.mozilla.com, *.push.apple.com, *.notify.windows.com';

/** A name with a dot that no address and no machine of the own network has. */
const PUSH_HOST = /^(?:\*\.)?(?:[a-z0-9-]+\.)+(?!localhost$|local$|internal$)[a-z][a-z0-9-]*$/;

const pushServices = z
  .string()
  .default(PUSH_SERVICES)
  .transform((text) => (text === 'none' ? [] : text.split(',').map((host) => host.trim())))
  .refine((hosts) => hosts.every((host) => PUSH_HOST.test(host)), {
    error: 'must be host names, or none',
  });

const most = whole(1, Number.MAX_SAFE_INTEGER).optional();
const text = z.string().optional();

/** Every variable that the parts read, with its shape and its default. */
const environmentSchema = z.object({
  WARIFU_PORT: whole(1, LAST_FIRST_PORT).default(FIRST_PORT),
  WARIFU_SMTP_PORT: whole(0, 65_535).default(0),
  WARIFU_HOST: z.string().default('127.0.0.1'),
  WARIFU_BANK_HOST: text,
  WARIFU_DRAIN_S: whole(0, 60).default(0),
  WARIFU_METRICS_PORT: whole(1, 65_535).optional(),
  WARIFU_METRICS_HOST: z.string().default('127.0.0.1'),
  WARIFU_STAFF_ORIGIN: z
    .string()
    .refine((text) => /^https?:/.test(text) && URL.parse(text)?.origin === text, 'must be an origin')
    .optional(),
  WARIFU_DATA: z.string().default('./data'),
  WARIFU_DIRECTORY: text,
  WARIFU_COMPANION: z.string().default('./.output/web'),
  WARIFU_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  WARIFU_TRUSTED_PROXIES: z.string().default(''),
  WARIFU_UNSAFE_TEST_CLOCK: text,
  WARIFU_PUSH_SERVICES: pushServices,
  WARIFU_UNSAFE_TEST_PUSH_PORT: whole(1, 65_535).optional(),
  DATABASE_URL: text,
  DATABASE_DIRECT_URL: text,
  BANK_DATABASE_URL: text,
  BANK_DATABASE_DIRECT_URL: text,
  TOKEN_SERVICE_URL: text,
  SMTP_URL: text,
  WARIFU_MEMORY_MB: whole(MEMORY_MB.least, MEMORY_MB.most).default(MEMORY_MB.usual),
  WARIFU_MAX_REQUESTS: most,
  WARIFU_MAX_CONNECTIONS: most,
  WARIFU_MAX_STREAMS: most,
  WARIFU_MAX_WAITERS: most,
  WARIFU_MASTER_KEY: text,
  WARIFU_MASTER_KEY_NEXT: text,
  WARIFU_MASTER_KEY_PREVIOUS: text,
  WARIFU_SIGNING_KEY: text,
  WARIFU_SIGNING_KEY_NEXT: text,
  WARIFU_SIGNING_KEY_ENDORSEMENT: text,
  WARIFU_SERVICE_KEY: text,
  WARIFU_SERVICE_KEY_NEXT: text,
  WARIFU_PUSH_KEY: text,
  WARIFU_BANK_KEY: text,
  WARIFU_BANK_KEY_PREVIOUS: text,
});

/** The names of all variables, apart from those that an institution's key ends. */
export const SETTING_NAMES = Object.keys(environmentSchema.shape);

type Environment = Readonly<Record<string, string | undefined>>;
export type Settings = ReturnType<typeof readSettings>;

/**
 * Reads the settings from the environment. An empty variable counts as not set.
 * @throws Error for the operator that names the variable
 */
export function readSettings(env: Environment) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new Error(said.join('; '));
  }
  const said = parsed.data;
  return {
    firstPort: said.WARIFU_PORT,
    smtpPort: said.WARIFU_SMTP_PORT,
    host: said.WARIFU_HOST,
    bankHost: said.WARIFU_BANK_HOST,
    drainMs: said.WARIFU_DRAIN_S * 1000,
    metrics: { host: said.WARIFU_METRICS_HOST, port: said.WARIFU_METRICS_PORT },
    startOrigin: `http://banks.localhost:${said.WARIFU_PORT + 1}`,
    inboxOrigin: `http://inbox.localhost:${said.WARIFU_PORT + 2}`,
    staffOrigin: said.WARIFU_STAFF_ORIGIN ?? staffOriginOn(said.WARIFU_PORT),
    dataFolder: said.WARIFU_DATA,
    directoryFile: said.WARIFU_DIRECTORY,
    companionFolder: said.WARIFU_COMPANION,
    logLevel: said.WARIFU_LOG,
    trustedProxies: trustedProxies(said.WARIFU_TRUSTED_PROXIES),
    unsafeTestClock: said.WARIFU_UNSAFE_TEST_CLOCK === '1',
    pushServices: said.WARIFU_PUSH_SERVICES,
    unsafeTestPushPort: said.WARIFU_UNSAFE_TEST_PUSH_PORT,
    serviceDatabaseUrl: said.DATABASE_URL,
    serviceDatabaseDirectUrl: said.DATABASE_DIRECT_URL,
    bankDatabaseUrl: said.BANK_DATABASE_URL,
    bankDatabaseDirectUrl: said.BANK_DATABASE_DIRECT_URL,
    tokenServiceUrl: said.TOKEN_SERVICE_URL ?? `http://127.0.0.1:${said.WARIFU_PORT}`,
    smtpUrl: said.SMTP_URL,
    memoryMb: said.WARIFU_MEMORY_MB,
    most: {
      requests: said.WARIFU_MAX_REQUESTS,
      connections: said.WARIFU_MAX_CONNECTIONS,
      streams: said.WARIFU_MAX_STREAMS,
      waiters: said.WARIFU_MAX_WAITERS,
    },
    masterKey: said.WARIFU_MASTER_KEY,
    masterKeyNext: said.WARIFU_MASTER_KEY_NEXT,
    masterKeyPrevious: said.WARIFU_MASTER_KEY_PREVIOUS,
    signingKey: said.WARIFU_SIGNING_KEY,
    signingKeyNext: said.WARIFU_SIGNING_KEY_NEXT,
    signingKeyEndorsement: said.WARIFU_SIGNING_KEY_ENDORSEMENT,
    serviceKey: said.WARIFU_SERVICE_KEY,
    serviceKeyNext: said.WARIFU_SERVICE_KEY_NEXT,
    pushKey: said.WARIFU_PUSH_KEY,
    bankKey: said.WARIFU_BANK_KEY,
    bankKeyPrevious: said.WARIFU_BANK_KEY_PREVIOUS,
    apiKeyOf: (institution: string) => given[`WARIFU_API_KEY_${environmentName(institution)}`],
    staffKeyOf: (institution: string) => given[`WARIFU_STAFF_KEY_${environmentName(institution)}`],
    databaseUrlOf: (database: string) => given[`DATABASE_URL_${environmentName(database)}`],
    databaseDirectUrlOf: (database: string) => given[`DATABASE_DIRECT_URL_${environmentName(database)}`],
    eventsUrlOf: (institution: string) => given[eventsUrlName(institution)],
  };
}

/** The staff console's origin unless `WARIFU_STAFF_ORIGIN` is set. */
const staffOriginOn = (firstPort: number) => `http://staff.localhost:${firstPort + 1}`;

/** The variable with the URL to which an institution's events are sent. */
export const eventsUrlName = (institution: string) => `WARIFU_EVENTS_URL_${environmentName(institution)}`;

/** Reads the directory that the settings name. @throws Error with the file's line */
export const directoryOf = ({ directoryFile, firstPort }: Settings): Directory =>
  loadDirectory(directoryFile, firstPort);
