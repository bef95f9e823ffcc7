import { banner } from '../../web/form.ts';
import { type Html, html } from '../../web/html.ts';
import type { RefusedReasons } from '../refused-fills.ts';
import { table } from './table.ts';

const number = (count: number) => count.toLocaleString('ja-JP');

/** What stands behind a point of 入力を断った画面. @param found undefined where the token service did not answer */
export function refusedFillsContent(found: RefusedReasons | undefined): Html {
  return html`<p class="lead"><a href="/status">状況に戻る</a></p>
${found === undefined ? banner('caution', 'トークンサービスから応答がないため、件数を表示できません。しばらくしてから、もう一度表示してください。') : reasons(found)}`;
}

function reasons({ label, reasons }: RefusedReasons): Html {
  const total = reasons.reduce((sum, { count }) => sum + count, 0);
  const counted = table({
    label: '理由ごとの件数',
    columns: ['理由', '区分', { name: '件数', look: 'count' }],
    rows: reasons.map(
      ({ name, group, count }) =>
        html`<tr><th scope="row">${name}</th><td>${group}</td><td class="count">${number(count)}件</td></tr>`,
    ),
  });
  return html`<section><h2>${label}（合計 ${number(total)}件）</h2>
${reasons.length === 0 ? html`<p>この時間に報告された件数はありません。</p>` : counted}
<p class="note">1件ごとの記録はありません。トークンが報告するのは、時間ごと・理由ごとの件数だけです。どのお客さまの、どの画面で、いつ起きたかは、報告も保存もされません。</p></section>`;
}
