import { pipeline } from 'node:stream/promises';
import type { StaffAct } from '../core/api/staff.ts';
import { randomId, systemRandomBytes } from '../host/random.ts';
import { directoryOf, type Settings } from '../host/settings.ts';
import { type ApiKey, addApiKey, type KeyChange, listApiKeys, revokeApiKey } from '../server/api-keys.ts';
import { newSecret } from '../server/keys.ts';
import type { ApiKeyKind } from '../server/store/schema.ts';
import { CannotTellError } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { inNewFile } from './new-file.ts';
import {
  databaseFor,
  databasesFor,
  mustBeKnown,
  type OpenPart,
  openPart,
  type PartDatabase,
} from './parts.ts';
import { checkedAct } from './staff-act.ts';

type Print = (line: string) => void;

export interface KeyIssueArguments {
  readonly institution: string;
  readonly kind: ApiKeyKind;
  readonly by: StaffAct;
  /** A new file for the key, of this user alone. */
  readonly out?: string | undefined;
}

/**
 * Makes an API key, which is in force at once, and hands it over this once: into the file, or by `handOver`, which ends once it has
 * arrived.
 * @returns its id
 */
export async function keyIssue(
  settings: Settings,
  { institution, kind, by, out }: KeyIssueArguments,
  handOver: (key: string) => Promise<void>,
): Promise<string> {
  const change = changeOf(settings, institution, by);
  return within(settings, databaseFor(settings, 'service', institution), async ({ db }) => {
    const key = newSecret();
    // Handed over before it is in force: a key that nobody has must not be.
    if (out === undefined) await handOver(key);
    else await inNewFile(out, (file) => pipeline([`${key}\n`], file));
    return addApiKey(db, key, kind, change);
  });
}

export async function keyList(
  settings: Settings,
  institution: string | undefined,
  print: Print,
): Promise<void> {
  for (const database of databasesFor(settings, 'service', institution)) {
    for (const key of await keysIn(settings, database, institution)) print(lineOf(key));
  }
}

/** Lines for the keys of a database that are in force. */
export async function keysInForce(settings: Settings, database: PartDatabase): Promise<string[]> {
  const keys = await keysIn(settings, database);
  return keys.filter(({ revokedAt }) => revokedAt === null).map(lineOf);
}

async function keysIn(settings: Settings, database: PartDatabase, institution?: string): Promise<ApiKey[]> {
  const keys = await within(settings, database, async (opened) => {
    if (institution !== undefined) await mustBeKnown(settings, opened, institution);
    return listApiKeys(opened.db, institution);
  });
  return keys.filter((key) => database.keeps(key.institution));
}

function lineOf({ id, institution, kind, createdAt, revokedAt }: ApiKey): string {
  const end = revokedAt === null ? 'in force' : `revoked ${revokedAt.toISOString()}`;
  return `${id}  ${institution.padEnd(16)}${kind.padEnd(7)}made ${createdAt.toISOString()}  ${end}`;
}

/** @returns bad if no such key was in force */
export async function keyRevoke(
  settings: Settings,
  id: string,
  { institution, by }: Pick<KeyIssueArguments, 'institution' | 'by'>,
  print: Print,
): Promise<Exit> {
  const change = changeOf(settings, institution, by);
  const revoked = await within(settings, databaseFor(settings, 'service', institution), ({ db }) =>
    revokeApiKey(db, id, change),
  );
  print(revoked ? `${id} revoked` : `${institution} has no key ${id} in force; see key list`);
  return revoked ? EXIT.good : EXIT.bad;
}

function changeOf(settings: Settings, institution: string, by: StaffAct): KeyChange {
  if (!directoryOf(settings).institutions.some(({ key }) => key === institution)) {
    throw new CannotTellError(`no institution ${institution} is in the directory`);
  }
  return { institution, by: checkedAct(by), at: new Date(), requestId: randomId(systemRandomBytes) };
}

async function within<Value>(
  settings: Settings,
  database: PartDatabase,
  use: (part: OpenPart) => Promise<Value>,
): Promise<Value> {
  const part = await openPart(settings, database);
  try {
    return await use(part);
  } finally {
    await part.close();
  }
}
