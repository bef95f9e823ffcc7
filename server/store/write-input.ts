import { sql } from 'kysely';
import type { IdempotentWrite, Write } from './tokens.ts';

/** Columns of {@link writeInput} in a record set. */
export const WRITE_COLUMNS = sql`at timestamptz, institution text, request_id text, key text, request_hash text`;

/** A write as a row of a record set, for statements that take several. */
export function writeInput(write: Write | IdempotentWrite) {
  const { at, institution, requestId } = write;
  const asked = { at, institution, request_id: requestId };
  if (!('idempotencyKey' in write)) return asked;
  const { idempotencyKey: key, requestHash } = write;
  return { ...asked, key, request_hash: Buffer.from(requestHash).toString('hex') };
}

/** The order in which every statement locks its tokens, on all nodes, so that no two wait for each other. */
export const byToken = (a: { token_id: string }, b: { token_id: string }) =>
  a.token_id < b.token_id ? -1 : 1;

/** The same for what locks: a plan may come to the rows in another order than the input's, as in a small table. */
export const inTokenOrder = (tokenId: string) => sql`order by ${sql.ref(tokenId)} collate "C"`;
