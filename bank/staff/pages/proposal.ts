import { japaneseSecond, yen } from '../../format.ts';
import type { ProposalOf } from '../../store/proposals.ts';
import {
  banner,
  errorSummary,
  type Fact,
  type FieldError,
  facts,
  form,
  navigation,
  radios,
} from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { ACTS, effectOf } from '../acts.ts';
import type { SignedIn } from '../context.ts';
import { changeOf, countsText } from '../limit.ts';
import { customerPath, proposalPath } from '../paths.ts';
import { statusThen } from '../proposals.ts';
import { mayAct, mayApprove, SUPERVISORS_ONLY } from '../roles.ts';
import type { Standing } from '../standing.ts';
import { STATUS_LABELS } from '../token-status.ts';
import { customerFacts, tokenFacts } from './customer.ts';
import { PROPOSAL_LABELS, shownState, timeLeft } from './proposal-state.ts';
import { reasonRow, unsentReason } from './reason.ts';

interface ProposalPage {
  readonly proposal: ProposalOf;
  readonly standing: Standing;
  readonly by: SignedIn;
  readonly now: number;
  /** What was typed and chosen. */
  readonly typed: { readonly reason: string; readonly decision: string };
  readonly errors: readonly FieldError[];
  /** Why something asked for was not done. */
  readonly notice: string | undefined;
  /** Why it cannot be approved as things stand. */
  readonly obstacle: string | undefined;
  readonly formToken: string;
  readonly submission: string;
}

/** A proposal: what it is, what came of it, and what the reader may do about it. */
export function proposalContent(page: ProposalPage): Html {
  const { proposal, standing, errors, notice, now } = page;
  const state = shownState(proposal, now);
  return html`${errorSummary(errors)}
${notice ? banner('caution', notice) : nothing}
${state === 'waiting' ? nothing : banner(state === 'done' ? 'info' : 'caution', CAME_OF_IT[state])}
<div class="columns">
<section><h2>申請の内容</h2>${facts(proposalFacts(page))}</section>
<div>
<section><h2>お客さま</h2>${facts([
    { name: 'お名前', value: html`<a href="${customerPath(proposal.customer_id)}">${proposal.name} 様</a>` },
    ...customerFacts(standing),
  ])}</section>
<section><h2>現在のトークン</h2>${facts(tokenFacts(standing))}</section>
</div>
</div>
${toDo(page)}
${navigation([
  { label: 'お客さまの画面へ', path: customerPath(proposal.customer_id), kind: 'back' },
  { label: '対応待ちへ', path: '/', kind: 'back' },
])}`;
}

const CAME_OF_IT = {
  approved:
    '承認されましたが、トークンサービスから結果が確認できていません。「実行結果を確認する」を押してください。二重に行われることはありません。',
  done: 'この申請は承認され、実行されました。',
  failed:
    '承認されましたが、お客さまのトークンの状態に合わなかったか、期限までに実行できなかったため、行われませんでした。何も変更していません。',
  declined: 'この申請は却下されました。何も変更していません。',
  withdrawn: 'この申請は取り下げられました。何も変更していません。',
  expired:
    '承認されないまま期限が過ぎました。何も変更していません。必要な場合は、お客さまの画面からもう一度申請してください。',
} as const;

const DECISION_LABELS: Readonly<Record<string, string>> = {
  declined: '却下した方',
  withdrawn: '取り下げた方',
};

