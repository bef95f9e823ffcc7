import type { z } from 'zod';
import type { Institution } from '../../core/institution/directory.ts';
import { type Policy, policyOf } from '../../core/institution/policy.ts';
import type { SealedValue } from '../../host/key-check.ts';
import type { Sweeping } from '../../host/sweep.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import type { Database, Handle } from '../store/database.ts';
import { openJson, sealJson } from '../store/sealed-json.ts';
import {
  deleteSession,
  findSessionRow,
  forgetSessions,
  insertSession,
  lockSessionData,
  newestSession,
  updateSession,
} from '../store/sessions.ts';
import { type OpenSession, type SessionData, sessionDataSchema } from './session-data.ts';

const MINUTE_MS = 60_000;

/** Ended sessions are remembered this long, to tell a timeout from a stranger. */
const REMEMBER_MS = 24 * 60 * 60_000;

export type Found<Data> =
  | { readonly kind: 'none' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'live'; readonly data: Data };

/** Sessions of one kind: none is taken for one of another. */
export interface SessionKind<Data> {
  /** An institution's key, for its customers; else a name that no institution can have. */
  readonly scope: string;
  readonly schema: z.ZodType<Data>;
  /** Whose such a session is; nobody's where it is not said. */
  readonly customerOf?: (data: Data) => string | null;
  /** How long such a session may last. */
  readonly policyOf: (data: Data) => Policy;
}

export const customersOf = (institution: Institution): SessionKind<SessionData> => ({
  scope: institution.key,
  schema: sessionDataSchema,
  customerOf: (data) => (data.stage === 'suspended' ? null : data.customerId),
  policyOf: () => policyOf(institution),
});

type SessionDependencies = Pick<BankDependencies, 'db' | 'clock' | 'randomBytes' | 'keys'>;

/** A session id as the cookie carries it: 256 random bits. */
export function newSessionId({ randomBytes }: Pick<BankDependencies, 'randomBytes'>): string {
  return Buffer.from(randomBytes(32)).toString('base64url');
}

/**
 * Finds a session: open, unless nobody did anything at it for long, or it has lasted as long as one may.
 * @param use whether it counts as used by this, where it is live: what a page does by itself is no use
 */
export async function findSession<Data>(
  { db, clock, keys }: SessionDependencies,
  { scope, schema, policyOf }: SessionKind<Data>,
  id: string,
  use: boolean,
): Promise<Found<Data>> {
  const row = await findSessionRow(db, scope, sha256(id));
  if (!row) return { kind: 'none' };
  if (row.ended_at !== null) return { kind: 'timed-out' };
  const now = clock();
  const data = await openJson(keys.sealing, row.data, context(row.id_hash), schema);
  const { idleMinutes, sessionHours } = policyOf(data);
  const idle = now - row.last_seen_at.getTime() > idleMinutes * MINUTE_MS;
  if (idle || now - row.created_at.getTime() > sessionHours * 60 * MINUTE_MS) {
    await updateSession(db, row.id_hash, { ended_at: new Date(now) });
    return { kind: 'timed-out' };
  }
  if (use) await updateSession(db, row.id_hash, { last_seen_at: new Date(now) });
  return { kind: 'live', data };
}

/**
 * Starts a session under a new id and ends the one it comes from: an id never survives a change of privilege.
 * @returns the new id
 */
export async function startSession<Data>(
  { db, clock, randomBytes, keys }: SessionDependencies,
  { scope, customerOf }: SessionKind<Data>,
  previousId: string,
  data: Data,
): Promise<string> {
  const id = newSessionId({ randomBytes });
  const id_hash = sha256(id);
  const now = new Date(clock());
  const sealed = await sealJson(keys.sealing, data, context(id_hash), randomBytes);
  await db.transaction().execute(async (trx) => {
    await endSession(trx, previousId);
    const customer_id = customerOf?.(data) ?? null;
    await insertSession(trx, { id_hash, institution: scope, customer_id, data: sealed }, now);
  });
  return id;
}

/**
 * Turns a session into one that may do less, under the same id: what its pages send again is known to come from it.
 * Nothing happens where it has ended.
 */
export async function lowerSession(
  { db, randomBytes, keys }: SessionDependencies,
  id: string,
  data: SessionData,
): Promise<void> {
  const id_hash = sha256(id);
  await updateSession(db, id_hash, {
    data: await sealJson(keys.sealing, data, context(id_hash), randomBytes),
  });
}

/** Leaves nothing of a session. */
export async function endSession(db: Handle, id: string): Promise<void> {
  await deleteSession(db, sha256(id));
}

/**
 * Changes what an open session holds, alone: nobody else changes it meanwhile.
 * @param change gives the new data and whatever the caller wants to know; it may write in the same transaction
 * @returns undefined where the session is no longer open
 */
export function changeSession<Result>(
  { db, randomBytes, keys }: SessionDependencies,
  id: string,
  change: (
    data: OpenSession,
    trx: Handle,
  ) => Promise<{ readonly data: OpenSession; readonly result: Result }>,
): Promise<Result | undefined> {
  const id_hash = sha256(id);
  return db.transaction().execute(async (trx) => {
    const kept = await lockSessionData(trx, id_hash);
    if (kept === undefined) return undefined;
    const before = await openJson(keys.sealing, kept, context(id_hash), sessionDataSchema);
    if (before.stage !== 'open') return undefined;
    const { data, result } = await change(before, trx);
    const sealed = await sealJson(keys.sealing, data, context(id_hash), randomBytes);
    await updateSession(trx, id_hash, { data: sealed });
    return result;
  });
}

/** Forgets those that nobody can come back to. */
export async function forgetOldSessions(db: Database, now: number, sweeping?: Sweeping): Promise<void> {
  await forgetSessions(db, new Date(now - REMEMBER_MS), sweeping);
}

/** The newest session, as something that is sealed under the bank's key. */
export async function newestSealedSession(db: Database): Promise<SealedValue | undefined> {
  const row = await newestSession(db);
  return row && { sealed: row.data, context: context(row.id_hash) };
}

function context(idHash: string): string {
  return `session ${idHash}`;
}
