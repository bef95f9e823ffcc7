import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { policyOf } from '../../core/institution/policy.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import type { Handle } from '../store/database.ts';
import { deleteSessionsOf } from '../store/sessions.ts';
import { type Clerk, findClerk } from '../store/staff.ts';
import { isFollowing } from '../web/following.ts';
import {
  endSession,
  findSession,
  newSessionId,
  type SessionKind,
  startSession,
  startSessionIn,
} from '../web/session.ts';
import { sendSessionId, sentSessionId } from '../web/session-cookie.ts';
import type { SignedIn, StaffContext, StaffEnv } from './context.ts';

/** No institution has a key like this: no customer's session is found as staff's, nor the other way round. */
const SCOPE = 'staff console';

/** Sealed in the sessions table. */
const staffSessionSchema = z.object({
  /** second-step: the password was right, and a passkey is asked for. */
  stage: z.enum(['staff', 'second-step']),
  clerkId: z.string(),
  institution: z.string(),
});

type StaffSession = z.infer<typeof staffSessionSchema>;

/** No customer has an id like this. */
const holder = (clerkId: string) => `${SCOPE} ${clerkId}`;

const institutionOf = ({ directory }: Pick<BankDependencies, 'directory'>, key: string) =>
  directory.institutions.find((institution) => institution.key === key);

const kindOf = (dependencies: Pick<BankDependencies, 'directory'>): SessionKind<StaffSession> => ({
  scope: SCOPE,
  schema: staffSessionSchema,
  holderOf: ({ clerkId }) => holder(clerkId),
  policyOf: ({ institution }) => policyOf(institutionOf(dependencies, institution)),
});

/** Recognises the browser by its cookie, and the clerk behind it. A first visit gets a cookie. */
export function recogniseStaff(dependencies: BankDependencies): MiddlewareHandler<StaffEnv> {
  const kind = kindOf(dependencies);
  return async (c, next) => {
    const id = sentSessionId(c, cookieName(c));
    if (id === undefined) {
      giveSession(c, newSessionId(dependencies));
      return next();
    }
    // Should the sessions be out of reach, the page that says so is shown to somebody not signed in.
    c.set('visitor', { id, signedIn: undefined, timedOut: false });
    const found = await findSession(dependencies, kind, id, !isFollowing(c.req.path));
    const who = found.kind === 'live' ? await whoIs(dependencies, found.data) : undefined;
    const isAllTheWay = found.kind === 'live' && found.data.stage === 'staff';
    c.set('visitor', {
      id,
      signedIn: isAllTheWay ? who : undefined,
      secondStep: isAllTheWay ? undefined : who,
      timedOut: found.kind === 'timed-out',
    });
    await next();
  };
}

/** @returns undefined for one who has left, or whose institution has */
async function whoIs(
  dependencies: BankDependencies,
  { clerkId, institution: key }: StaffSession,
): Promise<SignedIn | undefined> {
  const clerk = await findClerk(dependencies.db, clerkId);
  const institution = institutionOf(dependencies, key);
  return clerk && institution && clerk.institution === institution.key ? { clerk, institution } : undefined;
}

/** Signs a clerk in under a new session id, all the way or as far as the second step. */
export async function startStaffSession(
  c: StaffContext,
  dependencies: BankDependencies,
  { id: clerkId, institution }: Clerk,
  stage: StaffSession['stage'] = 'staff',
): Promise<void> {
  const data: StaffSession = { stage, clerkId, institution };
  giveSession(c, await startSession(dependencies, kindOf(dependencies), c.get('visitor').id, data));
}

/**
 * Signs a clerk in who has used a passkey. Whoever removes the passkey meanwhile waits for the session, and ends it, or has
 * removed it before and nothing is started.
 * @param isUsed notes the use
 * @returns false if the use was not good, and nothing was started
 */
export async function startByPasskey(
  c: StaffContext,
  dependencies: BankDependencies,
  { id: clerkId, institution }: Clerk,
  isUsed: (trx: Handle) => Promise<boolean>,
): Promise<boolean> {
  const kind = kindOf(dependencies);
  const data: StaffSession = { stage: 'staff', clerkId, institution };
  const id = await dependencies.db
    .transaction()
    .execute(async (trx) =>
      (await isUsed(trx)) ? startSessionIn(trx, dependencies, kind, c.get('visitor').id, data) : undefined,
    );
  if (id !== undefined) giveSession(c, id);
  return id !== undefined;
}

export async function endStaffSession(c: StaffContext, dependencies: BankDependencies): Promise<void> {
  await endSession(dependencies.db, c.get('visitor').id);
  giveSession(c, newSessionId(dependencies));
}

/**
 * Ends the sessions of a member of staff whose passkeys change, as they may be of a lost device, or opened by the password alone.
 * @param kept id of the session that stays
 */
export const endSessionsOfClerk = (trx: Handle, clerkId: string, kept?: string): Promise<void> =>
  deleteSessionsOf(trx, holder(clerkId), kept && sha256(kept));

/** Leaves the session that timed out behind. */
export function forgetTimeout(c: StaffContext, dependencies: BankDependencies): void {
  if (c.get('visitor').timedOut) giveSession(c, newSessionId(dependencies));
}

function giveSession(c: StaffContext, id: string): void {
  sendSessionId(c, cookieName(c), id, isSecure(c));
  c.set('visitor', { id, signedIn: undefined, timedOut: false });
}

const isSecure = (c: StaffContext) => c.get('site').origin.startsWith('https:');

/** As the bank's, under a name of its own. */
const cookieName = (c: StaffContext) => (isSecure(c) ? '__Host-staff' : 'staff');
