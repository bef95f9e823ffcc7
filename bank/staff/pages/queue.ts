import { japaneseMinute } from '../../format.ts';
import type { ProposalOf } from '../../store/proposals.ts';
import type { ReviewOf } from '../../store/reviews.ts';
import type { ActAtInstitution } from '../../store/staff.ts';
import { banner, errorSummary, type FieldError } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { ACTS } from '../acts.ts';
import type { SignedIn } from '../context.ts';
import { customerPath, proposalPath, reviewPath } from '../paths.ts';
import { mayAct, mayApprove } from '../roles.ts';
import { PROPOSAL_LABELS, shownState, timeLeft } from './proposal-state.ts';
import { actRow, actTable } from './records.ts';
import { searchForm } from './search.ts';
import { table } from './table.ts';

/** How many of what waits are listed. */
export const WAITING_MOST = 50;

interface QueueState {
  readonly by: SignedIn;
  readonly now: number;
  readonly formToken: string;
  readonly errors: readonly FieldError[];
  /** What was searched for. */
  readonly query: string;
  /** Of others, up to one more than are listed. */
  readonly open: readonly ProposalOf[];
  readonly own: readonly ProposalOf[];
  /** Up to one more than are listed. */
  readonly reviews: readonly ReviewOf[];
  readonly acts: readonly ActAtInstitution[];
}

/** 対応待ち: the first page. */
export function queueContent(state: QueueState): Html {
  const { by, now, errors, query, formToken, open, own, reviews, acts } = state;
  const { clerk } = by;
  return html`${errorSummary(errors)}
${searchForm({ institution: by.institution, formToken, query, errors })}
${
  mayApprove(clerk)
    ? queue('承認をお待ちしている申請', open, now, '承認をお待ちしている申請はありません。')
    : queue('役席者の承認待ち', open, now, 'ほかの方の申請で、承認待ちのものはありません。')
}
<section><h2>緊急利用停止の確認待ち</h2>${reviewTable(reviews)}</section>
${mayAct(clerk) ? queue('ご自分の申請', own, now, 'ご自分の申請はまだありません。') : ''}
<section><h2>最近のお手続き</h2>
${actTable(
  acts.map((act) => actRow(act, customerCell(act))),
  'お客さま',
)}
</section>`;
}

type Named = Pick<ProposalOf, 'customer_id' | 'name' | 'login_id'>;

const customerCell = ({ customer_id, name, login_id }: Named): Html =>
  html`<td><a href="${customerPath(customer_id)}">${name} 様</a> <span class="soft">${login_id}</span></td>`;

const more = (rows: readonly unknown[]): Html =>
  rows.length > WAITING_MOST
    ? banner('caution', `古いものから${WAITING_MOST}件を表示しています。ほかにもあります。`)
    : nothing;

function queue(heading: string, rows: readonly ProposalOf[], now: number, empty: string): Html {
  return html`<section><h2>${heading}</h2>${
    rows.length === 0
      ? html`<p class="empty">${empty}</p>`
      : html`${more(rows)}${table({
          label: heading,
          columns: ['申請', 'お客さま', '状況', '申請者', '理由'],
          rows: rows.slice(0, WAITING_MOST).map((row) => proposalRow(row, now)),
        })}`
  }</section>`;
}

function proposalRow(row: ProposalOf, now: number): Html {
  const state = shownState(row, now);
  return html`<tr><td><a href="${proposalPath(row.id)}">${ACTS[row.act].name}</a></td>${customerCell(row)}<td><span class="outcome outcome-${state}">${PROPOSAL_LABELS[state]}</span>${
    state === 'waiting' ? html` <span class="soft">${timeLeft(row, now)}</span>` : ''
  }</td><td>${row.proposed_by}</td><td class="why">${row.reason}</td></tr>`;
}

function reviewTable(rows: readonly ReviewOf[]): Html {
  if (rows.length === 0) return html`<p class="empty">確認待ちの緊急利用停止はありません。</p>`;
  return html`${more(rows)}${table({
    label: '緊急利用停止の確認待ち',
    columns: ['日時', 'お客さま', '担当者', '理由'],
    rows: rows
      .slice(0, WAITING_MOST)
      .map(
        (row) =>
          html`<tr><td class="when"><a href="${reviewPath(row.id)}">${japaneseMinute(row.acted_at.getTime())}</a></td>${customerCell(row)}<td>${row.acted_by}</td><td class="why">${row.reason}</td></tr>`,
      ),
  })}`;
}
