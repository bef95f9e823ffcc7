import type { Context } from 'hono';
import type { ProblemCode } from '../core/errors.ts';
import { sha256 } from '../host/compare.ts';
import type { ServiceEnv } from './context.ts';
import { ProblemError } from './problem.ts';
import { type Database, isUniqueViolation } from './store/database.ts';
import { findRemembered, type IdempotentWrite, type Remembered } from './store/tokens.ts';

/** A bank's write: who asks, when, and the key and hash by which a repeat is recognised. */
export async function idempotentWrite(c: Context<ServiceEnv>, now: number): Promise<IdempotentWrite> {
  return {
    institution: c.get('institution'),
    requestId: c.get('requestId'),
    at: new Date(now),
    idempotencyKey: c.req.header('Idempotency-Key') ?? '',
    requestHash: sha256(`${c.req.method} ${c.req.path} ${await c.req.text()}`),
  };
}

/** Codes of the problems that a repeat runs into when the first request has changed the status. */
const MAY_BE_REPEATS: readonly ProblemCode[] = ['state_conflict', 'replacement_unconfirmed'];

/**
 * Acts at most once for an idempotency key. The statement that acts also writes the key, so a repeat breaks the unique
 * constraint or finds the status changed; it then gets the first outcome again.
 */
export async function once(
  db: Database,
  write: IdempotentWrite,
  act: () => Promise<boolean>,
): Promise<boolean> {
  try {
    return await act();
  } catch (error) {
    const mayBeRepeat =
      isUniqueViolation(error, 'idempotency_key') ||
      (error instanceof ProblemError && MAY_BE_REPEATS.includes(error.code));
    const earlier = mayBeRepeat ? await remembered(db, write) : undefined;
    if (earlier === undefined) throw error;
    return earlier.accepted;
  }
}

/**
 * What an earlier request with the same key came to.
 * @throws ProblemError idempotency_conflict if the earlier request was a different one
 */
export async function remembered(db: Database, write: IdempotentWrite): Promise<Remembered | undefined> {
  const earlier = await findRemembered(db, write.institution, write.idempotencyKey);
  if (earlier && !Buffer.from(earlier.requestHash).equals(write.requestHash)) {
    throw new ProblemError('idempotency_conflict');
  }
  return earlier;
}
