import { AUDIT_PAGE } from '../../core/api/audit.ts';
import type { StaffAct, StaffToken } from '../../core/api/staff.ts';
import type { BankDependencies } from '../context.ts';
import { detailOf, type ServiceAnswer } from '../token/client.ts';
import { ACTS } from './acts.ts';
import { approvalOf } from './numbers.ts';
import type { WrittenAct } from './written.ts';

/**
 * conflict: the token's status does not allow it, nothing was changed · busy: too many were asked, nothing was changed ·
 * unanswered: the outcome is not known; a repeat with the same key finds it out
 */
export type OnToken =
  /** at: when it was done, in Unix milliseconds, where that was found out later */
  | { readonly kind: 'done'; readonly token: StaffToken; readonly at?: number }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'unanswered' };

type Dependencies = Pick<BankDependencies, 'staff' | 'logger'>;

const whoOf = ({ staffId, reason, proposal }: WrittenAct): StaffAct => ({
  actor: staffId,
  reason,
  ...(proposal && { approval: approvalOf(proposal) }),
});

/** The token service decides whether the act fits, and does it, in one statement. @param key the idempotency key */
export async function actOnToken(
  dependencies: Dependencies,
  written: WrittenAct,
  key: string,
): Promise<OnToken> {
  const { institution, act, userId } = written;
  const { onToken } = ACTS[act];
  if (userId === null || onToken === undefined) return { kind: 'conflict' };
  const service = dependencies.staff.serviceFor(institution);
  return readAnswer(dependencies, written, await service.act(onToken, userId, whoOf(written), key));
}

/** The same for a device that fills. */
export async function removeDevice(
  dependencies: Dependencies,
  written: WrittenAct,
  device: string,
  key: string,
): Promise<OnToken> {
  const { institution, userId } = written;
  if (userId === null) return { kind: 'conflict' };
  const service = dependencies.staff.serviceFor(institution);
  return readAnswer(dependencies, written, await service.removeDevice(userId, device, whoOf(written), key));
}

/** What came of an approved act whose key the token service may have forgotten: its audit names the approval of what was done. */
export async function findOnToken(dependencies: Dependencies, written: WrittenAct): Promise<OnToken> {
  const { institution, act, userId, proposal } = written;
  const { onToken } = ACTS[act];
  if (userId === null || onToken === undefined || proposal === undefined) return { kind: 'conflict' };
  const service = dependencies.staff.serviceFor(institution);
  const asked = { userIds: [userId], event: onToken, outcome: 'done', limit: AUDIT_PAGE.most };
  const audited = await service.audit(asked);
  if (audited.kind !== 'ok') return readAnswer(dependencies, written, audited);
  const entry = audited.value.entries.find(({ approval }) => approval === approvalOf(proposal));
  if (entry === undefined) return { kind: 'conflict' };
  const answer = readAnswer(dependencies, written, await service.show(userId));
  return answer.kind === 'done' ? { ...answer, at: Date.parse(entry.at) } : answer;
}

function readAnswer(
  { logger }: Dependencies,
  { institution, act }: WrittenAct,
  answer: ServiceAnswer<StaffToken>,
): OnToken {
  if (answer.kind === 'ok') return { kind: 'done', token: answer.value };
  const detail = detailOf(answer);
  if (detail === 'state_conflict') return { kind: 'conflict' };
  const isRepeat = answer.kind === 'problem' && answer.repeated;
  if (detail === 'rate_limited' && !isRepeat) {
    logger.warn({ institution: institution.key, act }, 'the token service has been asked too often by staff');
    return { kind: 'busy' };
  }
  logger.error({ institution: institution.key, act, detail }, 'the token service did not answer staff');
  return { kind: 'unanswered' };
}
