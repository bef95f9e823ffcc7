import { policyOf } from '../../core/institution/policy.ts';
import type { BankDependencies } from '../context.ts';
import { yen } from '../format.ts';
import { UnfitError } from '../request/kind.ts';
import {
  type Decision,
  decideProposal,
  findProposal,
  insertProposal,
  type ProposalOf,
  type ProposalRow,
} from '../store/proposals.ts';
import type { ProposedAct } from '../store/schema.ts';
import { findProposedAct } from '../store/staff.ts';
import { ownLimit } from '../transfer/limits.ts';
import type { Outcome } from '../web/submission.ts';
import { carryOutWritten, writtenProposal } from './carry-out.ts';
import type { SignedIn } from './context.ts';
import { changeOf, mostOf, setApprovedLimit } from './limit.ts';
import { proposalPath, recordPath } from './paths.ts';
import { type ConfirmedAct, ROLE_GONE, stillActs, TOKEN_CHANGED, writtenOf } from './perform.ts';
import { mayApprove, READS_ONLY, SUPERVISORS_ONLY } from './roles.ts';
import { type Standing, standingOf, whyNot } from './standing.ts';
import { STATUS_LABELS } from './token-status.ts';
import { logActed, NOTHING_CHANGED, record, type WrittenAct } from './written.ts';

const HOUR_MS = 60 * 60_000;

const blocked = (why: string): Outcome => ({ kind: 'blocked', notice: `${why}${NOTHING_CHANGED}` });

const unavailable = ({ busy }: { readonly busy?: boolean }): Outcome => ({
  kind: 'unavailable',
  ...(busy && { busy: true }),
});

/** 申請: writes down what is proposed of the token that was seen. One of its form is made once, and one of its act at a time. */
export async function propose(
  dependencies: BankDependencies,
  confirmed: ConfirmedAct & { readonly act: ProposedAct },
): Promise<Outcome> {
  const { db, clock } = dependencies;
  const { by, customer, act, reason, userId, limit } = confirmed;
  const written = writtenOf(confirmed);
  const before = await findProposedAct(db, written.key);
  if (before !== undefined) return { kind: 'done', to: proposalPath(before) };
  const standing = await standingOf(dependencies, by.institution, customer);
  if (standing.customer.user_id !== userId || (userId === null && act !== 'limit')) {
    await record(dependencies, db, written, 'refused');
    return { kind: 'blocked', notice: TOKEN_CHANGED };
  }
  if (standing.state.kind === 'unknown') return unavailable(standing.state);
  const why = whyNot(act, standing);
  if (why !== undefined) {
    await record(dependencies, db, written, 'refused');
    return blocked(why);
  }
  const tooHigh = limit === undefined ? undefined : whyTooHigh(limit, standing);
  if (tooHigh !== undefined) return blocked(tooHigh);
  const token_status = 'token' in standing.state ? standing.state.token.status : null;
  const no = await db.transaction().execute(async (trx) => {
    const proposal = {
      institution: by.institution.key,
      customer_id: customer.id,
      user_id: userId,
      token_status,
      act,
      old_limit: limit === undefined ? null : ownLimit(customer, by.institution, clock()),
      new_limit: limit ?? null,
      reason,
      proposed_at: new Date(clock()),
      ends_at: new Date(clock() + policyOf(by.institution).proposalHours * HOUR_MS),
    };
    const id = await insertProposal(trx, proposal, by.clerk.id);
    if (id !== undefined) await record(dependencies, trx, { ...written, proposal: id }, 'proposed');
    return id;
  });
  if (no === undefined) {
    if (!(await stillActs(dependencies, by.clerk))) return { kind: 'blocked', notice: ROLE_GONE };
    return blocked('同じお手続きの申請が、すでに出ています。');
  }
  return { kind: 'done', to: proposalPath(no) };
}

const whyTooHigh = (limit: number, standing: Standing): string | undefined =>
  limit > mostOf(standing) ? `現在の状態で設定できる限度額は、${yen(mostOf(standing))}までです。` : undefined;

export type DecisionKind = Decision['kind'];

interface Decided {
  readonly by: SignedIn;
  readonly proposal: ProposalOf;
  readonly kind: DecisionKind;
  readonly reason: string;
}

