import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { lockFolder } from '../host/folder.ts';
import type { Settings } from '../host/settings.ts';
import { copyKeys } from './backup/key-files.ts';
import { type DatabaseInBackup, type Manifest, writeManifest } from './backup/manifest.ts';
import { checkTool, majorOf, runOn } from './backup/postgres-tools.ts';
import { readState } from './backup/state.ts';
import { CannotTellError } from './errors.ts';
import { inNewFolder } from './new-file.ts';
import { PART_KEYS, type Part } from './part.ts';
import { databasesOf, explain, openPart, type PartDatabase } from './parts.ts';

export interface BackupArguments {
  /** A new folder, of this user alone. */
  readonly out: string;
  readonly part?: Part;
  /** Whether the keys go into it as well: who has it then has every secret. */
  readonly keys?: boolean;
}

type Print = (line: string) => void;

/** Copies the databases into a new folder, with what each held at the moment of its copy. @throws CannotTellError */
export async function backup(
  settings: Settings,
  { out, part, keys = false }: BackupArguments,
  print: Print,
): Promise<void> {
  const databases = (part === undefined ? PART_KEYS : [part]).flatMap((one) => databasesOf(settings, one));
  process.umask(0o077);
  // Half a backup is none, and the same command is to work once the reason is mended.
  await inNewFolder(out, () => copyInto(settings, { databases, out, keys }, print));
}

interface Copying {
  readonly databases: readonly PartDatabase[];
  readonly out: string;
  readonly keys: boolean;
}

async function copyInto(settings: Settings, { databases, out, keys }: Copying, print: Print): Promise<void> {
  const parts: Manifest['parts'] = {};
  // Before the first copy: what is ended while databases are copied may not be in them, so it has to count as done after the backup.
  const at = new Date().toISOString();
  for (const database of databases) {
    const { url } = database;
    const copied =
      url === undefined
        ? await copyFolder(settings, database, out)
        : await dump(settings, database, url, out);
    parts[database.id] = copied;
    const rows = Object.values(copied.state.counts).reduce((sum, count) => sum + count, 0);
    print(`${database.name}: ${rows} rows of ${Object.keys(copied.state.counts).length} tables`);
  }
  const files = keys ? copyKeys(settings.dataFolder, join(out, 'keys')) : [];
  writeManifest(out, { format: 1, at, parts });
  print(
    keys
      ? `${files.length} files of keys, but none that the environment gives; whoever has ${out} has every secret`
      : `no keys: keep those of ${settings.dataFolder} elsewhere, as without them this backup is worth nothing`,
  );
}

/** The copy is opened, which shows that it can be, and what it holds is what it is known by. */
async function copyFolder(
  settings: Settings,
  { part, id, name, folder }: PartDatabase,
  out: string,
): Promise<DatabaseInBackup> {
  const data = join(folder, 'pg');
  if (!existsSync(data)) throw new CannotTellError(`${name}: there is no database in ${folder}`);
  const copy = join(out, id);
  const unlock = lockedBy(folder, part);
  try {
    cpSync(data, join(copy, 'pg'), { recursive: true });
  } finally {
    unlock();
  }
  const { db, audit, close } = await openPart(settings, { part, url: undefined, folder: copy });
  try {
    return { kind: 'folder', major: await majorOf(db), state: await readState(db, part, audit) };
  } finally {
    await close();
    rmSync(join(copy, 'lock'));
  }
}

function lockedBy(folder: string, part: Part): () => void {
  try {
    return lockFolder(folder);
  } catch (error) {
    return explain(part)(error);
  }
}

/** What the archive holds and what it is known by are of one moment, whatever is written meanwhile. */
async function dump(
  settings: Settings,
  database: PartDatabase,
  url: string,
  out: string,
): Promise<DatabaseInBackup> {
  const { part, id } = database;
  const { db, audit, close } = await openPart(settings, database);
  try {
    const major = await majorOf(db);
    await checkTool('pg_dump', major);
    const state = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (trx) => {
        const { rows } = await sql<{ snapshot: string }>`select pg_export_snapshot() as snapshot`.execute(
          trx,
        );
        const args = [
          '--format=custom',
          `--snapshot=${rows[0]?.snapshot}`,
          `--file=${join(out, archiveOf(id))}`,
        ];
        await runOn(url, 'pg_dump', args);
        return readState(trx, part, audit);
      });
    return { kind: 'archive', major, state };
  } finally {
    await close();
  }
}

export const archiveOf = (id: string) => `${id}.dump`;
