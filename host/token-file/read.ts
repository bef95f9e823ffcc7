import { readCsv } from './csv.ts';
import { type FileSecret, isGiven } from './pskc-keys.ts';
import { readPskc } from './pskc-read.ts';
import { newSeen } from './seen.ts';
import { type FileRow, TokenFileError } from './token.ts';

/** Bytes that may stand before the first character: a byte order mark and space. */
const LEADING: readonly number[] = [0xef, 0xbb, 0xbf, 0x09, 0x0a, 0x0d, 0x20];
const LESS_THAN = 0x3c;
/** How UTF-16 begins. */
const OF_UTF_16: readonly (number | undefined)[] = [0xff, 0xfe];

/**
 * Reads a file of tokens, PSKC or CSV, which its first character tells. Every row that is not taken is given with its line and
 * the reason.
 * @param seen memory for it, which may have served another reading
 * @throws TokenFileError where nothing of it may be taken; what was given before must not be used then
 */
export async function* readTokenFile(
  chunks: AsyncIterable<Uint8Array>,
  secret: FileSecret = {},
  seen = newSeen(),
): AsyncGenerator<FileRow, void, undefined> {
  const { isXml, all } = await begin(chunks);
  if (!isXml && isGiven(secret)) throw new TokenFileError('in-clear', 1);
  const { serials, ids } = seen;
  serials.clear();
  ids.clear();
  for await (const row of isXml ? readPskc(all, secret, ids) : readCsv(all)) {
    const isTwice = 'token' in row && serials.add(row.token.serial);
    yield isTwice ? { line: row.line, refused: 'serial-twice' } : row;
  }
}

/** Looks at the beginning of a stream and gives it back whole. */
async function begin(chunks: AsyncIterable<Uint8Array>) {
  const reader = chunks[Symbol.asyncIterator]();
  for (;;) {
    const { done, value: chunk } = await reader.next();
    if (done) throw new TokenFileError('empty');
    const first = chunk.find((byte) => !LEADING.includes(byte));
    if (OF_UTF_16.includes(first)) throw new TokenFileError('not-utf8', 1);
    if (first !== undefined) return { isXml: first === LESS_THAN, all: rest(chunk, reader) };
  }
}

async function* rest(chunk: Uint8Array, reader: AsyncIterator<Uint8Array>) {
  yield chunk;
  for (let next = await reader.next(); !next.done; next = await reader.next()) yield next.value;
}
