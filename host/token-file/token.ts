import { type CodeParameters, MOST_COUNT } from '../../core/otp/hotp.ts';
import { MINIMUM_KEY_BITS } from '../../core/otp/key.ts';
import { normaliseSerial } from '../../core/otp/serial.ts';
import { isIsoDay } from '../japan.ts';

/** A hardware token as a file describes it, its key in clear. */
export interface FileToken {
  /** As `serialSchema` has it. */
  readonly serial: string;
  readonly parameters: CodeParameters;
  readonly key: Uint8Array<ArrayBuffer>;
  /** The count of the next code; 0 of a token that shows the time. */
  readonly nextCount: number;
  /** Steps that its clock is ahead (+) or behind (−); 0 of a token that counts. */
  readonly drift: number;
  readonly expiresAt: Date | null;
}

/** What a file has at a line: a token, or what is wrong with the one that is meant there. */
export type FileRow =
  | { readonly line: number; readonly token: FileToken; readonly usableFrom?: Date }
  | { readonly line: number; readonly refused: RowReason };

/** Why one token of a file is not taken, while the others are. */
export const ROW_REASONS = {
  columns: 'it has more or fewer columns than the header',
  'element-twice': 'an element is there twice where one may be',
  'no-serial': 'it has no serial number',
  'bad-serial': 'its serial number is not 6 to 24 letters and digits',
  'serial-twice': 'its serial number is in the file before',
  'id-twice': 'its key id is in the file before',
  'other-kind': 'it is neither HOTP nor TOTP',
  'other-hash': 'its hash is none of SHA-1, SHA-256 and SHA-512',
  'other-digits': 'its codes do not have 6 or 8 digits',
  'other-codes': 'its codes are not plain digits',
  'other-period': 'its codes do not change every 30 or 60 seconds',
  'bad-counter': `its counter is not a whole number from 0 to ${MOST_COUNT}`,
  'bad-drift': 'its drift is not a whole number of steps from -10000 to 10000',
  'bad-expiry': 'its start or expiry is not a date or time of RFC 3339 within our times',
  'other-policy': 'it may be used only in a way that the service does not know',
  'no-key': 'it has no key',
  'bad-key': 'its key is not written as the format asks',
  'short-key': `its key has under ${MINIMUM_KEY_BITS} bits`,
  'long-key': 'its key has over 512 bits',
  'sealed-counter': 'its counter, interval or drift is encrypted, which only a key may be',
} as const;

export type RowReason = keyof typeof ROW_REASONS;

/** One token of a file is not taken. */
export class RowError extends Error {
  override name = 'RowError';
  readonly reason: RowReason;

  constructor(reason: RowReason) {
    super(ROW_REASONS[reason]);
    this.reason = reason;
  }
}

/** Why nothing of a file is taken. */
const FILE_REASONS = {
  empty: 'there is nothing in it',
  'not-utf8': 'it is not UTF-8',
  'not-xml': 'it is not well-formed XML',
  doctype: 'it has a document type (DTD), which no PSKC file needs',
  'too-long': 'something in it is too long: a text, a tag, a line or an element',
  'too-deep': 'its elements stand too deep in each other',
  'too-many': 'it has too many tokens; divide it',
  'not-pskc': 'it is XML, but no PSKC 1.0 (RFC 6030)',
  order: 'what all keys are encrypted with stands behind a key',
  header: 'its first line is not the header of a CSV of tokens',
  'not-csv': 'it is no CSV',
  'password-needed': 'it is encrypted with a password',
  'key-needed': 'it is encrypted with a key that was agreed beforehand',
  'wrong-key': 'the password or key is wrong, or somebody changed the file',
  'no-mac': 'a key in it is encrypted without a MAC, so that nobody could tell whether it was changed',
  'in-clear':
    'a key in it is not encrypted, but its head says so, or a password or key was given: ask its sender, or import a file in clear without one',
  'other-encryption': 'it is encrypted or authenticated in a way that is not supported',
  'not-yet': 'a token in it may be used only from a later time',
  changed: 'it changed while it was read',
} as const;

export type FileReason = keyof typeof FILE_REASONS;

/** Nothing of a file is taken. `line` is where that was found, if it is at a line. */
export class TokenFileError extends Error {
  override name = 'TokenFileError';
  readonly reason: FileReason;
  readonly line: number | undefined;

