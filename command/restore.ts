import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { verifyAudit } from '../host/audit/verify.ts';
import { closeFolder } from '../host/folder.ts';
import { openToRead } from '../host/read-database.ts';
import type { Settings } from '../host/settings.ts';
import { copyKeys } from './backup/key-files.ts';
import { type DatabaseInBackup, type Manifest, readManifest } from './backup/manifest.ts';
import { checkTool, majorOf, runOn } from './backup/postgres-tools.ts';
import { readState, tablesOf } from './backup/state.ts';
import { archiveOf } from './backup.ts';
import { CannotTellError, messageOf, WrongKeyError } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { keysInForce } from './keys.ts';
import { PART_KEYS, type Part } from './part.ts';
import { databasesOf, explain, hasKey, openPart, PARTS, type PartDatabase } from './parts.ts';

export interface RestoreArguments {
  readonly part?: Part;
  /** Only compares what is there with the backup. */
  readonly check?: boolean;
}

type Print = (line: string) => void;

/**
 * Puts a backup where the settings say, which must be empty, and compares what is there then with what was backed up. Says what may
 * have been ended since, and is not any more.
 * @returns bad if they differ
 * @throws CannotTellError
 */
export async function restore(
  settings: Settings,
  from: string,
  { part, check = false }: RestoreArguments,
  print: Print,
): Promise<Exit> {
  const { at, parts } = readManifest(from);
  const wanted = (part === undefined ? PART_KEYS : [part]).flatMap((one) => heldOf(settings, one, parts));
  if (wanted.length === 0) throw new CannotTellError(`${from} has nothing of that part`);
  if (!check) {
    for (const one of wanted) await mustBeEmpty(one);
    closeFolder(settings.dataFolder);
    if (existsSync(join(from, 'keys'))) copyKeys(join(from, 'keys'), settings.dataFolder);
    for (const { database } of wanted) mustHaveKey(settings, database.part);
    for (const one of wanted) await put(from, one);
  }
  let exit: Exit = EXIT.good;
  for (const one of wanted) {
    const { name } = one.database;
    const differences = await differencesOf(settings, one, check);
    for (const what of differences) print(`${name}: BAD: ${what}`);
    if (differences.length > 0) exit = EXIT.bad;
    else {
      print(`${name}: good: the audit, the counts and the spent steps are those of ${at}`);
      if (!check && one.database.part === 'service') await sayWhatIsBack(settings, one.database, at, print);
    }
  }
  return exit;
}

/** A revoked key and a suspended token are in force again if that was done after the backup. */
async function sayWhatIsBack(
  settings: Settings,
  database: PartDatabase,
  at: string,
  print: Print,
): Promise<void> {
  const { name } = database;
  for (const key of await keysInForce(settings, database)) print(`${name}: in force: ${key}`);
  print(
    `${name}: revoke those of these keys that were revoked after ${at} before you start it; tokens that were suspended or released after that work again: suspend them before customers reach it`,
  );
}

/** A database with what the backup holds of it. */
interface Wanted {
  readonly database: PartDatabase;
  readonly held: DatabaseInBackup;
}

/** The databases of a part that the backup has. @throws CannotTellError if it has one that the settings do not name */
function heldOf(settings: Settings, part: Part, parts: Manifest['parts']): Wanted[] {
  const databases = databasesOf(settings, part);
  const ids = Object.keys(parts).filter((id) => id === part || id.startsWith(`${part}-`));
  const nowhere = ids.find((id) => !databases.some((database) => database.id === id));
  if (nowhere !== undefined) {
    throw new CannotTellError(`the backup has ${nowhere}, and the directory names no such database`);
  }
  return databases.flatMap((database) => {
    const held = parts[database.id];
    return held === undefined ? [] : [{ database, held }];
  });
}

async function mustBeEmpty({ database, held: { kind, major } }: Wanted): Promise<void> {
  const { part, name, url, folder } = database;
  if ((kind === 'archive') !== (url !== undefined)) {
    const is =
      kind === 'archive' ? 'PostgreSQL, and no URL is set' : 'the built-in database, and a URL is set';
    throw new CannotTellError(`${name}: the backup is of ${is} for it`);
  }
  if (url === undefined) {
    if (existsSync(join(folder, 'pg')))
      throw new CannotTellError(`${name}: ${folder} has a database already`);
    return;
  }
  const { db, close } = await openToRead(url, folder);
  try {
    if ((await tablesOf(db).catch(explain(part))).length > 0) {
      throw new CannotTellError(`${name}: the database has tables already; make a new one`);
    }
    const own = await majorOf(db);
    if (own < major) {
      throw new CannotTellError(`${name}: the backup is of PostgreSQL ${major}, and this is ${own}`);
    }
    await checkTool('pg_restore', major);
  } finally {
    await close();
  }
}

function mustHaveKey(settings: Settings, part: Part): void {
  if (hasKey(settings, part)) return;
  const { name, keyVariable, keyFile } = PARTS[part];
  throw new CannotTellError(
    `${name}: put its key first into ${keyVariable} or ${join(settings.dataFolder, keyFile)}; the backup has none`,
  );
}

/** A restore that is broken off leaves nothing that a part would start with. */
async function put(from: string, { database: { id, url, folder }, held: { kind } }: Wanted): Promise<void> {
  if (kind === 'archive') {
    const args = ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction'];
    await runOn(url ?? '', 'pg_restore', [
      ...args,
      `--dbname=${nameIn(url ?? '')}`,
      join(from, archiveOf(id)),
    ]);
    return;
  }
  const half = join(folder, 'pg.half');
  rmSync(half, { recursive: true, force: true });
  cpSync(join(from, id, 'pg'), half, { recursive: true });
  renameSync(half, join(folder, 'pg'));
}

const nameIn = (url: string) => decodeURIComponent(new URL(url.replace(/,[^/]*/, '')).pathname.slice(1));

async function differencesOf(
  settings: Settings,
  { database, held: { state } }: Wanted,
  check: boolean,
): Promise<string[]> {
  const opened = await openPart(settings, database).catch((error: unknown) => {
    // What was just put there must open; what was there before may be in use or away.
    if (check && !(error instanceof WrongKeyError)) {
      throw new CannotTellError(`${database.name}: ${messageOf(error)}`);
    }
    return messageOf(error);
  });
  if (typeof opened === 'string') return [opened];
  const { db, audit, close } = opened;
  try {
    // A database that was backed up before its first link has no list of chains.
    const since = state.heads.length > 0 ? { since: state.heads } : {};
    const verified = await verifyAudit(db, audit, { institutions: [], others: true, ...since });
    const findings = [verified?.root, ...(verified?.chains.map(({ finding }) => finding) ?? [])];
    const now = await readState(db, database.part, audit);
    return [
      ...findings.flatMap((finding) => (finding ? [`the audit: ${finding.what}`] : [])),
      ...[...new Set([...Object.keys(state.counts), ...Object.keys(now.counts)])].flatMap((table) => {
        const [was, is] = [state.counts[table] ?? 0, now.counts[table] ?? 0];
        return was === is ? [] : [`${table}: ${was} rows were backed up, and ${is} are there`];
      }),
      ...(state.spent === now.spent ? [] : ['the status or the last spent step of some token is another']),
    ];
  } finally {
    await close();
  }
}
