import { createHmac, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * A table of an audit and the key its chains are made with. The table has at least the columns `id` (bigint), `at` and
 * `institution`. A column that is added later must be null in existing rows, as otherwise their hashes change.
 */
export interface Audit {
  readonly table: string;
  /** HMAC-SHA-256. It derives from a key outside the database, so that nobody can make a chain with the database alone. */
  readonly key: KeyObject;
}

/** The end of a chain. */
export interface Head {
  readonly institution: string;
  /** Number of linked entries, which is also the number of the last one. */
  readonly count: number;
  /** Hash of the last one, in hex. */
  readonly hash: string;
}

/** Where a chain begins once its older entries were dropped. */
export interface Begin {
  readonly institution: string;
  /** Number of the last entry that was dropped. */
  readonly number: number;
  /** Its hash, in hex. */
  readonly hash: string;
  /** Who dropped it, when and why. */
  readonly by: Readonly<Record<string, string>>;
}

/** The list of all chains, and the highest id that the linking has reached. */
export interface Root {
  readonly reached: string;
  readonly chains: readonly string[];
}

/** An entry's columns as texts; null columns are left out. */
export type Columns = Readonly<Record<string, string>>;

/** An entry at its place in the chain of its institution. */
export interface Link {
  readonly institution: string;
  /** From 1, without gaps. */
  readonly number: number;
  /** Hash of the entry before; `''` before the first. */
  readonly previous: string;
  readonly columns: Columns;
}

/** A row does not match its seal: something other than a linking node has changed it. */
export class BrokenAuditError extends Error {
  override name = 'BrokenAuditError';
}

export const linkHash = (audit: Audit, { institution, number, previous, columns }: Link): string =>
  mac(audit, { of: 'link', institution, number, previous, columns });

export const headSeal = (audit: Audit, { institution, count, hash }: Head): string =>
  mac(audit, { of: 'head', institution, count, hash });

export const rootSeal = (audit: Audit, { reached, chains }: Root): string =>
  mac(audit, { of: 'root', reached, chains });

export const beginSeal = (audit: Audit, { institution, number, hash, by }: Begin): string =>
  mac(audit, { of: 'begin', institution, number, hash, by });

/** HMAC over the canonical JSON (RFC 8785) of a value and the table it belongs to, in hex. */
function mac({ table, key }: Audit, value: object): string {
  const text = canonicalize({ ...value, table });
  if (text === undefined) throw new TypeError('the value cannot be written as JSON');
  return createHmac('sha256', key).update(text).digest('hex');
}
