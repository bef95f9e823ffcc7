import type { StaffToken } from '../../core/api/staff.ts';
import type { BankDependencies } from '../context.ts';
import { detailOf } from '../token/client.ts';
import { ACTS } from './acts.ts';
import { approvalOf } from './numbers.ts';
import type { WrittenAct } from './written.ts';

/**
 * conflict: the token's status does not allow it, nothing was changed · busy: too many were asked, nothing was changed ·
 * unanswered: the outcome is not known; a repeat with the same key finds it out
 */
type OnToken =
  | { readonly kind: 'done'; readonly token: StaffToken }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'unanswered' };

/** The token service decides whether the act fits, and does it, in one statement. @param key the idempotency key */
export async function actOnToken(
  { staff, logger }: Pick<BankDependencies, 'staff' | 'logger'>,
  { institution, staffId, act, reason, userId, proposal }: WrittenAct,
  key: string,
): Promise<OnToken> {
  const { onToken } = ACTS[act];
  if (userId === null || onToken === undefined) return { kind: 'conflict' };
  const who = { actor: staffId, reason, ...(proposal && { approval: approvalOf(proposal) }) };
  const answer = await staff.serviceFor(institution).act(onToken, userId, who, key);
  if (answer.kind === 'ok') return { kind: 'done', token: answer.value };
  const detail = detailOf(answer);
  if (detail === 'state_conflict') return { kind: 'conflict' };
  if (detail === 'rate_limited') {
    logger.warn({ institution: institution.key, act }, 'the token service has been asked too often by staff');
    return { kind: 'busy' };
  }
  logger.error({ institution: institution.key, act, detail }, 'the token service did not answer staff');
  return { kind: 'unanswered' };
}
