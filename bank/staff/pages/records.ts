import { japaneseMinute } from '../../format.ts';
import type { StaffActOutcome } from '../../store/schema.ts';
import type { StaffActRow } from '../../store/staff.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { ACTS } from '../acts.ts';
import { recordPath } from '../paths.ts';
import { table } from './table.ts';

export const OUTCOMES: Readonly<Record<StaffActOutcome, string>> = {
  done: '実行済',
  refused: '不成立',
  unanswered: '結果未確認',
  proposed: '申請',
  approved: '承認',
  declined: '却下',
  withdrawn: '取り下げ',
  reviewed: '確認済',
  filed: '書類受付',
};

/** What staff did, as a table. @param who heading of a column of customers, where there is one */
export function actTable(rows: readonly Html[], who?: string): Html {
  if (rows.length === 0) return html`<p class="empty">お手続きの記録はまだありません。</p>`;
  return table({
    label: 'お手続きの記録',
    columns: ['日時', ...(who ? [who] : []), 'お手続き', '結果', '担当者', '理由'],
    rows,
  });
}

/** @param who the cell of the customer, where there is such a column */
export function actRow(act: StaffActRow, who: Html = nothing): Html {
  return html`<tr><td class="when"><a href="${recordPath(act.customer_id, act.id)}">${japaneseMinute(act.at.getTime())}</a></td>${who}<td>${ACTS[act.act].name}</td><td><span class="outcome outcome-${act.outcome}">${OUTCOMES[act.outcome]}</span></td><td>${act.staff_id}</td><td class="why">${act.reason}</td></tr>`;
}
