import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One thing that can be read out of a profile's files, and where. */
export interface Content {
  readonly file: string;
  readonly bytes: Buffer;
}

/**
 * Everything there is in the files of a browser's profile: each file as it is and, of the databases of extensions, also what
 * is compressed in them. The browser must have ended.
 */
export function readProfile(profile: string): Content[] {
  const files = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.flatMap(({ parentPath, name }) => {
    const file = join(parentPath, name);
    const bytes = readFileSync(file);
    return [bytes, ...unpacked(file, bytes)].map((content) => ({ file, bytes: content }));
  });
}

/** Whether a file is of an extension's IndexedDB. */
export const isVaultFile = ({ file }: Content): boolean =>
  /\/(chrome-extension_[^/]*\.indexeddb|moz-extension[^/]*\/idb)/.test(file);

/** The forms in which bytes are commonly written. */
function formsOf(secret: Buffer): Buffer[] {
  const texts = [
    secret.toString('hex'),
    secret.toString('hex').toUpperCase(),
    // without the end, which depends on what follows
    ...(['base64', 'base64url'] as const).map((form) => secret.toString(form).replace(/.=*$/, '')),
    base32(secret),
    base32(secret).toLowerCase(),
  ];
  const wide = texts.map((text) => Buffer.from(text, 'utf16le'));
  return [secret, Buffer.from(secret).reverse(), ...texts.map((text) => Buffer.from(text)), ...wide];
}

/** The files in which some bytes are found, in whatever form. */
export function filesWith(contents: readonly Content[], secret: Buffer): string[] {
  const forms = formsOf(secret);
  const found = contents.filter(({ bytes }) => forms.some((form) => bytes.includes(form)));
  return [...new Set(found.map(({ file }) => file))];
}

function unpacked(file: string, bytes: Buffer): Buffer[] {
  if (file.endsWith('.ldb')) return tableBlocks(bytes);
  if (file.endsWith('.log') && file.includes('leveldb')) return [logRecords(bytes)];
  return file.endsWith('.sqlite') && file.includes('/idb/') ? objectData(file) : [];
}

/** What Firefox keeps of objects: structured clones, compressed. */
function objectData(file: string): Buffer[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = db.prepare('SELECT data FROM object_data').all();
    return rows.flatMap(({ data }) => (data instanceof Uint8Array ? [unsnapped(Buffer.from(data))] : []));
  } finally {
    db.close();
  }
}

const BLOCK = 32_768;
const RECORD_HEADER = 7;

/** The records of a LevelDB log, joined where a block's end cuts them (LevelDB doc/log_format.md). */
function logRecords(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + RECORD_HEADER <= bytes.length; ) {
    const left = BLOCK - (at % BLOCK);
    const length = bytes.readUInt16LE(at + 4);
    if (left < RECORD_HEADER || (length === 0 && bytes[at + 6] === 0)) {
      at += left;
      continue;
    }
    parts.push(bytes.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length));
    at += RECORD_HEADER + length;
  }
  return Buffer.concat(parts);
}

const FOOTER = 48;
const SNAPPY = 1;

/** The data blocks of a LevelDB table, uncompressed (LevelDB doc/table_format.md). */
function tableBlocks(bytes: Buffer): Buffer[] {
  const footer = new Reader(bytes.subarray(-FOOTER));
  footer.handle();
  const index = block(bytes, footer.handle());
  return entriesOf(index).map((value) => block(bytes, new Reader(value).handle()));
}

interface Handle {
  readonly offset: number;
  readonly size: number;
}

function block(bytes: Buffer, { offset, size }: Handle): Buffer {
  const kept = bytes.subarray(offset, offset + size);
  return bytes[offset + size] === SNAPPY ? unsnapped(kept) : kept;
}

/** The values in a block, whose end says how many places to start at it has. */
function entriesOf(data: Buffer): Buffer[] {
  const end = data.length - 4 * (data.readUInt32LE(data.length - 4) + 1);
  const reader = new Reader(data.subarray(0, end));
  const values: Buffer[] = [];
  while (!reader.done) {
    reader.number();
    const key = reader.number();
    const value = reader.number();
    reader.bytes(key);
    values.push(reader.bytes(value));
  }
  return values;
}

/** Uncompresses Snappy (google/snappy format_description.txt). */
function unsnapped(compressed: Buffer): Buffer {
  const reader = new Reader(compressed);
  const out = Buffer.alloc(reader.number());
  let at = 0;
  const copy = (length: number, back: number) => {
    for (let left = length; left > 0; left -= 1, at += 1) out[at] = out[at - back] ?? 0;
  };
  while (!reader.done) {
    const tag = reader.little(1);
    const high = tag >> 2;
    if ((tag & 3) === 0) {
      const literal = reader.bytes((high < 60 ? high : reader.little(high - 59)) + 1);
      at += literal.copy(out, at);
    } else if ((tag & 3) === 1) copy((high & 7) + 4, ((tag >> 5) << 8) | reader.little(1));
    else copy(high + 1, reader.little((tag & 3) === 2 ? 2 : 4));
  }
  return out;
}

class Reader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  get done(): boolean {
    return this.#at >= this.#data.length;
  }

  bytes(length: number): Buffer {
    this.#at += length;
    if (this.#at > this.#data.length) throw new RangeError('the file ends too early');
    return this.#data.subarray(this.#at - length, this.#at);
  }

  little(length: number): number {
    return this.bytes(length).readUIntLE(0, length);
  }

  /** Seven bits a byte, the lowest first. */
  number(): number {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = this.little(1);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  handle(): Handle {
    return { offset: this.number(), size: this.number() };
  }
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  // whole letters alone
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)])
    .join('');
}
