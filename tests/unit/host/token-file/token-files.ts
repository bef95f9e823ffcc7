import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { systemRandomBytes } from '../../../../host/random.ts';
import { writeCsv } from '../../../../host/token-file/csv.ts';
import type { FileSecret } from '../../../../host/token-file/pskc-keys.ts';
import { writePskc } from '../../../../host/token-file/pskc-write.ts';
import { readTokenFile } from '../../../../host/token-file/read.ts';
import type { FileRow, FileToken } from '../../../../host/token-file/token.ts';

export const RFC_KEY = new Uint8Array(Buffer.from('12345678901234567890'));

/** A file's rows, the file given in pieces of some bytes. */
export async function rowsOf(
  file: string | Uint8Array,
  secret?: FileSecret,
  pieces = 1_000,
): Promise<FileRow[]> {
  const bytes = Buffer.from(file);
  const chunks = Array.from({ length: Math.ceil(bytes.length / pieces) }, (_, place) =>
    bytes.subarray(place * pieces, (place + 1) * pieces),
  );
  return Readable.from(readTokenFile(Readable.from(chunks), secret)).toArray();
}

/** The reasons why rows of a file are not taken, by their lines. */
export const refusalsOf = async (file: string): Promise<Record<number, string>> =>
  Object.fromEntries(
    (await rowsOf(file)).flatMap((row) => ('refused' in row ? [[row.line, row.refused]] : [])),
  );

export const pskcOf = (tokens: readonly FileToken[], secret: FileSecret = {}): Promise<string> =>
  text(writePskc(Readable.from(tokens), secret, systemRandomBytes));

export const csvOf = (tokens: readonly FileToken[]): Promise<string> => text(writeCsv(Readable.from(tokens)));

/** One token of each kind, hash and length that a file may have. */
export const everyToken = (): FileToken[] =>
  [null, 30, 60].flatMap((period) =>
    (['SHA-1', 'SHA-256', 'SHA-512'] as const).flatMap((algorithm) =>
      ([6, 8] as const).map((digits) => ({
        serial: `T${period ?? 0}${algorithm.replace('-', '')}D${digits}`,
        parameters: { algorithm, digits, period } as FileToken['parameters'],
        key: new Uint8Array(randomBytes({ 'SHA-1': 20, 'SHA-256': 32, 'SHA-512': 64 }[algorithm])),
        nextCount: period === null ? 17 : 0,
        drift: period === null ? 0 : 2,
        expiresAt: digits === 8 ? new Date('2031-03-31T15:00:00Z') : null,
      })),
    ),
  );
