import type { Token } from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { hmac } from '../keys.ts';
import type { Customer } from '../store/customers.ts';
import { idempotencyKey, type Outcome } from '../web/submission.ts';
import { isUnknown } from './challenge.ts';
import type { CodeUse } from './client.ts';
import { CODE_LENGTH_WRONG, CODE_NOT_ACCEPTED } from './code-input.ts';
import { isRenewable } from './refusals.ts';
import { hasEnded, noticeLock } from './state.ts';

/** conflict: the token's state does not allow it; the caller must ask for the state */
export type Presentation =
  | { readonly kind: 'accepted'; readonly token: Token }
  | { readonly kind: 'conflict' }
  | Extract<Outcome, { readonly kind: 'refused' | 'unavailable' }>;

/** What proves a token: a code that the customer typed, or a challenge of their session that the token signed. */
export type Proof =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'signature'; readonly challenge: string };

interface Presented {
  readonly use: CodeUse;
  readonly submission: string;
  readonly code: string;
}

/** The status of the token that each use needs. Another tab may have moved it on while the code was on its way. */
const NEEDS = { activate: 'enrolled', verify: 'active', release: 'active', renew: 'active' } as const;

/** Presents a customer's code to the token service. If the code locks the token, the customer gets a mail. */
export async function presentCode(
  dependencies: BankDependencies,
  institution: Institution,
  customer: Customer,
  { use, submission, code }: Presented,
): Promise<Presentation> {
  if (customer.user_id === null) return { kind: 'unavailable' };
  const key = idempotencyKey(dependencies, submission, use, code);
  const said = await dependencies.serviceFor(institution).present(use, customer.user_id, code, key);
  if (said.kind === 'unreachable') return { kind: 'unavailable' };
  if (said.kind === 'problem') {
    if (said.code === 'state_conflict' || said.code === 'replacement_unconfirmed')
      return { kind: 'conflict' };
    return said.code === 'invalid_request'
      ? { kind: 'refused', errors: [CODE_LENGTH_WRONG] }
      : { kind: 'unavailable' };
  }
  const { accepted, token } = said.value;
  if (accepted) return { kind: 'accepted', token };
  const now = dependencies.clock();
  // A lock must not show: the code that brings it about looks like any wrong one.
  const moved = token.status !== NEEDS[use] && token.status !== 'locked';
  const renewed = use === 'renew' && !isRenewable({ kind: token.status, token }, institution, now);
  if (moved || renewed || hasEnded(token, now)) return { kind: 'conflict' };
  await noticeLock(dependencies, institution, customer, token);
  dependencies.logger.info({ institution: institution.key, customer: customer.id, event: use }, 'wrong code');
  return { kind: 'refused', errors: [CODE_NOT_ACCEPTED] };
}

/**
 * Uses a challenge that a token signed. It is good for one use, whichever window of the session sends it, and however often:
 * a repeat gets the answer of the first.
 */
export async function presentSignature(
  { clock, keys, logger, serviceFor }: BankDependencies,
  institution: Institution,
  customer: Customer,
  challenge: string,
): Promise<Presentation> {
  if (customer.user_id === null) return { kind: 'unavailable' };
  const key = hmac(keys.forms, JSON.stringify(['use challenge', challenge]));
  const said = await serviceFor(institution).useChallenge(customer.user_id, challenge, key);
  const event = { institution: institution.key, customer: customer.id, event: 'signature' };
  if (said.kind === 'unreachable') return { kind: 'unavailable' };
  if (said.kind === 'problem') {
    if (said.code === 'state_conflict' || said.code === 'replacement_unconfirmed')
      return { kind: 'conflict' };
    return isUnknown(said) ? { kind: 'refused', errors: [] } : { kind: 'unavailable' };
  }
  const { accepted, token, challenge: used } = said.value;
  const { origin, factors } = used.signed ?? {};
  logger.info({ ...event, status: used.status, origin, factors, accepted }, 'presented a signed challenge');
  if (accepted) return { kind: 'accepted', token };
  const stopped = token.status === 'locked' || token.status === 'suspended' || hasEnded(token, clock());
  return stopped ? { kind: 'conflict' } : { kind: 'refused', errors: [] };
}
