import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { bankAudit } from '../bank/audit.ts';
import { readBankKeys } from '../bank/keys.ts';
import { readKeptKeys } from '../bank/store/kept-keys.ts';
import { databaseOf, MAIN_DATABASE } from '../core/institution/databases.ts';
import type { Audit } from '../host/audit/chain.ts';
import { hasChains } from '../host/audit/verify.ts';
import { serviceDatabases } from '../host/databases.ts';
import { FolderInUseError } from '../host/folder.ts';
import { opensKeyCheck } from '../host/key-check.ts';
import { systemRandomBytes } from '../host/random.ts';
import { type DatabaseToRead, openToRead } from '../host/read-database.ts';
import { directoryOf, type Settings } from '../host/settings.ts';
import { serviceAudit } from '../server/audit.ts';
import { loadMasterKey } from '../server/master-key.ts';
import { CannotTellError, messageOf, WrongKeyError } from './errors.ts';
import type { Part } from './part.ts';

/** The keys that may hold a part's database, and its audit by the one that does. */
interface AuditKeys {
  readonly keys: readonly CryptoKey[];
  readonly auditBy: (db: Kysely<unknown>, holder: CryptoKey) => Promise<Audit>;
}

interface PartRule {
  /** Name in messages to operators. */
  readonly name: string;
  /** Of its audit. */
  readonly table: string;
  /** Within the data folder. */
  readonly keyFile: string;
  readonly keyVariable: string;
  /** Columns of its audit that `--event` and `--token` choose by. */
  readonly event: string;
  readonly token: string;
  /** The ユーザID of an entry `t`, where no column has it. */
  readonly userId: RawBuilder<string | null> | undefined;
  /** The key as the environment gives it. */
  readonly givenKey: (settings: Settings) => string | undefined;
  /** Makes the key where it is missing. */
  readonly load: (settings: Settings) => Promise<AuditKeys>;
}

/** Parts that keep an audit. */
export const PARTS = {
  service: {
    name: 'token service',
    table: 'audit',
    keyFile: 'master.key',
    keyVariable: 'WARIFU_MASTER_KEY',
    event: 'event',
    token: 'token_id',
    userId: sql`(select user_id from tokens where id = t.token_id)`,
    givenKey: ({ masterKey }) => masterKey,
    load: async (settings) => {
      const { holding } = await loadMasterKey(settings);
      return { keys: holding, auditBy: serviceAudit };
    },
  },
  bank: {
    name: 'bank',
    table: 'staff_acts',
    keyFile: 'bank.key',
    keyVariable: 'WARIFU_BANK_KEY',
    event: 'act',
    token: 'user_id',
    userId: undefined,
    givenKey: ({ bankKey }) => bankKey,
    load: async (settings) => {
      const keys = await readBankKeys(settings, systemRandomBytes);
      return {
        keys: keys.map(({ holding }) => holding),
        auditBy: async (db, holder) => {
          const holds = keys.find(({ holding }) => holding === holder) ?? keys[0];
          return bankAudit(await readKeptKeys(db, holds));
        },
      };
    },
  },
} as const satisfies Record<Part, PartRule>;

export interface OpenPart extends DatabaseToRead {
  readonly part: Part;
  readonly audit: Audit;
}

/** A database of a part. */
export interface PartDatabase {
  readonly part: Part;
  /** The part, and of another database of the token service than the main one also its name: `service-north`. */
  readonly id: string;
  /** Name in messages to operators. */
  readonly name: string;
  /** PostgreSQL, the server itself: commands ask what lasts beyond a transaction. The built-in one in the folder without. */
  readonly url: string | undefined;
  readonly folder: string;
  /** Whether this is the database of an institution; one that the directory does not have is in the main one. */
  keeps(institution: string): boolean;
}

/** The databases of a part. @throws CannotTellError */
export const databasesOf = (settings: Settings, part: Part): PartDatabase[] =>
  part === 'bank' ? [bankDatabase(settings)] : databasesOfService(settings);

export const bankDatabase = (settings: Settings): PartDatabase => ({
  part: 'bank',
  id: 'bank',
  name: PARTS.bank.name,
  url: settings.bankDatabaseDirectUrl ?? settings.bankDatabaseUrl,
  folder: join(settings.dataFolder, 'bank'),
  keeps: () => true,
});

