import type { Institution } from '../../core/institution/directory.ts';
import { findCustomer } from '../store/customers.ts';
import type { RefusalReason } from '../store/schema.ts';
import type { ServiceAnswer, VerifiedConfirmation } from '../token/client.ts';
import { knownToken, noticeLock } from '../token/state.ts';
import type { RequestDependencies } from './kind.ts';

/** What the token service's answer to a verification means for the request. */
export type Verdict = 'accepted' | 'code-refused' | 'pending' | 'unreachable' | RefusalReason;

/** The owner and token of a presented confirmation. */
interface Presented {
  readonly customerId: string;
  readonly userId: string;
}

export async function verdictOf(
  dependencies: RequestDependencies,
  institution: Institution,
  presented: Presented,
  said: ServiceAnswer<VerifiedConfirmation>,
): Promise<Verdict> {
  if (said.kind === 'unreachable') return 'unreachable';
  if (said.kind === 'problem') return problemVerdict(said.code);
  const { accepted, confirmation } = said.value;
  if (accepted) return 'accepted';
  const { status, mode } = confirmation;
  if (status !== 'confirmed' && mode === 'approve') return reasonOf(status);
  // A wrong code may have locked the token, and a stopped token refuses even the right code.
  const token = await tokenAfterRefusal(dependencies, institution, presented);
  if (token === undefined) return 'unreachable';
  if (status !== 'confirmed') return reasonOf(status);
  if (token.kind !== 'active') return 'token';
  return mode === 'code' ? 'code-refused' : 'mismatch';
}

function problemVerdict(code: Extract<ServiceAnswer<unknown>, { kind: 'problem' }>['code']): Verdict {
  switch (code) {
    case 'state_conflict':
    case 'token_unknown':
    case 'not_found':
      return 'token';
    case 'invalid_request':
      return 'mismatch';
    default:
      return 'pending';
  }
}

type NotConfirmed = Exclude<VerifiedConfirmation['confirmation']['status'], 'confirmed'>;

function reasonOf(status: NotConfirmed): RefusalReason {
  return status === 'waiting' || status === 'spent' ? 'mismatch' : status;
}

/** A14: whoever learns of a lock first tells the customer. */
async function tokenAfterRefusal(
  dependencies: RequestDependencies,
  institution: Institution,
  { customerId, userId }: Presented,
) {
  const state = await knownToken(dependencies, institution, userId);
  if (state === undefined) return undefined;
  const customer = await findCustomer(dependencies.db, customerId);
  await noticeLock(dependencies, institution, customer, state.token);
  return state;
}
