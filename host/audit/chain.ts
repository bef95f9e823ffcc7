import { createHmac, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * A table of an audit and the key its chains are made with. The table has at least the columns `id` (bigint), `at` and
 * `institution`; a column that is added to it later must be null in the rows there are, or their hashes no longer hold.
 */
export interface Audit {
  readonly table: string;
  /** HMAC-SHA-256; derived from a key that is not in the database, so that the database alone makes no chain. */
  readonly key: KeyObject;
}

/** Where a chain ends. */
export interface Head {
  readonly institution: string;
  /** How many entries are linked: the number of the last one. */
  readonly count: number;
  /** Hash of the last one, in hex. */
  readonly hash: string;
}

/** Which chains there are, and up to which id entries were looked at. */
export interface Root {
  readonly reached: string;
  readonly chains: readonly string[];
}

/** An entry's columns as texts, without those that are null. */
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

/** What is in the tables does not fit its seal: it was changed by something else than a linking node. */
export class BrokenAuditError extends Error {
  override name = 'BrokenAuditError';
}

export const linkHash = (audit: Audit, { institution, number, previous, columns }: Link): string =>
  mac(audit, { of: 'link', institution, number, previous, columns });

export const headSeal = (audit: Audit, { institution, count, hash }: Head): string =>
  mac(audit, { of: 'head', institution, count, hash });

export const rootSeal = (audit: Audit, { reached, chains }: Root): string =>
  mac(audit, { of: 'root', reached, chains });

/** HMAC over the canonical JSON (RFC 8785) of a value and the table it belongs to, in hex. */
function mac({ table, key }: Audit, value: object): string {
  const text = canonicalize({ ...value, table });
  if (text === undefined) throw new TypeError('no JSON');
  return createHmac('sha256', key).update(text).digest('hex');
}