/** 承認, 却下 or 取り下げ, once; what is approved is carried out. */
export async function decide(dependencies: BankDependencies, decided: Decided): Promise<Outcome> {
  const { db, clock } = dependencies;
  const { by, proposal, kind, reason } = decided;
  const id = String(proposal.id);
  const written = await writtenProposal(dependencies, by.institution, proposal);
  if (kind === 'approved' && proposal.state === 'waiting') {
    const changed = await tokenChanged(dependencies, written, proposal);
    if (changed !== undefined) return changed;
  }
  const decision = { id, kind, by: by.clerk, reason, at: new Date(clock()) };
  const made = await db
    .transaction()
    .execute(async (trx) => {
      const row = await decideProposal(trx, decision);
      if (row === undefined) return undefined;
      await record(dependencies, trx, { ...written, staffId: by.clerk.staff_id, reason }, kind);
      if (kind !== 'approved' || row.act !== 'limit') return { no: undefined };
      return { no: await setApprovedLimit(dependencies, trx, written, row) };
    })
    .catch((error: unknown) => {
      if (error instanceof UnfitError) return 'unfit' as const;
      throw error;
    });
  if (made === 'unfit') return blocked(OTHER_LIMIT);
  if (made === undefined) return blocked(await whyNotDecided(dependencies, decided));
  const { key: institution } = by.institution;
  const staff = by.clerk.staff_id;
  dependencies.logger.info({ institution, staff, proposal: id, event: kind }, 'proposal decided');
  if (kind !== 'approved') return { kind: 'done', to: proposalPath(id) };
  if (made.no === undefined) return carryOutWritten(dependencies, written, id);
  logActed(dependencies, written);
  return { kind: 'done', to: recordPath(written.customer.id, made.no) };
}

/** What was proposed of one state is approved in no other. */
async function tokenChanged(
  dependencies: BankDependencies,
  { institution, customer }: WrittenAct,
  proposal: ProposalRow,
): Promise<Outcome | undefined> {
  if (customer.user_id !== proposal.user_id) return blocked(OTHER_TOKEN);
  const standing = await standingOf(dependencies, institution, customer);
  if (standing.state.kind === 'unknown') return unavailable(standing.state);
  const obstacle = whyNotAsProposed(proposal, standing);
  return obstacle === undefined ? undefined : blocked(obstacle);
}

export const OTHER_TOKEN =
  '申請のあとに、お客さまのトークンが変わりました。この申請は承認できません。却下してください。';

export const OTHER_LIMIT =
  '申請のあとに、お客さまの限度額が変わりました。この申請は承認できません。却下してください。';

/** How the token stood when it was proposed. */
export const statusThen = ({ token_status }: Pick<ProposalRow, 'token_status'>): keyof typeof STATUS_LABELS =>
  token_status ?? 'none';

/** Why the token, whose state is known, does not allow what was proposed of it; undefined where it does. */
export function whyNotAsProposed(proposal: ProposalRow, standing: Standing): string | undefined {
  const then = statusThen(proposal);
  const now = standing.state.kind;
  const change = changeOf(proposal);
  const why =
    now === then
      ? (whyNot(proposal.act, standing) ?? (change && whyTooHigh(change.to, standing)))
      : `申請のあとに、トークンの状態が「${STATUS_LABELS[then]}」から「${STATUS_LABELS[now]}」に変わりました。`;
  return why && `${why}この申請は承認できません。却下してください。`;
}

/** Why the statement that decides changed nothing, as things stand now. */
async function whyNotDecided(
  { db, clock }: BankDependencies,
  { by, proposal, kind }: Decided,
): Promise<string> {
  const now = await findProposal(db, by.institution.key, String(proposal.id));
  if (now === undefined) return 'この申請はありません。';
  if (now.state !== 'waiting') return DECIDED[now.state];
  if (now.ends_at.getTime() <= clock()) return DECIDED.expired;
  const isOwn = now.proposed_by === by.clerk.staff_id;
  if (kind === 'withdrawn') return isOwn ? READS_ONLY : '取り下げは、申請した方だけが行えます。';
  if (isOwn) return 'ご自分の申請は、承認も却下もできません。ほかの役席者に依頼してください。';
  if (!mayApprove(by.clerk)) return SUPERVISORS_ONLY;
  return kind === 'approved' ? OTHER_TOKEN : SUPERVISORS_ONLY;
}

const DECIDED = {
  approved: 'この申請は、すでに承認されています。',
  done: 'この申請は、すでに承認され、実行されています。',
  failed: 'この申請は、すでに承認されましたが、行われませんでした。',
  declined: 'この申請は、すでに却下されています。',
  withdrawn: 'この申請は、すでに取り下げられています。',
  expired: 'この申請は、期限が過ぎています。',
} as const;
