import { createReadStream, statSync, type WriteStream } from 'node:fs';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import type { ExistingSerial, Import, ImportRequest } from '../core/api/imports.ts';
import type { Settings } from '../host/settings.ts';
import { checkFile, sendFile, type TokenFile } from '../host/token-file/import.ts';
import { createImportClient, type ImportClient } from '../host/token-file/import-client.ts';
import type { FileSecret } from '../host/token-file/pskc-keys.ts';
import { ROW_REASONS } from '../host/token-file/token.ts';
import { CannotTellError, messageOf } from './errors.ts';
import { EXIT, type Exit } from './exit.ts';
import { cannotWrite, inNewFile } from './new-file.ts';
import { progressOn } from './progress.ts';
import { checkedAct } from './staff-act.ts';
import { staffKeyOf } from './staff-key.ts';

export interface ImportArguments {
  readonly institution: string;
  readonly by: Pick<ImportRequest, 'actor' | 'reason' | 'approval'>;
  readonly secret: FileSecret;
  /** A new file for all rows that were not taken; without it the first few are printed. */
  readonly report?: string | undefined;
}

type Print = (line: string) => void;

/**
 * Imports a file of hardware tokens by the staff API of the running service: checks all of it, then sends it, or goes on with
 * what was sent before.
 * @returns good if every token of the file is there now by this import, bad if some rows were not taken
 * @throws CannotTellError, TokenFileError, ServiceRefusedError
 */
export async function tokensImport(
  settings: Settings,
  path: string,
  wanted: ImportArguments,
  print: Print,
): Promise<Exit> {
  const { report } = wanted;
  if (report === undefined) return importFile(settings, path, wanted, { print, rows: screenReport(print) });
  return inNewFile(report, (file) =>
    importFile(settings, path, wanted, { print, rows: fileReport(report, file) }),
  );
}

interface Telling {
  readonly print: Print;
  /** Rows that are not taken. */
  readonly rows: Report;
}

async function importFile(
  settings: Settings,
  path: string,
  { institution, by, secret }: ImportArguments,
  { print, rows }: Telling,
): Promise<Exit> {
  const client = createImportClient({
    url: settings.tokenServiceUrl,
    staffKey: staffKeyOf(settings, institution),
  });
  const { size, file } = fileAt(path, secret);
  const reading = progressOn(process.stderr, 'checking ');
  const checked = await checkFile(file, Date.now(), {
    onRefused: (line, reason) => rows.add(line, ROW_REASONS[reason]),
    onRead: (bytes) => reading.at(bytes, size),
  }).finally(reading.end);
  const standing = checked.tokens === 0 ? undefined : await send();
  const added = standing?.added ?? 0;
  const existing = (standing?.taken ?? 0) - added;
  await rows
    .end()
    .finally(() => print(`${added} imported, ${existing} there before, ${checked.refused} refused`));
  return added > 0 && existing === 0 && checked.refused === 0 ? EXIT.good : EXIT.bad;

  async function send(): Promise<Import> {
    const sending = progressOn(process.stderr, 'importing');
    const draw = ({ taken, tokens }: Import) => sending.at(taken, tokens);
    const sent = await sendFile(checked, checkedAct(by), client, draw).finally(sending.end);
    await reportExisting(client, sent, rows.add);
    return sent;
  }
}

function fileAt(path: string, secret: FileSecret): { size: number; file: TokenFile } {
  try {
    const stat = statSync(path);
    // It is checked whole before it is sent, and so read twice.
    if (!stat.isFile()) throw new Error('it is not a file');
    return { size: stat.size, file: { name: basename(path), open: () => createReadStream(path), secret } };
  } catch (error) {
    throw new CannotTellError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

async function reportExisting(
  client: ImportClient,
  { digest, taken, added }: Import,
  add: (line: number, why: string) => void,
): Promise<void> {
  if (taken === added) return;
  let after: ExistingSerial | undefined;
  do {
    const page = await client.existing(digest, after);
    for (const { line, serial } of page.existing) add(line, `${serial} is there already, and stays as it is`);
    after = page.next === undefined ? undefined : page.existing.at(-1);
  } while (after !== undefined);
}

const PRINTED_MOST = 20;

interface Report {
  add(line: number, why: string): void;
  end(): Promise<void>;
}

/** Prints the first refused rows. */
function screenReport(print: Print): Report {
  let count = 0;
  return {
    add: (line: number, why: string) => {
      count += 1;
      if (count <= PRINTED_MOST) print(`line ${line}: ${why}`);
    },
    end: async () => {
      if (count > PRINTED_MOST) print(`and ${count - PRINTED_MOST} more: --report names a file for all`);
    },
  };
}

/** Writes all refused rows to the file. The import goes on where the file cannot be written; the end says so. */
function fileReport(path: string, file: WriteStream): Report {
  const written = finished(file).catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
  written.catch(() => {});
  return {
    add: (line, why) => {
      file.write(`line ${line}: ${why}\n`);
    },
    end: () => {
      file.end();
      return written;
    },
  };
}
