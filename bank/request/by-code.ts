import type { Token } from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { hmac } from '../keys.ts';
import { findCustomer } from '../store/customers.ts';
import type { RequestRow } from '../store/requests.ts';
import { PRESENT_MS, REPEAT_MS } from '../token/client.ts';
import { hasEnded, noticeLock } from '../token/state.ts';
import type { RequestDependencies, RequestKind } from './kind.ts';
import { openCode } from './sealed-code.ts';

/**
 * The token service's answer to the code of a claimed request.
 * not-asked: it was called too often and did not check the code · length: the code has another length than the token's ·
 * token: in its state the token accepts no code · pending, unreachable: as in an execution
 */
export type CodeVerdict =
  | 'accepted'
  | 'not-accepted'
  | 'length'
  | 'token'
  | 'not-asked'
  | 'pending'
  | 'unreachable';

/**
 * Presents the code of a request whose token shows no details; there is nothing else to confirm it. Anybody who finds the
 * request executing; the idempotency key is that of the claim, so that the code is judged once. Once it is no longer good, it is only
 * asked what came of it.
 */
export async function presentByCode(
  dependencies: RequestDependencies,
  institution: Institution,
  kind: RequestKind,
  row: RequestRow,
): Promise<CodeVerdict> {
  const { clock, keys, logger, serviceFor } = dependencies;
  const { id, user_id: userId, claimed_at: claimedAt, customer_id: customer } = row;
  const code = await openCode(dependencies, kind, row);
  if (userId === null || claimedAt === null || code === undefined)
    throw new Error(`${kind.type} without a code is in state executing`);
  const age = clock() - claimedAt.getTime();
  // The key is forgotten.
  if (age > REPEAT_MS) return 'not-accepted';
  const key = hmac(keys.forms, JSON.stringify([kind.type, id, claimedAt.getTime()]));
  const service = serviceFor(institution);
  const said = await (age < PRESENT_MS ? service.present('verify', userId, code, key) : service.outcome(key));
  if (said.kind === 'unreachable') return 'unreachable';
  if (said.kind === 'problem') return problemVerdict(said);
  const { accepted, token } = said.value;
  logger.info(
    { institution: institution.key, customer, event: kind.type, accepted },
    'presented the code of a request',
  );
  return accepted ? 'accepted' : refusalOf(dependencies, institution, customer, token);
}

function problemVerdict({
  code,
  repeated,
}: {
  readonly code: string;
  readonly repeated?: true;
}): CodeVerdict {
  switch (code) {
    case 'state_conflict':
    case 'token_unknown':
    case 'not_found':
      return 'token';
    case 'invalid_request':
      return 'length';
    case 'rate_limited':
      return repeated ? 'pending' : 'not-asked';
    default:
      return 'pending';
  }
}

async function refusalOf(
  dependencies: RequestDependencies,
  institution: Institution,
  customerId: string,
  token: Token | undefined,
): Promise<CodeVerdict> {
  if (token === undefined) return 'not-accepted';
  if (token.status === 'suspended' || hasEnded(token, dependencies.clock())) return 'token';
  await noticeLock(dependencies, institution, await findCustomer(dependencies.db, customerId), token);
  return 'not-accepted';
}
