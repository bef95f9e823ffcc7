import { Readable } from 'node:stream';
import { CsvError, type InfoRecord, parse } from 'csv-parse';
import { stringify } from 'csv-stringify';
import {
  bytesOf,
  type FileRow,
  type FileToken,
  RowError,
  TOKENS_MOST,
  TokenFileError,
  tokenOfTexts,
} from './token.ts';

/** The columns of a CSV of tokens, in any order; the first three have to be there. */
const CSV_COLUMNS = [
  'serial',
  'kind',
  'key',
  'algorithm',
  'digits',
  'period',
  'counter',
  'drift',
  'expires',
] as const;

type Column = (typeof CSV_COLUMNS)[number];

const NEEDED: readonly Column[] = ['serial', 'kind', 'key'];

const MOST_LINE = 4_096;

interface Parsed {
  readonly info: InfoRecord;
  readonly record: readonly string[];
}

/**
 * Reads tokens from a stream of CSV (RFC 4180, UTF-8) that begins with a header of {@link CSV_COLUMNS}. An empty value is as
 * good as none.
 * @throws TokenFileError where nothing of it may be taken
 */
export async function* readCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileRow, void, undefined> {
  const parser = Readable.from(chunks).compose(
    parse({
      bom: true,
      info: true,
      max_record_size: MOST_LINE,
      relax_column_count: true,
      skip_empty_lines: true,
    }),
  ) as AsyncIterable<Parsed>;
  let header: readonly Column[] | undefined;
  let tokens = 0;
  try {
    for await (const { info, record } of parser) {
      const line = info.lines;
      if (header === undefined) {
        header = headerOf(record, line);
        continue;
      }
      tokens += 1;
      if (tokens > TOKENS_MOST) throw new TokenFileError('too-many', line);
      yield rowOf(header, record, line);
    }
  } catch (error) {
    throw error instanceof CsvError ? fileError(error) : error;
  }
  if (header === undefined) throw new TokenFileError('empty');
}

function fileError(error: CsvError): TokenFileError {
  const line = typeof error.lines === 'number' ? error.lines : undefined;
  return new TokenFileError(error.code === 'CSV_MAX_RECORD_SIZE' ? 'too-long' : 'not-csv', line);
}

function headerOf(record: readonly string[], line: number): readonly Column[] {
  const columns = record.map((name) => CSV_COLUMNS.find((column) => column === name.trim().toLowerCase()));
  const known = columns.filter((column) => column !== undefined);
  const isHeader =
    known.length === columns.length &&
    new Set(known).size === known.length &&
    NEEDED.every((column) => known.includes(column));
  if (!isHeader) throw new TokenFileError('header', line);
  return known;
}

function rowOf(header: readonly Column[], record: readonly string[], line: number): FileRow {
  try {
    if (record.length !== header.length) throw new RowError('columns');
    const value = (column: Column) => record[header.indexOf(column)]?.trim() || undefined;
    return { line, token: tokenIn(value) };
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    return { line, refused: error.reason };
  }
}

function tokenIn(value: (column: Column) => string | undefined): FileToken {
  const kind = value('kind')?.toLowerCase();
  if (kind !== 'hotp' && kind !== 'totp') throw new RowError('other-kind');
  const written = value('key');
  if (written === undefined) throw new RowError('no-key');
  const key = bytesOf(written, 'hex');
  if (key === undefined) throw new RowError('bad-key');
  return tokenOfTexts({
    serial: value('serial'),
    isCounted: kind === 'hotp',
    hash: value('algorithm'),
    digits: value('digits'),
    period: value('period'),
    counter: value('counter'),
    drift: value('drift'),
    expires: value('expires'),
    key,
  });
}

/** Writes tokens as CSV that {@link readCsv} reads. */
export function writeCsv(tokens: AsyncIterable<FileToken>): AsyncIterable<string> {
  const csv = stringify({ header: true, columns: [...CSV_COLUMNS], record_delimiter: 'windows' });
  return Readable.from(recordsOf(tokens)).compose(csv) as AsyncIterable<string>;
}

async function* recordsOf(tokens: AsyncIterable<FileToken>) {
  for await (const { serial, parameters, key, nextCount, drift, expiresAt } of tokens) {
    const { algorithm, digits, period } = parameters;
    const isCounted = period === null;
    yield {
      serial,
      kind: isCounted ? 'hotp' : 'totp',
      key: Buffer.from(key).toString('hex'),
      algorithm,
      digits,
      period,
      counter: isCounted ? nextCount : null,
      drift: isCounted ? null : drift,
      expires: expiresAt?.toISOString() ?? null,
    };
  }
}
