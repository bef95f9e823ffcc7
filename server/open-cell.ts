import { MAIN_DATABASE } from '../core/institution/databases.ts';
import type { Directory } from '../core/institution/directory.ts';
import { startLinking } from '../host/audit/chore.ts';
import { type Chore, startChore } from '../host/chore.ts';
import { sha256 } from '../host/compare.ts';
import type { ServiceDatabase } from '../host/databases.ts';
import type { DatabaseLabels } from '../host/metrics.ts';
import type { Fetch } from '../host/serve.ts';
import type { Settings } from '../host/settings.ts';
import type { Wakes } from '../host/wakes.ts';
import { createService } from './app.ts';
import { serviceAudit } from './audit.ts';
import { bankChannel } from './bank-events.ts';
import type { ServiceDependencies, Shared } from './context.ts';
import { deliverEvents } from './deliver.ts';
import { loadApiKey } from './keys.ts';
import { holderOfDatabase } from './master-key-check.ts';
import { readMetrics, readSigningKeyAge } from './metrics.ts';
import { pushChannel } from './push/channel.ts';
import { admit, insertApiKey } from './store/access.ts';
import { expireConfirmations } from './store/confirmations.ts';
import { sumHours } from './store/counts.ts';
import { type Database, type OpenDatabase, openFolder, openPostgres } from './store/database.ts';
import { gather } from './store/gather.ts';
import { API_KEY_KINDS, BANK_CHANNELS } from './store/schema.ts';
import { sweep } from './store/sweep.ts';

const SWEEP_EVERY_MS = 60_000;
const EXPIRE_EVERY_MS = 5_000;
const SUM_EVERY_MS = 10 * 60_000;

/** What the cells of a node work with, whatever their database. */
export interface Node extends Omit<ServiceDependencies, 'db' | 'wakes' | 'directory'> {
  readonly settings: Settings;
  readonly shared: Shared;
}

/** A database with the application for its institutions. */
export interface OpenCell {
  readonly fetch: Fetch;
  readonly wakes: Wakes;
  /** The institution whose API key has this hash. */
  institutionOfKey(keyHash: Uint8Array<ArrayBuffer>): Promise<string | undefined>;
  /** Sets the gauges that the database is asked for. */
  readMetrics(labels: DatabaseLabels): Promise<void>;
  /** Ends its background work and closes the database. @param answered settled when no request is open any more */
  stop(answered: Promise<unknown>): Promise<void>;
}

/**
 * Opens a database, waits for it where it is not there yet, and begins what is done on it.
 * @param away called as often as it is found not to be there
 * @throws Error with a message for the operator
 */
export async function openCell(database: ServiceDatabase, node: Node, away: () => void): Promise<OpenCell> {
  const { directory, url, directUrl, folder } = database;
  const opened = await (url === undefined
    ? openFolder(folder, directory)
    : openPostgres(url, { ...directory, logger: node.logger, directUrl, away }));
  return begin(database, opened, node).catch(async (error: unknown) => {
    await opened.close();
    throw error;
  });
}

async function begin(
  { name, directory }: ServiceDatabase,
  { db, wakes, close }: OpenDatabase,
  { settings, shared, ...node }: Node,
): Promise<OpenCell> {
  const { clock, logger, stopping } = node;
  const eventUrls = await takeKeys(db, directory, settings, new Date(clock()));
  const dependencies: ServiceDependencies = { ...node, db, wakes, directory };
  const holder = await holderOfDatabase(dependencies);
  if (holder === undefined) {
    throw new Error("WARIFU_MASTER_KEY is not the key that this database's secrets are sealed under");
  }
  const audit = await serviceAudit(db, holder);
  const app = createService(dependencies, shared);
  const delivering = deliverEvents(dependencies, [
    ...BANK_CHANNELS.map((channel) => bankChannel(channel, dependencies, eventUrls)),
    pushChannel(dependencies),
  ]);
  const nameOf = (chore: string) => (name === MAIN_DATABASE ? chore : `${chore} (${name})`);
  const start = (chore: string, everyMs: number, work: () => Promise<unknown>) =>
    startChore(nameOf(chore), everyMs, logger, work);
  const sweeping = { logger, stopping };
  const chores: Chore[] = [
    start('sweep', SWEEP_EVERY_MS, () => sweep(db, new Date(clock()), sweeping)),
    start('expire', EXPIRE_EVERY_MS, () =>
      expireConfirmations(db, directory.institutions, new Date(clock())),
    ),
    start('sums', SUM_EVERY_MS, async () => {
      for (const { key } of directory.institutions) await sumHours(db, key, new Date(clock()), stopping);
    }),
  ];
  const linking = startLinking(db, audit, logger, nameOf);
  const admitted = gather((hashes: readonly Uint8Array<ArrayBuffer>[]) =>
    admit(
      db,
      hashes.map((keyHash) => ({ keyHash, userId: undefined, confirmationId: undefined })),
    ),
  );
  return {
    fetch: app.fetch,
    wakes,
    institutionOfKey: async (keyHash) => (await admitted(keyHash))?.institution,
    readMetrics: async (labels) => {
      const at = new Date(clock());
      readSigningKeyAge(settings.dataFolder, at);
      await readMetrics(db, directory, [...eventUrls.keys()], at, labels);
    },
    stop: async (answered) => {
      const choresEnded = Promise.all(chores.map((chore) => chore.stop()));
      await answered;
      await choresEnded;
      await delivering;
      await linking.stop();
      await close();
    },
  };
}

/** Stores the API keys that the settings or the data folder have. @returns where events are sent to, by institution */
async function takeKeys(
  db: Database,
  { institutions }: Directory,
  settings: Settings,
  at: Date,
): Promise<Map<string, string>> {
  const eventUrls = new Map<string, string>();
  for (const { key } of institutions) {
    const given = { bank: settings.apiKeyOf(key), staff: settings.staffKeyOf(key) };
    for (const kind of API_KEY_KINDS) {
      const apiKey = loadApiKey(settings.dataFolder, kind, key, given[kind]);
      await insertApiKey(db, sha256(apiKey), { institution: key, kind }, at);
    }
    const url = settings.eventsUrlOf(key);
    if (url) eventUrls.set(key, url);
  }
  return eventUrls;
}
