import { familyOf } from '../../core/family/families.ts';
import type { BankDependencies } from '../context.ts';
import { daysOn, japaneseDate, yen } from '../format.ts';
import { UnfitError } from '../request/kind.ts';
import { lockCustomer } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import { type ProposalRow, settleProposal } from '../store/proposals.ts';
import { changeLimit, limitNow, mostLimit, nextLimit, ownLimit, waitsForOtp } from '../transfer/limits.ts';
import type { Standing } from './standing.ts';
import { isExpired, isInUse } from './token-status.ts';
import { recordDone, type WrittenAct } from './written.ts';

/** 限度額の変更, as staff see and do it. */

/** The limit that the customer has set, the next one where one is due, and what counts while the OTP is not in use or has ended. */
export function limitText({ institution, customer, state, at }: Standing): string {
  const next = nextLimit(customer, at);
  const own = ownLimit(customer, institution, at);
  const counting = isInUse(state) || state.kind === 'unknown';
  const counts = limitNow(customer, institution, counting, at);
  const isBarred = !counting && familyOf(institution).words.needsOtp !== undefined;
  const nextWaitsForOtp = !isBarred && next !== undefined && waitsForOtp(next.yen, institution, counting);
  const notes = [
    next &&
      `${nextWaitsForOtp ? 'ワンタイムパスワードの利用開始後、' : ''}${japaneseDate(next.from)}から${yen(next.yen)}`,
    isExpired(state, at) ? 'トークンの有効期限が過ぎているため、お振込・お振替はできません' : undefined,
    isBarred ? '利用開始前はお振込できません' : undefined,
    !isBarred && counts < own ? `ワンタイムパスワードの利用開始までは${yen(counts)}` : undefined,
  ].filter(Boolean);
  return notes.length === 0 ? yen(own) : `${yen(own)}（${notes.join('、')}）`;
}

/** The most that a customer's limit can be as they stand, in yen. */
export const mostOf = ({ institution, state, at }: Standing): number =>
  mostLimit(institution, state.kind === 'active' && !isExpired(state, at));

interface Change {
  readonly from: number;
  readonly to: number;
}

export const changeOf = ({ old_limit, new_limit }: ProposalRow): Change | undefined =>
  old_limit === null || new_limit === null ? undefined : { from: Number(old_limit), to: Number(new_limit) };

/** When a change takes effect, once it is approved. */
export function countsText({ from, to }: Change, { rules }: Standing['institution']): string {
  const days = rules.limitChangeAfterDays;
  return to <= from || days === 0 ? '承認後ただちに' : `承認の${daysOn(days)}から`;
}

/**
 * Sets the limit that was approved, and notes it, in the transaction that approves it.
 * @returns the number of its record
 * @throws UnfitError where the limit is another than the one it was proposed for
 */
export async function setApprovedLimit(
  dependencies: BankDependencies,
  trx: Handle,
  written: WrittenAct,
  proposal: ProposalRow,
): Promise<string> {
  const change = changeOf(proposal);
  if (change === undefined) throw new Error('the proposal names no limit');
  const { institution } = written;
  const now = dependencies.clock();
  const customer = await lockCustomer(trx, written.customer.id);
  if (ownLimit(customer, institution, now) !== change.from) throw new UnfitError('stale');
  const limit = await changeLimit(trx, customer, institution, { yen: change.to, now });
  await settleProposal(trx, String(proposal.id), 'done');
  return recordDone(dependencies, trx, { ...written, customer }, { limit });
}
