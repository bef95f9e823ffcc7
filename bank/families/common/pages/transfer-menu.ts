import { japaneseMinute, yen } from '../../../format.ts';
import { phaseOf, type RequestPhase } from '../../../request/status.ts';
import type { TransferRow } from '../../../store/transfers.ts';
import { banner, facts, navigation, section } from '../../../web/form.ts';
import { type Html, html } from '../../../web/html.ts';
import { destination } from './transfer.ts';

export interface TransferMenuState {
  readonly limit: number;
  readonly usedToday: number;
  readonly transfers: readonly TransferRow[];
  /** Shown below the limit: where to change it. */
  readonly limitNote: Html;
  /** Why the customer cannot transfer anything now. */
  readonly refusal: string | undefined;
}

const PHASES: Record<RequestPhase, string> = {
  entered: '入力中',
  waiting: '取引認証待ち',
  confirmed: '確定待ち',
  executing: '処理中',
  done: '完了',
  refused: '中止',
  cancelled: '中止',
};

export function transferMenuContent(state: TransferMenuState): Html {
  const { limit, usedToday, transfers, limitNote, refusal } = state;
  return html`${refusal ? banner('caution', refusal) : start}
${section(
  '一日あたりの振込・振替限度額',
  html`${facts([
    { name: '限度額', value: html`<span class="number money">${yen(limit)}</span>` },
    { name: '本日のお取引', value: html`<span class="number money">${yen(usedToday)}</span>` },
    {
      name: '本日の残り',
      value: html`<span class="number money">${yen(Math.max(0, limit - usedToday))}</span>`,
    },
  ])}${limitNote}`,
)}
${section('お取引履歴', history(transfers))}`;
}

const start = section(
  'お振込・お振替',
  html`<p class="lead">お振込先の口座へのお振込や、お客さまご自身の口座間の振替を行います。</p>${navigation([
    { label: '振込・振替を行う', path: '/transfer/new', kind: 'primary' },
  ])}`,
);

function history(transfers: readonly TransferRow[]): Html {
  if (transfers.length === 0) return html`<p class="lead">お振込・お振替の記録はまだありません。</p>`;
  return html`<ul class="history">${transfers.map(
    (row) => html`<li><a href="/transfer/${row.id}">
<span class="history-when">${japaneseMinute(row.created_at.getTime())}</span>
<span class="history-state history-${phaseOf(row)}">${PHASES[phaseOf(row)]}</span>
<span class="history-who">${row.payee}<span class="history-where">${destination(row)}</span></span>
<span class="history-amount">${yen(Number(row.amount))}</span></a></li>`,
  )}</ul>`;
}
