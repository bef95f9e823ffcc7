import { createHash, type Hash } from 'node:crypto';
import type { Import, ImportRequest, ImportRow } from '../../core/api/imports.ts';
import type { ImportClient } from './import-client.ts';
import type { FileSecret } from './pskc-keys.ts';
import { readTokenFile } from './read.ts';
import { newSeen, type SeenInFile } from './seen.ts';
import { type FileToken, type RowReason, TokenFileError } from './token.ts';

/** A file of tokens that can be read more than once. */
export interface TokenFile {
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
  readonly secret: FileSecret;
}

/** What a file is that was read whole. */
export interface CheckedFile {
  readonly file: TokenFile;
  /** SHA-256, in hexadecimal digits. */
  readonly digest: string;
  /** Tokens to be taken, and rows that are not. */
  readonly tokens: number;
  readonly refused: number;
  /** The memory that the check has used, for the sending. */
  readonly seen: SeenInFile;
}

export interface Checking {
  /** Each row that is not taken. */
  onRefused?(line: number, reason: RowReason): void;
  /** How many bytes were read. */
  onRead?(bytes: number): void;
}

/**
 * Reads a file whole and checks all of it, before anything of it is used. A token that may not be used yet refuses the whole file. If
 * it were left out, the file would have another number of tokens later, and its import could not go on.
 * @param now in milliseconds
 * @throws TokenFileError where nothing of it may be taken
 */
export async function checkFile(
  file: TokenFile,
  now: number,
  { onRefused, onRead }: Checking = {},
): Promise<CheckedFile> {
  const hash = createHash('sha256');
  const seen = newSeen();
  let [tokens, refused] = [0, 0];
  for await (const row of readTokenFile(hashed(file, hash, onRead), file.secret, seen)) {
    if ('token' in row) {
      if (row.usableFrom !== undefined && row.usableFrom.getTime() > now)
        throw new TokenFileError('not-yet', row.line);
      tokens += 1;
    } else {
      refused += 1;
      onRefused?.(row.line, row.refused);
    }
  }
  return { file, digest: hash.digest('hex'), tokens, refused, seen };
}

async function* hashed(file: TokenFile, hash: Hash, onRead?: (bytes: number) => void) {
  let bytes = 0;
  for await (const chunk of file.open()) {
    hash.update(chunk);
    bytes += chunk.length;
    onRead?.(bytes);
    yield chunk;
  }
}

/** A request has 32 KB, its rows a little less. */
const MOST_BATCH = { characters: 31_000, rows: 250 } as const;

/** Rows of a file in a row, from a place on. */
interface Batch {
  from: number;
  rows: ImportRow[];
  characters: number;
}

/**
 * Sends the tokens of a checked file, from where its import stands: nothing where it is over. While rows are under way the
 * next are read.
 * @param onTaken called with how far it is
 * @returns the import, which is over
 * @throws TokenFileError changed, before its last tokens are sent, if the file is not the one that was checked
 * @throws ServiceRefusedError
 */
export async function sendFile(
  { file, digest, tokens, seen }: CheckedFile,
  by: Pick<ImportRequest, 'actor' | 'reason' | 'approval'>,
  client: Pick<ImportClient, 'begin' | 'take'>,
  onTaken: (standing: Import) => void = () => {},
): Promise<Import> {
  let standing = await client.begin(digest, { ...by, fileName: file.name, tokens });
  onTaken(standing);
  if (standing.endedAt !== undefined) return standing;
  const begun = standing.taken;
  const hash = createHash('sha256');
  let sending: Promise<void> = Promise.resolve();
  const send = async ({ from, rows }: Batch) => {
    // Another sender of the same file may be ahead, by some of these rows too.
    while (standing.taken < from + rows.length) {
      const { taken } = standing;
      standing = await client.take(digest, taken, rows.slice(taken - from));
      // Nobody's rows were taken: they are more than the file had when it was checked.
      if (standing.taken === taken) throw new TokenFileError('changed');
      onTaken(standing);
    }
  };
  const flush = async (batch: Batch) => {
    await sending;
    sending = send(batch);
    // Where it fails, the next flush says so; until then nobody waits for it.
    sending.catch(() => {});
  };

  let batch: Batch = { from: 0, rows: [], characters: 0 };
  let read = 0;
  for await (const fileRow of readTokenFile(hashed(file, hash), file.secret, seen)) {
    if (!('token' in fileRow)) continue;
    read += 1;
    if (read > tokens) throw new TokenFileError('changed');
    if (read <= begun) continue;
    const row = rowOf(fileRow.line, fileRow.token);
    const { length } = JSON.stringify(row);
    const isFull = batch.rows.length === MOST_BATCH.rows || batch.characters + length > MOST_BATCH.characters;
    if (isFull) await flush(batch);
    if (isFull || batch.rows.length === 0) batch = { from: read - 1, rows: [], characters: 0 };
    batch.rows.push(row);
    batch.characters += length + 1;
  }
  await sending;
  if (hash.digest('hex') !== digest || read !== tokens) throw new TokenFileError('changed');
  await flush(batch);
  await sending;
  return standing;
}

function rowOf(line: number, token: FileToken): ImportRow {
  const { serial, parameters, key, nextCount, drift, expiresAt } = token;
  const { algorithm, digits, period } = parameters;
  return {
    line,
    serial,
    key: Buffer.from(key).toString('base64url'),
    algorithm,
    digits,
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(period === null ? { counter: nextCount } : { period, drift }),
  };
}
