import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { verifyAudit } from '../host/audit/verify.ts';
import { closeFolder } from '../host/folder.ts';
import { openToRead } from '../host/read-database.ts';
import type { Settings } from '../host/settings.ts';
import { copyKeys } from './backup/key-files.ts';
import { type PartInBackup, readManifest } from './backup/manifest.ts';
import { checkTool, majorOf, runOn } from './backup/postgres-tools.ts';
import { readState, tablesOf } from './backup/state.ts';
import { archiveOf } from './backup.ts';
import { CannotTellError, messageOf } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { PART_KEYS, type Part } from './part.ts';
import { explain, hasKey, openPart, PARTS, placeOf } from './parts.ts';

export interface RestoreArguments {
  readonly part?: Part;
  /** Only compares what is there with the backup. */
  readonly check?: boolean;
}

type Print = (line: string) => void;

/**
 * Puts a backup where the settings say, which must be empty, and compares what is there then with what was backed up.
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
  const wanted = (part === undefined ? PART_KEYS : [part]).flatMap((one) => {
    const held = parts[one];
    return held === undefined ? [] : [{ part: one, held }];
  });
  if (wanted.length === 0) throw new CannotTellError(`${from} has nothing of that part`);
  if (!check) {
    for (const { part, held } of wanted) await mustBeEmpty(settings, part, held);
    closeFolder(settings.dataFolder);
    if (existsSync(join(from, 'keys'))) copyKeys(join(from, 'keys'), settings.dataFolder);
    for (const { part } of wanted) mustHaveKey(settings, part);
    for (const { part, held } of wanted) await put(settings, from, part, held);
  }
  let exit: Exit = EXIT.good;
  for (const { part, held } of wanted) {
    const differences = await differencesOf(settings, part, held);
    for (const what of differences) print(`${PARTS[part].name}: BAD: ${what}`);
    if (differences.length > 0) exit = EXIT.bad;
    else print(`${PARTS[part].name}: good: the audit, the counts and the spent steps are those of ${at}`);
  }
  return exit;
}

async function mustBeEmpty(settings: Settings, part: Part, { kind, major }: PartInBackup): Promise<void> {
  const { name } = PARTS[part];
  const { url, folder } = placeOf(settings, part);
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
async function put(settings: Settings, from: string, part: Part, { kind }: PartInBackup): Promise<void> {
  const { url, folder } = placeOf(settings, part);
  if (kind === 'archive') {
    const args = ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction'];
    await runOn(url ?? '', 'pg_restore', [
      ...args,
      `--dbname=${nameIn(url ?? '')}`,
      join(from, archiveOf(part)),
    ]);
    return;
  }
  const half = join(folder, 'pg.half');
  rmSync(half, { recursive: true, force: true });
  cpSync(join(from, part, 'pg'), half, { recursive: true });
  renameSync(half, join(folder, 'pg'));
}

const nameIn = (url: string) => decodeURIComponent(new URL(url.replace(/,[^/]*/, '')).pathname.slice(1));

async function differencesOf(settings: Settings, part: Part, { state }: PartInBackup): Promise<string[]> {
  const opened = await openPart(settings, part).catch((error: unknown) => messageOf(error));
  if (typeof opened === 'string') return [opened];
  const { db, audit, close } = opened;
  try {
    // A database that was backed up before its first link has no list of chains.
    const since = state.heads.length > 0 ? { since: state.heads } : {};
    const verified = await verifyAudit(db, audit, { institutions: [], others: true, ...since });
    const findings = [verified?.root, ...(verified?.chains.map(({ finding }) => finding) ?? [])];
    const now = await readState(db, part, audit);
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
