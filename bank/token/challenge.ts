import type { Challenge, ChallengeUse } from '../../core/api/challenge.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { describeError } from '../../host/describe-error.ts';
import type { BankDependencies } from '../context.ts';
import { hmac } from '../keys.ts';
import { findCustomer } from '../store/customers.ts';
import type { BankContext } from '../web/render.ts';
import { changeProving } from '../web/session.ts';
import type { ProvingSession } from '../web/session-data.ts';
import { detailOf, type ServiceAnswer } from './client.ts';

/** Whose challenge it is: of one session of the bank's, for one of its screens. */
export interface Proving {
  readonly sessionId: string;
  readonly session: ProvingSession;
  readonly userId: string;
  readonly use: ChallengeUse;
}

/**
 * instead: it takes the place of one that nobody signed in time, or that was signed and not used in time ·
 * too-many: others of the token wait, until they expire · conflict: the token cannot sign now ·
 * unavailable: the token service does not answer
 */
export type Standing =
  | { readonly kind: 'challenge'; readonly challenge: Challenge; readonly instead?: 'unsigned' | 'unused' }
  | { readonly kind: 'too-many' | 'conflict' | 'unavailable' };

/** The challenge of a session, or another one where it is over. Windows that ask at once get the same one. */
export async function standingChallenge(
  dependencies: BankDependencies,
  institution: Institution,
  proving: Proving,
): Promise<Standing> {
  const { session, userId, use } = proving;
  const { challenge: kept } = session;
  if (kept?.use !== use) return ask(dependencies, institution, proving);
  const said = await dependencies.serviceFor(institution).findChallenge(userId, kept.id);
  if (said.kind !== 'ok') {
    return isUnknown(said) ? ask(dependencies, institution, proving) : { kind: 'unavailable' };
  }
  const { status, signed } = said.value;
  if (!isOver(said.value)) return { kind: 'challenge', challenge: said.value };
  const standing = await ask(dependencies, institution, proving);
  if (standing.kind !== 'challenge' || status !== 'expired') return standing;
  return { ...standing, instead: signed === undefined ? 'unsigned' : 'unused' };
}

/** Whether another may be asked for in its place. */
const isOver = ({ status }: Challenge) => status === 'expired' || status === 'cancelled';

/** Whether the service will never know more about it. */
export const isUnknown = (said: ServiceAnswer<unknown>): boolean =>
  said.kind === 'problem' && (said.code === 'not_found' || said.code === 'token_unknown');

async function ask(
  dependencies: BankDependencies,
  institution: Institution,
  proving: Proving,
): Promise<Standing> {
  const { sessionId, session, userId, use } = proving;
  const { keys, logger, serviceFor } = dependencies;
  const turn = (session.challenge?.turn ?? 0) + 1;
  const key = hmac(keys.forms, JSON.stringify(['challenge', sessionId, userId, use, turn]));
  const said = await serviceFor(institution).challenge(userId, use, key);
  if (said.kind !== 'ok') {
    const event = { institution: institution.key, customer: session.customerId, event: use };
    logger.warn({ ...event, detail: detailOf(said) }, 'token service made no challenge');
    if (said.kind === 'unreachable') return { kind: 'unavailable' };
    if (said.code === 'rate_limited') return { kind: 'too-many' };
    const conflict = said.code === 'state_conflict' || said.code === 'replacement_unconfirmed';
    return { kind: conflict ? 'conflict' : 'unavailable' };
  }
  const challenge = { id: said.value.id, use, turn };
  await changeProving(dependencies, sessionId, (data) =>
    (data.challenge?.turn ?? 0) < turn ? { ...data, challenge } : data,
  );
  // Its answer was lost the first time, and it was never shown.
  if (isOver(said.value))
    return ask(dependencies, institution, { ...proving, session: { ...session, challenge } });
  return { kind: 'challenge', challenge: said.value };
}

/**
 * Tells the token service that nobody waits for the session's challenge any more; otherwise it waits until it expires. Beside the
 * answer: whoever leaves it does not wait for the token service.
 */
export function leaveChallenge(
  c: BankContext,
  dependencies: Pick<BankDependencies, 'db' | 'keys' | 'serviceFor' | 'logger'>,
): void {
  const { key } = c.get('site').institution;
  cancelChallenge(c, dependencies).catch((error: unknown) => {
    const event = { institution: key, error: describeError(error) };
    dependencies.logger.warn(event, 'could not cancel a challenge that was left; it waits until it expires');
  });
}

async function cancelChallenge(
  c: BankContext,
  { db, keys, serviceFor }: Pick<BankDependencies, 'db' | 'keys' | 'serviceFor'>,
): Promise<void> {
  const { session } = c.get('visitor');
  if (session?.stage !== 'otp' && session?.stage !== 'open') return;
  const { challenge, customerId } = session;
  if (challenge === undefined) return;
  const { user_id: userId } = await findCustomer(db, customerId);
  if (userId === null) return;
  const key = hmac(keys.forms, JSON.stringify(['leave challenge', challenge.id]));
  await serviceFor(c.get('site').institution).cancelChallenge(userId, challenge.id, key);
}