  constructor(reason: FileReason, line?: number) {
    super(`${line === undefined ? '' : `line ${line}: `}${FILE_REASONS[reason]}`);
    this.reason = reason;
    this.line = line;
  }
}

/** Most tokens of one file. */
export const TOKENS_MOST = 5_000_000;

const MOST_KEY_BYTES = 64;
/** Steps of drift that a file may tell of. */
const DRIFT_MOST = 10_000;

/** The texts of a token as a file has them; undefined where the file is silent. */
export interface TokenTexts {
  readonly serial: string | undefined;
  readonly isCounted: boolean;
  readonly hash: string | undefined;
  readonly digits: string | undefined;
  readonly period: string | undefined;
  readonly counter: string | undefined;
  readonly drift: string | undefined;
  readonly expires: string | undefined;
  readonly key: Uint8Array<ArrayBuffer>;
}

/** The token that texts describe. @throws RowError */
export function tokenOfTexts(texts: TokenTexts): FileToken {
  const { isCounted, key } = texts;
  if (key.length * 8 < MINIMUM_KEY_BITS) throw new RowError('short-key');
  if (key.length > MOST_KEY_BYTES) throw new RowError('long-key');
  const algorithm = hashOf(texts.hash ?? 'SHA-1');
  const digits = oneOf([6, 8] as const, texts.digits ?? '6', 'other-digits');
  return {
    serial: serialOf(texts.serial),
    parameters: isCounted
      ? { algorithm, digits, period: null }
      : { algorithm, digits, period: oneOf([30, 60] as const, texts.period ?? '30', 'other-period') },
    key,
    nextCount: isCounted ? whole(texts.counter ?? '0', 0, MOST_COUNT, 'bad-counter') : 0,
    drift: isCounted ? 0 : whole(texts.drift ?? '0', -DRIFT_MOST, DRIFT_MOST, 'bad-drift'),
    expiresAt: texts.expires === undefined ? null : momentOf(texts.expires, 'end'),
  };
}

function serialOf(text: string | undefined): string {
  if (text === undefined || text.trim() === '') throw new RowError('no-serial');
  const serial = normaliseSerial(text);
  if (!/^[0-9A-Z]{6,24}$/.test(serial)) throw new RowError('bad-serial');
  return serial;
}

/** A hash by any of its names: `SHA1`, `SHA-256`, `HMAC-SHA512`. */
function hashOf(text: string): FileToken['parameters']['algorithm'] {
  const [, bits] = /^(?:HMAC-?)?SHA-?(1|256|512)$/i.exec(text.trim()) ?? [];
  if (bits === undefined) throw new RowError('other-hash');
  return bits === '1' ? 'SHA-1' : bits === '256' ? 'SHA-256' : 'SHA-512';
}

function oneOf<T extends number>(choices: readonly T[], text: string, reason: RowReason): T {
  const found = choices.find((choice) => String(choice) === text.trim());
  if (found === undefined) throw new RowError(reason);
  return found;
}

function whole(text: string, least: number, most: number, reason: RowReason): number {
  const number = /^-?\d{1,10}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) throw new RowError(reason);
  return number;
}

/** No token lasts so long, and no database has to hold what comes after. */
const LAST_MS = Date.parse('2999-01-01T00:00:00Z');

/** A time, or the edge of a date in Japan. */
export function momentOf(given: string, edge: 'begin' | 'end'): Date {
  const text = given.trim();
  const isTime =
    isIsoDay(text.slice(0, 10)) && /^.{10}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const midnight = edge === 'begin' ? '00' : '24';
  const ms = isIsoDay(text)
    ? Date.parse(`${text}T${midnight}:00:00+09:00`)
    : isTime
      ? Date.parse(text)
      : Number.NaN;
  if (!(ms >= 0 && ms < LAST_MS)) throw new RowError('bad-expiry');
  return new Date(ms);
}

/**
 * Bytes of a base64 text, or of one in hexadecimal digits.
 * @returns undefined where it is none; Node would leave out what does not fit
 */
export function bytesOf(text: string, encoding: 'base64' | 'hex'): Uint8Array<ArrayBuffer> | undefined {
  const packed = text.replace(/\s/g, '');
  const form =
    encoding === 'hex'
      ? /^([0-9A-Fa-f]{2})+$/
      : /^(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/](?:=|[A-Za-z0-9+/]))$/;
  return form.test(packed) ? new Uint8Array(Buffer.from(packed, encoding)) : undefined;
}
