import { hmacOf, type OtpKey } from '../otp/key.ts';

/** What an OCRA suite puts into the code (RFC 6287 §6). */
interface Suite {
  readonly hash: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: number;
  readonly counter: boolean;
  readonly question: 'A' | 'N' | 'H';
  /** Length of the PIN's hash in bytes; 0 without one. */
  readonly pinBytes: number;
  /** Length of the session information in bytes; 0 without it. */
  readonly sessionBytes: number;
  /** Length of a time step in milliseconds; 0 without time. */
  readonly stepMs: number;
}

/** The values for a suite. A missing value is an error; a value that the suite does not use is ignored. */
export interface OcraInput {
  readonly counter?: number;
  /** The challenge: any text (QA), decimal digits (QN) or hexadecimal digits (QH). */
  readonly question: string;
  readonly pinHash?: Bytes;
  readonly session?: Bytes;
  /** Unix time in milliseconds. */
  readonly timeMs?: number;
}

type Bytes = Uint8Array<ArrayBuffer>;

const QUESTION_BYTES = 128;
const HASH_BYTES = { '1': 20, '256': 32, '512': 64 } as const;
const TIME_UNITS_MS = { S: 1000, M: 60_000, H: 3_600_000 } as const;

const SUITE =
  /^OCRA-1:HOTP-(SHA1|SHA256|SHA512)-(4|5|6|7|8|9|10):(C-)?Q([ANH])(\d\d)(?:-PSHA(1|256|512))?(?:-S(\d{3}))?(?:-T(\d{1,2})([SMH]))?$/;

/**
 * An OCRA response (RFC 6287 §5): HMAC over the suite and its values, truncated as HOTP is.
 * @param key for the suite's hash
 * @param suite such as `OCRA-1:HOTP-SHA256-8:QH64`
 * @returns exactly as many decimal digits as the suite says
 * @throws RangeError if the suite is malformed, a value is missing or does not fit, or the key is too short
 */
export async function ocra(key: OtpKey, suite: string, input: OcraInput): Promise<string> {
  const wanted = parseSuite(suite);
  const mac = await hmacOf(key, dataInput(suite, wanted, input));
  return truncate(mac, wanted.digits);
}

function parseSuite(suite: string): Suite {
  const match = SUITE.exec(suite);
  if (match === null) throw new RangeError(`not an OCRA suite: ${suite}`);
  const [, hash, digits, counter, question, , pin, session, steps, unit] = match;
  return {
    hash: hash as Suite['hash'],
    digits: Number(digits),
    counter: counter !== undefined,
    question: question as Suite['question'],
    pinBytes: pin === undefined ? 0 : HASH_BYTES[pin as keyof typeof HASH_BYTES],
    sessionBytes: Number(session ?? 0),
    stepMs: unit === undefined ? 0 : Number(steps) * TIME_UNITS_MS[unit as keyof typeof TIME_UNITS_MS],
  };
}

/** The values in their order, after the suite's name and a zero byte (RFC 6287 §5.1). */
function dataInput(name: string, suite: Suite, input: OcraInput): Bytes {
  const parts = [new TextEncoder().encode(name), new Uint8Array(1)];
  if (suite.counter) parts.push(bigEndian(needed(input.counter, 'counter')));
  parts.push(questionBytes(suite.question, input.question));
  if (suite.pinBytes > 0) parts.push(sized(needed(input.pinHash, 'PIN'), suite.pinBytes));
  if (suite.sessionBytes > 0) parts.push(sized(needed(input.session, 'session'), suite.sessionBytes));
  if (suite.stepMs > 0) parts.push(bigEndian(Math.floor(needed(input.timeMs, 'time') / suite.stepMs)));
  return joined(parts);
}

/** The challenge, padded with zeros on the right. Decimal digits are turned into hexadecimal ones first. */
function questionBytes(format: Suite['question'], question: string): Bytes {
  const filled = new Uint8Array(QUESTION_BYTES);
  filled.set(format === 'A' ? new TextEncoder().encode(question) : nibbles(hexOf(format, question)));
  return filled;
}

function hexOf(format: 'N' | 'H', question: string): string {
  if (!(format === 'N' ? /^\d+$/ : /^[\dA-Fa-f]+$/).test(question)) {
    throw new RangeError('the question is not of the kind its suite names');
  }
  return format === 'N' ? BigInt(question).toString(16) : question;
}

function nibbles(hex: string): Bytes {
  const even = hex.padEnd(hex.length + (hex.length % 2), '0');
  return Uint8Array.from(even.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function sized(bytes: Bytes, length: number): Bytes {
  if (bytes.length !== length) throw new RangeError(`a value must have ${length} bytes`);
  return bytes;
}

function needed<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`the suite asks for a ${name}`);
  return value;
}

function bigEndian(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function joined(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Dynamic truncation (RFC 4226 §5.3). */
function truncate(mac: Uint8Array, digits: number): string {
  const view = new DataView(mac.buffer, mac.byteOffset, mac.length);
  const offset = view.getUint8(mac.length - 1) & 0x0f;
  const value = view.getUint32(offset) & 0x7fff_ffff;
  return String(value % 10 ** digits).padStart(digits, '0');
}
