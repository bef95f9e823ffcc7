import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Kysely } from 'kysely';
import { columnNames, entriesOf, type Wanted } from '../host/audit/entries.ts';
import { isIsoDay, startOfIsoDay } from '../host/japan.ts';
import type { Settings } from '../host/settings.ts';
import { CannotTellError } from './errors.ts';
import { inNewFile } from './new-file.ts';
import type { Part } from './part.ts';
import { databaseFor, mustBeKnown, type OpenPart, openPart, PARTS } from './parts.ts';

export interface ExportArguments {
  readonly institution: string;
  readonly part: Part;
  readonly from?: Date;
  readonly before?: Date;
  readonly event?: string;
  readonly token?: string;
  /** Whether to begin with a byte order mark, by which Excel recognises UTF-8. */
  readonly bom?: boolean;
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * Writes the wanted entries as CSV (RFC 4180, UTF-8), each with its number and hash in the chain, and the ユーザID. An apostrophe goes before a
 * value that a spreadsheet would take for a formula.
 * @param out a new file, of this user alone, of which nothing is left unless all is in it; the standard output without
 * @returns the number of entries
 */
export async function auditExport(
  settings: Settings,
  { institution, part, from, before, event, token, bom = false }: ExportArguments,
  out: string | undefined,
): Promise<number> {
  const opened = await openPart(settings, databaseFor(settings, part, institution));
  try {
    await mustBeKnown(settings, opened, institution);
    const having = { [PARTS[part].event]: event, [PARTS[part].token]: token };
    const write = (to: NodeJS.WritableStream) =>
      writeEntries(opened, { institution, from, before, having }, { to, bom });
    return await (out === undefined ? write(process.stdout) : inNewFile(out, write));
  } finally {
    await opened.close();
  }
}

/** Writes the wanted entries of a part that is open. @returns their number */
export async function writeEntries<Schema>(
  { db, audit, part }: Pick<OpenPart, 'audit' | 'part'> & { readonly db: Kysely<Schema> },
  wanted: Omit<Wanted, 'userId'>,
  { to, bom = false }: { readonly to: NodeJS.WritableStream; readonly bom?: boolean },
): Promise<number> {
  const names = await columnNames(db, audit);
  const { userId } = PARTS[part];
  let count = 0;
  const rows = async function* () {
    for await (const entry of entriesOf(db, audit, { ...wanted, userId })) {
      const { number, hash, columns } = entry;
      count += 1;
      const row = [number ?? '', hash ?? '', ...names.map((name) => columns[name] ?? '')];
      yield userId === undefined ? row : [...row, entry.userId ?? ''];
    }
  };
  const csv = stringify({
    header: true,
    columns: ['number', 'hash', ...names, ...(userId === undefined ? [] : ['user_id'])],
    escape_formulas: true,
    record_delimiter: 'windows',
    // Quotes values with any line break, not only with the one that separates records.
    quoted_match: /[\r\n]/,
    bom,
  });
  await pipeline(Readable.from(rows()), csv, to, { end: to !== process.stdout });
  return count;
}

/**
 * A moment as an operator writes it: a time with an offset, or a day in Japan.
 * @param edge whether a day means its beginning or its end
 */
export function momentOf(text: string, edge: 'begin' | 'end'): Date {
  const isDay = isIsoDay(text);
  const isMoment =
    isIsoDay(text.slice(0, 10)) && /^.{10}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const ms = isDay ? startOfIsoDay(text) : isMoment ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new CannotTellError(
      `${text} is neither a day such as 2026-04-01 nor a time such as 2026-04-01T09:00:00+09:00`,
    );
  }
  return new Date(isDay && edge === 'end' ? ms + DAY_MS : ms);
}
