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
  seeSession,
  updateSession,
} from '../store/sessions.ts';
import {
  type OpenSession,
  type ProvingSession,
  type SessionData,
  sessionDataSchema,
} from './session-data.ts';

const MINUTE_MS = 60_000;

/** Ended sessions are kept this long, to tell a visitor whose session timed out from a new one. */
const REMEMBER_MS = 24 * 60 * 60_000;

/** timed-out: it was there and has ended; `byStaff` where not for its time, but by an act of staff */
export type Found<Data> =
  | { readonly kind: 'none' }
  | { readonly kind: 'timed-out'; readonly byStaff?: boolean }
  | { readonly kind: 'live'; readonly data: Data };

/** A kind of session; a session of one kind is never accepted as another. */
export interface SessionKind<Data> {
  /** The institution's key for its customers; for others a name that no institution can have. */
  readonly scope: string;
  readonly schema: z.ZodType<Data>;
  /** The customer or the member of staff it belongs to; null for one that is nobody's. */
  readonly holderOf: (data: Data) => string | null;
  /** How long such a session may last. */
  readonly policyOf: (data: Data) => Policy;
}

export const customersOf = (institution: Institution): SessionKind<SessionData> => ({
  scope: institution.key,
  schema: sessionDataSchema,
  holderOf: (data) => (data.stage === 'suspended' ? null : data.customerId),
  policyOf: () => policyOf(institution),
});

type SessionDependencies = Pick<BankDependencies, 'db' | 'clock' | 'randomBytes' | 'keys'>;

/** A session id as the cookie carries it: 256 random bits. */
export function newSessionId({ randomBytes }: Pick<BankDependencies, 'randomBytes'>): string {
  return Buffer.from(randomBytes(32)).toString('base64url');
}

/**
 * Finds a session. A session that was idle for too long, or has reached its longest duration, is ended.
 * @param use whether this counts as use of the session; what a page requests by itself does not
 */
export async function findSession<Data>(
  { db, clock, keys }: SessionDependencies,
  { scope, schema, policyOf }: SessionKind<Data>,
  id: string,
  use: boolean,
): Promise<Found<Data>> {
  const row = await findSessionRow(db, scope, sha256(id));
  if (!row) return { kind: 'none' };
  if (row.ended_at !== null) return { kind: 'timed-out', byStaff: row.ended_by_staff };
  const now = clock();
  const data = await openJson(keys.sealing, row.data, context(row.id_hash), schema);
  const { idleMinutes, sessionHours } = policyOf(data);
  const idle = now - row.last_seen_at.getTime() > idleMinutes * MINUTE_MS;
  if (idle || now - row.created_at.getTime() > sessionHours * 60 * MINUTE_MS) {
    await updateSession(db, row.id_hash, { ended_at: new Date(now) });
    return { kind: 'timed-out' };
  }
  if (use) await noteUse({ db, clock }, { idleMinutes }, id);
  return { kind: 'live', data };
}

/** Begins the idle time of a session anew, unless it is over or the session has ended. */
export function noteUse(
  { db, clock }: Pick<SessionDependencies, 'db' | 'clock'>,
  { idleMinutes }: Pick<Policy, 'idleMinutes'>,
  id: string,
): Promise<void> {
  const now = clock();
  return seeSession(db, sha256(id), { now: new Date(now), since: new Date(now - idleMinutes * MINUTE_MS) });
}

/**
 * Starts a session under a new id and ends the one before it: no id survives a change of privilege.
 * @returns the new id
 */
export const startSession = <Data>(
  dependencies: SessionDependencies,
  kind: SessionKind<Data>,
  previousId: string,
  data: Data,
): Promise<string> =>
  dependencies.db.transaction().execute((trx) => startSessionIn(trx, dependencies, kind, previousId, data));

/** As {@link startSession}, in a transaction of the caller's. */
export async function startSessionIn<Data>(
  trx: Handle,
  { clock, randomBytes, keys }: SessionDependencies,
  { scope, holderOf }: SessionKind<Data>,
  previousId: string,
  data: Data,
): Promise<string> {
  const id = newSessionId({ randomBytes });
  const id_hash = sha256(id);
  const sealed = await sealJson(keys.sealing, data, context(id_hash), randomBytes);
  const session = { id_hash, institution: scope, customer_id: holderOf(data), data: sealed };
  await endSession(trx, previousId);
  await insertSession(trx, session, new Date(clock()));
  return id;
}

/**
 * Reduces what a session may do, under the same id: a form that its pages send again is still recognised.
 * Does nothing if the session has ended.
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
 * Changes the data of an open session, with a lock on it.
 * @param change returns the new data and a result for the caller; it may write in the same transaction
 * @returns undefined if the session is no longer open
 */
export const changeSession = <Result>(
  dependencies: SessionDependencies,
  id: string,
  change: Change<OpenSession, Result>,
): Promise<Result | undefined> =>
  changeWhere(dependencies, id, (data): data is OpenSession => data.stage === 'open', change);

/** Changes how a session proves the token, as {@link changeSession} does. */
export const changeProving = (
  dependencies: SessionDependencies,
  id: string,
  change: (data: ProvingSession) => ProvingSession,
): Promise<unknown> =>
  changeWhere(
    dependencies,
    id,
    (data): data is ProvingSession => data.stage === 'otp' || data.stage === 'open',
    async (data) => ({ data: change(data), result: undefined }),
  );

type Change<Data, Result> = (
  data: Data,
  trx: Handle,
) => Promise<{ readonly data: Data; readonly result: Result }>;

function changeWhere<Data extends SessionData, Result>(
  { db, randomBytes, keys }: SessionDependencies,
  id: string,
  may: (data: SessionData) => data is Data,
  change: Change<Data, Result>,
): Promise<Result | undefined> {
  const id_hash = sha256(id);
  return db.transaction().execute(async (trx) => {
    const kept = await lockSessionData(trx, id_hash);
    if (kept === undefined) return undefined;
    const before = await openJson(keys.sealing, kept, context(id_hash), sessionDataSchema);
    if (!may(before)) return undefined;
    const { data, result } = await change(before, trx);
    const sealed = await sealJson(keys.sealing, data, context(id_hash), randomBytes);
    await updateSession(trx, id_hash, { data: sealed });
    return result;
  });
}

/** Deletes sessions that ended long ago. */
export async function forgetOldSessions(db: Database, now: number, sweeping?: Sweeping): Promise<void> {
  await forgetSessions(db, new Date(now - REMEMBER_MS), sweeping);
}

/** The newest session, as a sample of what is sealed under the bank's key. */
export async function newestSealedSession(db: Database): Promise<SealedValue | undefined> {
  const row = await newestSession(db);
  return row && { sealed: row.data, context: context(row.id_hash) };
}

function context(idHash: string): string {
  return `session ${idHash}`;
}
