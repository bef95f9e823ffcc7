import { japaneseDate, startOfIsoDay } from '../../format.ts';
import type { PaperRow } from '../../store/papers.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { paperName, papersOf } from '../papers.ts';
import { newPaperPath, paperPath } from '../paths.ts';
import type { Standing } from '../standing.ts';

/** The papers of a customer, and those that can be registered. */
export function paperList(
  { institution, customer }: Standing,
  papers: readonly PaperRow[],
  registers: boolean,
): Html {
  return html`<ul class="act-list">${
    registers
      ? papersOf(institution).map(
          (kind) =>
            html`<li><a href="${newPaperPath(customer.id, kind)}">${paperName(kind, institution)}を登録</a></li>`,
        )
      : nothing
  }${papers.map(
    ({ id, kind, received_on }) =>
      html`<li><a href="${paperPath(id)}">第${id}号 ${paperName(kind, institution)}（${japaneseDate(startOfIsoDay(received_on))}受付）</a></li>`,
  )}${registers || papers.length > 0 ? nothing : html`<li class="act-off">登録された書類はありません。</li>`}</ul>
<p class="note paper-blank">お客さまにお渡しする用紙：${papersOf(institution).map(
    (kind, index) =>
      html`${index === 0 ? nothing : '、'}<a href="/forms/${kind}">${paperName(kind, institution)}</a>`,
  )}</p>`;
}
