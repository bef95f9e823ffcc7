import type { ProposalRow } from '../../store/proposals.ts';
import type { ProposalState } from '../../store/schema.ts';

export const PROPOSAL_LABELS: Readonly<Record<ProposalState, string>> = {
  waiting: '承認待ち',
  approved: '承認済（結果の確認待ち）',
  done: '実行済',
  failed: '不成立',
  declined: '却下',
  withdrawn: '取り下げ',
  expired: '期限切れ',
};

/** A proposal that still waits after its end has expired. */
export const shownState = ({ state, ends_at }: ProposalRow, now: number): ProposalState =>
  state === 'waiting' && ends_at.getTime() <= now ? 'expired' : state;

/** `あと23時間12分`: how long a proposal may still be approved. */
export function timeLeft({ ends_at }: Pick<ProposalRow, 'ends_at'>, now: number): string {
  const minutes = Math.max(0, Math.ceil((ends_at.getTime() - now) / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `あと${minutes}分` : `あと${hours}時間${minutes % 60}分`;
}