function proposalFacts({ proposal, now, by }: ProposalPage): Fact[] {
  const { id, act, reason, proposed_by, proposed_at, ends_at } = proposal;
  const state = shownState(proposal, now);
  const rows: Fact[] = [
    { name: '申請番号', value: html`<span class="number">${id}</span>` },
    { name: 'お手続き', value: ACTS[act].name },
    { name: '内容', value: effectOf(act, by.institution) },
    {
      name: '状況',
      value: html`<span class="outcome outcome-${state}">${PROPOSAL_LABELS[state]}</span>${state === 'waiting' ? html` <span class="soft">${timeLeft(proposal, now)}</span>` : nothing}`,
    },
    ...limitFacts(proposal, by),
    { name: '申請時の状態', value: STATUS_LABELS[statusThen(proposal)] },
    { name: '申請者', value: proposed_by },
    { name: '申請日時', value: japaneseSecond(proposed_at.getTime()) },
    { name: '申請の理由', value: reason },
    { name: '承認の期限', value: japaneseSecond(ends_at.getTime()) },
  ];
  const { decided_by, decided_at, decision_reason } = proposal;
  if (decided_by === null || decided_at === null) return rows;
  return [
    ...rows,
    { name: DECISION_LABELS[proposal.state] ?? '承認者', value: decided_by },
    { name: '決定日時', value: japaneseSecond(decided_at.getTime()) },
    { name: '決定の理由', value: decision_reason ?? '' },
  ];
}

function limitFacts(proposal: ProposalOf, { institution }: SignedIn): Fact[] {
  const change = changeOf(proposal);
  if (change === undefined) return [];
  return [
    { name: '変更前の限度額', value: yen(change.from) },
    { name: '変更後の限度額', value: yen(change.to) },
    { name: '適用', value: countsText(change, institution) },
  ];
}

/** What the reader may do about it now, and what they typed where there is no form for it. */
function toDo(page: ProposalPage): Html {
  const { proposal, by, now, typed } = page;
  const state = shownState(proposal, now);
  const isOwn = proposal.proposed_by === by.clerk.staff_id;
  const unsent = unsentReason(typed.reason);
  if (!mayAct(by.clerk)) return unsent;
  if (state === 'approved') return !isOwn && mayApprove(by.clerk) ? carryOutForm(page) : unsent;
  if (state !== 'waiting') return unsent;
  if (isOwn) return withdrawForm(page);
  return mayApprove(by.clerk)
    ? decisionForm(page)
    : html`<p class="empty">承認と却下は、${SUPERVISORS_ONLY}</p>${unsent}`;
}

function decisionForm(page: ProposalPage): Html {
  const { errors, typed, formToken, submission, obstacle, proposal } = page;
  const choices = [
    ...(obstacle === undefined ? [{ value: 'approved', label: '承認する' }] : []),
    { value: 'declined', label: '却下する' },
  ];
  return html`<section><h2>承認・却下</h2>
${obstacle ? banner('caution', obstacle) : nothing}
${ACTS[proposal.act].isFinal && obstacle === undefined ? banner('caution', '承認すると、この操作は元に戻せません。') : nothing}
${form({
  action: `${proposalPath(page.proposal.id)}/decide`,
  formToken,
  submission,
  content: html`<div class="panel"><div class="row" id="decision"><div class="row-label">承認・却下</div><div class="row-input">${choiceError(errors)}${radios('decision', '承認・却下', choices, { chosen: typed.decision })}</div></div>${reasonRow('決定の理由', typed.reason, errors)}</div>`,
  buttons: { primary: '決定する' },
})}</section>`;
}

const choiceError = (errors: readonly FieldError[]): Html => {
  const error = errors.find(({ field }) => field === 'decision');
  return error ? html`<p class="error">${error.message}</p>` : nothing;
};

function withdrawForm(page: ProposalPage): Html {
  const { errors, typed, formToken, submission } = page;
  return html`<section><h2>取り下げ</h2>
<p class="lead">ご自分の申請は、ほかの役席者が承認または却下します。</p>
${form({
  action: `${proposalPath(page.proposal.id)}/withdraw`,
  formToken,
  submission,
  content: html`<div class="panel">${reasonRow('取り下げの理由', typed.reason, errors)}</div>`,
  buttons: { primary: '取り下げる' },
})}</section>`;
}

const carryOutForm = (page: ProposalPage): Html =>
  form({
    action: `${proposalPath(page.proposal.id)}/carry-out`,
    formToken: page.formToken,
    submission: page.submission,
    content: nothing,
    buttons: { primary: '実行結果を確認する' },
  });