function databasesOfService(settings: Settings): PartDatabase[] {
  try {
    const directory = directoryOf(settings);
    return serviceDatabases(settings, directory).map(({ name, url, directUrl, folder }) => ({
      part: 'service',
      id: name === MAIN_DATABASE ? 'service' : `service-${name}`,
      name: name === MAIN_DATABASE ? PARTS.service.name : `${PARTS.service.name} (${name})`,
      url: directUrl ?? url,
      folder,
      keeps: (institution) => databaseOf(directory, institution) === name,
    }));
  } catch (error) {
    throw new CannotTellError(messageOf(error));
  }
}

/** The database of a part that an institution is kept in. @throws CannotTellError */
export function databaseFor(settings: Settings, part: Part, institution: string): PartDatabase {
  const database = databasesOf(settings, part).find(({ keeps }) => keeps(institution));
  if (database === undefined) throw new CannotTellError(`no institution ${institution} is in the directory`);
  return database;
}

/** The database of an institution; without one, all of the part. @throws CannotTellError */
export const databasesFor = (
  settings: Settings,
  part: Part,
  institution: string | undefined,
): PartDatabase[] =>
  institution === undefined ? databasesOf(settings, part) : [databaseFor(settings, part, institution)];

/**
 * Sees that an institution was not mistyped, for which there would be nothing to say or to write.
 * @throws CannotTellError if neither the directory nor the audit of the part that is open has it
 */
export async function mustBeKnown(
  settings: Settings,
  { db, audit }: Pick<OpenPart, 'db' | 'audit'>,
  institution: string,
): Promise<void> {
  if (directoryOf(settings).institutions.some(({ key }) => key === institution)) return;
  const { rows } = await sql`
    select from ${sql.table(audit.table)} where institution = ${institution} limit 1`.execute(db);
  if (rows.length > 0) return;
  throw new CannotTellError(`no institution ${institution} is in the directory or in its audit`);
}

/** Opens a part's database by the part's own key. @throws CannotTellError */
export async function openPart(
  settings: Settings,
  { part, url, folder }: Pick<PartDatabase, 'part' | 'url' | 'folder'>,
): Promise<OpenPart> {
  const { keys, auditBy } = await keysOf(settings, part);
  const opened = await openToRead(url, folder).catch(explain(part));
  try {
    if (!(await hasChains(opened.db, PARTS[part]).catch(explain(part)))) {
      throw new CannotTellError('its database is older than the chains; start this version of it once');
    }
    const holder = await holderAmong(keys, opened.db);
    if (holder === undefined) {
      throw new WrongKeyError('its key is not the one this database was written with');
    }
    return { ...opened, part, audit: await auditBy(opened.db, holder) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The key that opens the database's key check; undefined if none of them does. */
export async function holderAmong(
  keys: readonly CryptoKey[],
  db: Kysely<unknown>,
): Promise<CryptoKey | undefined> {
  for (const key of keys) if (await opensKeyCheck(db, key)) return key;
  return undefined;
}

export function hasKey(settings: Settings, part: Part): boolean {
  const { keyFile, givenKey } = PARTS[part];
  return givenKey(settings) !== undefined || existsSync(join(settings.dataFolder, keyFile));
}

/** Loads the keys of a part. A missing key is an error: only the part itself makes one. @throws CannotTellError */
export async function keysOf(settings: Settings, part: Part): Promise<AuditKeys> {
  const { keyFile, keyVariable, load } = PARTS[part];
  const file = join(settings.dataFolder, keyFile);
  if (!hasKey(settings, part)) {
    throw new CannotTellError(`its key is neither in ${keyVariable} nor in ${file}`);
  }
  return load(settings).catch((error: unknown) => {
    throw new CannotTellError(messageOf(error));
  });
}

export const explain =
  (part: Part) =>
  (error: unknown): never => {
    const name = PARTS[part].name;
    if (error instanceof FolderInUseError) {
      throw new CannotTellError(
        `${error.message}: stop the ${name} first, because only one process at a time can use the built-in database`,
      );
    }
    throw new CannotTellError(messageOf(error));
  };
