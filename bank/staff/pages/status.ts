import { scaleBand, scaleLinear } from 'd3-scale';
import type { CountedBy } from '../../../core/api/audit.ts';
import { banner } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { type Chart, type ChartPart, type ChartPoint, SHOWN } from '../charts.ts';
import { table } from './table.ts';

const NAMES: Readonly<Record<CountedBy, string>> = {
  hour: `${SHOWN.hour}時間（時間別）`,
  day: `${SHOWN.day}日間（日別）`,
};

/**
 * 状況: how often what came up.
 * @param charts undefined where the token service did not answer
 * @param reports whether one of them is of the fills that tokens refused
 */
export function statusContent(by: CountedBy, charts: readonly Chart[] | undefined, reports: boolean): Html {
  return html`<nav class="switch" aria-label="期間">${(['hour', 'day'] as const).map(
    (one) =>
      html`<a href="/status?by=${one}"${one === by ? html` aria-current="page"` : nothing}>${NAMES[one]}</a>`,
  )}</nav>
${
  charts === undefined
    ? banner(
        'caution',
        'トークンサービスから応答がないため、件数を表示できません。しばらくしてから、もう一度表示してください。',
      )
    : html`<p class="lead">棒を選ぶと、その時間の監査の記録（入力を断った画面は理由の一覧）が開きます。キーボードでは、左右の矢印キーで移動し、Enterキーで開きます。</p>
<div class="charts">${charts.map((chart) => figure(chart, by))}</div>
<p class="note">${reports ? REPORTED : UNREPORTED}最後の棒は途中の件数です。</p>`
}`;
}

const REPORTED =
  '「入力を断った画面」は、トークンが画面を見分けたうえで入力を断った件数です。お客さまのトークンから、時間別に、その時間が終わってから報告されます。';
const UNREPORTED =
  '入力を断った画面の件数は、お客さまのトークンから報告されない設定のため、表示していません。';

/** Units of the drawing, which is stretched to the page's width. */
const WIDTH = 480;
const HEIGHT = 100;

const number = (count: number) => count.toLocaleString('ja-JP');
const words = ({ label, count }: ChartPoint) => `${label}：${number(count)}件`;

function figure({ kind, points }: Chart, by: CountedBy): Html {
  const total = points.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...points.map(({ count }) => count));
  const y = scaleLinear([0, most], [HEIGHT, 0]).nice(5);
  const [, top = most] = y.domain();
  const x = scaleBand(
    points.map((_, index) => index),
    [0, WIDTH],
  ).paddingInner(0.2);
  const id = `chart-${kind.key}`;
  const said = '棒を選ぶと、件数がここに出ます。';
  const parts = partsOf(points);
  return html`<figure class="chart chart-${kind.tone}">
<figcaption><h2 id="${id}">${kind.name}</h2><span class="chart-total">合計 ${number(total)}件</span></figcaption>
${parts.length === 0 ? nothing : legend(parts)}
<div class="chart-body">
<div class="chart-scale" aria-hidden="true"><span>${number(top)}</span><span>0</span></div>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="group" aria-labelledby="${id}">
<line class="chart-line" x1="0" x2="${WIDTH}" y1="0.5" y2="0.5"/><line class="chart-line" x1="0" x2="${WIDTH}" y1="${HEIGHT / 2}" y2="${HEIGHT / 2}"/>
${points.map((point, index) => (point.count === 0 ? nothing : bar(point, { left: x(index) ?? 0, width: x.bandwidth(), step: x.step(), top: y(point.count) })))}
</svg>
<div class="chart-times" aria-hidden="true"><span>${points.at(0)?.label ?? ''}</span><span>${points.at(-1)?.label ?? ''}</span></div>
</div>
<p class="chart-said" aria-hidden="true">${total === 0 ? 'この期間にはありません。' : said}</p>
<details><summary>表で見る</summary>
${table({
  label: `${kind.name}の表`,
  columns: [
    by === 'day' ? '日' : '時間',
    ...parts.map(({ name }) => ({ name, look: 'count' as const })),
    { name: parts.length === 0 ? '件数' : '合計', look: 'count' },
  ],
  rows: points.toReversed().map(tableRow),
})}</details>
</figure>`;
}

/** The parts of all points together. */
const partsOf = (points: readonly ChartPoint[]): readonly ChartPart[] =>
  (points[0]?.parts ?? []).map((part, at) => ({
    ...part,
    count: points.reduce((sum, { parts }) => sum + (parts?.[at]?.count ?? 0), 0),
  }));

const legend = (parts: readonly ChartPart[]): Html =>
  html`<ul class="chart-legend">${parts.map(({ name, tone, count }) => html`<li class="chart-key chart-key-${tone}">${name} ${number(count)}件</li>`)}</ul>`;

interface Box {
  readonly left: number;
  readonly width: number;
  /** From one bar to the next. */
  readonly step: number;
  readonly top: number;
}

/** The least height of a bar, so that one among thousands is seen. */
const LEAST = 2;

function bar(point: ChartPoint, { left, width, step, top }: Box): Html {
  const height = Math.max(LEAST, HEIGHT - top);
  const round = (value: number) => Number(value.toFixed(2));
  let bottom = HEIGHT;
  const rect = (share: number, tone: string) => {
    bottom -= height * share;
    return html`<rect class="chart-bar${tone}" x="${round(left)}" y="${round(bottom)}" width="${round(width)}" height="${round(height * share)}"/>`;
  };
  const parts = point.parts?.filter(({ count }) => count > 0);
  return html`<a class="chart-point" href="${point.href}" aria-label="${words(point)}"><rect class="chart-hit" x="${round(left - (step - width) / 2)}" y="0" width="${round(step)}" height="${HEIGHT}"/>${parts ? parts.map(({ count, tone }) => rect(count / point.count, ` chart-bar-${tone}`)) : rect(1, '')}</a>`;
}

const tableRow = ({ label, count, href, parts = [] }: ChartPoint): Html =>
  html`<tr><th scope="row">${label}</th>${parts.map((part) => html`<td class="count">${number(part.count)}件</td>`)}<td class="count">${count === 0 ? '0件' : html`<a href="${href}">${number(count)}件</a>`}</td></tr>`;
