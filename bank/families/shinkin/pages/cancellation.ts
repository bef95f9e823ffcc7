import { SHINKIN } from '../../../../core/family/shinkin.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { counterOf } from '../../../token/ways.ts';
import { document, sheet } from '../../../web/document.ts';
import { mark } from '../../../web/dress.ts';
import { type Html, html, nothing } from '../../../web/html.ts';

const { seal, cancellation } = SHINKIN.words;

/** 解約届 on one A4 page, to print and hand in at the counter. */
export function cancellationSheet(institution: Institution, href: (asset: string) => string): Html {
  const { name, contact } = institution;
  const counter = counterOf(institution);
  return document({
    title: `${cancellation.name}｜${name}（参考実装）`,
    links: html`<link rel="icon" href="${href(`mark-${institution.key}.svg`)}" type="image/svg+xml">
${sheet(href('paper.css'))}<script src="${href('print.js')}" type="module"></script>`,
    body: html`<nav class="tools" aria-label="用紙の操作"><a href="/help">お困りのときへ戻る</a><button type="button" data-print hidden>印刷する</button></nav>
<main class="sheet">
<header class="head">
<p class="to">${mark(institution)}${name}　御中</p>
<p class="day">届出日　　　　　年　　　月　　　日</p>
</header>
<h1>${cancellation.name}</h1>
<p class="asks">${cancellation.asks}</p>
<table class="fields">
<caption>お客さまにご記入いただく欄</caption>
<colgroup><col class="label"><col><col class="label-short"><col class="seal-column"></colgroup>
<tbody>
<tr><th scope="row">フリガナ</th><td></td><th scope="row" rowspan="2">${seal}</th><td rowspan="2" class="seal"><span>印</span></td></tr>
<tr class="tall"><th scope="row">お名前</th><td></td></tr>
<tr class="tall"><th scope="row">ご住所</th><td colspan="3"><span class="pre">〒　　　　－</span></td></tr>
<tr><th scope="row">お電話番号</th><td colspan="3"></td></tr>
<tr><th scope="row">契約者ID<br>（利用者番号）</th><td colspan="3"></td></tr>
<tr><th scope="row">代表口座</th><td colspan="3"><span class="pre">　　　　　支店　普通・当座　　口座番号</span></td></tr>
<tr><th scope="row">シリアル番号</th><td colspan="3"><span class="pre">（お分かりの場合）</span></td></tr>
<tr><th scope="row">解約の理由</th><td colspan="3"><span class="choose">${cancellation.reasons.map((one) => html`<span>□ ${one}</span>`)}</span></td></tr>
</tbody>
</table>
<section class="told"><h2>ご確認ください</h2><ul>
${cancellation.told.map((one) => html`<li>${one}</li>`)}
${counter === undefined ? nothing : html`<li>窓口の受付時間：${counter.hours}　お持ちいただくもの：${counter.bring}</li>`}
<li>太枠の中を、黒または青のボールペンでご記入のうえ、${seal}を押してください。</li>
</ul></section>
<table class="stamps"><tbody><tr><th scope="col">受付</th><th scope="col">印鑑照合</th><th scope="col">登録</th><th scope="col">検印</th></tr><tr><td></td><td></td><td></td><td></td></tr></tbody></table>
<footer class="foot"><p>お問い合わせ　${name}　電話 ${contact.phone}（${contact.hours}）</p><p>これは参考実装の用紙です。実在の金融機関の用紙ではありません。</p></footer>
</main>`,
  });
}
