import { familyOf } from '../../../core/family/families.ts';
import type { FamilyWords } from '../../../core/family/screen.ts';
import type { Institution } from '../../../core/institution/directory.ts';
import { japaneseDate, startOfIsoDay } from '../../format.ts';
import type { PaperOf } from '../../store/papers.ts';
import type { PaperKind } from '../../store/schema.ts';
import { document, sheet } from '../../web/document.ts';
import { mark } from '../../web/dress.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { paperName } from '../papers.ts';
import { paperPath } from '../paths.ts';

/** What a form is filled in with, of a paper that was registered. */
type Filled = Pick<
  PaperOf,
  'id' | 'name' | 'login_id' | 'brought_by' | 'received_on' | 'asked' | 'registered_by'
>;

interface Sheet {
  readonly institution: Institution;
  readonly kind: PaperKind;
  /** Left out for a form to be handed out. */
  readonly filled?: Filled;
  readonly href: (asset: string) => string;
}

/** What a customer asks for on a form, what they choose of, and what they are told. */
interface Texts {
  readonly asks: string;
  readonly choose: readonly string[];
  readonly of: string;
  readonly told: readonly string[];
}

const TEXTS: Readonly<Record<PaperKind, Texts | ((words: FamilyWords) => Texts)>> = {
  application: {
    asks: 'ワンタイムパスワード（ソフトウェアトークン）の利用を、次のとおり申し込みます。',
    of: 'お申込みの区分',
    choose: ['新規', '利用の再開（認証停止中の場合）'],
    told: [
      '新規の場合は、ご登録のあと、ご記入のメールアドレスにお取扱い開始のご案内をお送りします。',
      'トークンの発行と利用開始は、インターネットバンキングの画面で行っていただきます。',
      '利用開始のあとは、ログインとお振込の際に、ワンタイムパスワードまたは取引認証が必要です。',
    ],
  },
  suspension: {
    asks: 'ワンタイムパスワードのトークンの利用停止を、次のとおり届け出ます。',
    of: '停止の理由',
    choose: ['端末の紛失', '端末の盗難', '端末の故障', '不正な取引のおそれ', 'その他'],
    told: [
      '利用停止のあいだは、インターネットバンキングへのログインとお振込ができません。',
      '取引認証を待っているお取引がある場合は、取り消されます。',
      'お急ぎの場合は、この届のご提出を待たず、下記のお問い合わせ先までお電話ください。',
    ],
  },
  cancellation: ({ cancellation: { asks, reasons, told } }) => ({
    asks,
    of: '解約の理由',
    choose: reasons,
    told,
  }),
};

/** Longer texts are set smaller, so that the sheet stays one page. */
const LONG = 60;
/** The same, in a box of half a row. */
const LONG_IN_A_BOX = 20;

const typed = (text: string, long: number): Html =>
  html`<span class="typed${[...text].length > long ? ' typed-long' : ''}">${text}</span>`;

/** A form on one A4 page: empty, to be handed out, or with what was registered of it. */
export function sheetPage({ institution, kind, filled, href }: Sheet): Html {
  const name = paperName(kind, institution);
  const { words } = familyOf(institution);
  const texts = TEXTS[kind];
  const { asks, choose, of, told } = typeof texts === 'function' ? texts(words) : texts;
  return document({
    title: `${name}｜${institution.name}（参考実装）`,
    links: html`<link rel="icon" href="${href('favicon.svg')}" type="image/svg+xml">
${sheet(href('paper.css'))}<script src="${href('print.js')}" type="module"></script>`,
    body: html`<nav class="tools" aria-label="用紙の操作"><a href="${filled === undefined ? '/' : paperPath(filled.id)}">職員コンソールへ戻る</a><button type="button" data-print hidden>印刷する</button></nav>
<main class="sheet">
<header class="head">
<p class="to">${mark(institution)}${institution.name}　御中</p>
<p class="day">届出日　　　　　年　　　月　　　日</p>
</header>
<h1>${name}</h1>
<p class="asks">${asks}</p>
<table class="fields">
<caption>お客さまにご記入いただく欄</caption>
<colgroup><col class="label"><col><col class="label-short"><col class="seal-column"></colgroup>
<tbody>
<tr><th scope="row">フリガナ</th><td></td><th scope="row" rowspan="2">${words.seal}</th><td rowspan="2" class="seal"><span>印</span></td></tr>
<tr class="tall"><th scope="row">お名前</th><td>${filled ? html`${typed(filled.name, LONG_IN_A_BOX)} 様` : nothing}</td></tr>
<tr class="tall"><th scope="row">ご住所</th><td colspan="3"><span class="pre">〒　　　　－</span></td></tr>
<tr><th scope="row">お電話番号</th><td colspan="3"><span class="pre">（　　　　　）　　　　　－</span></td></tr>
<tr><th scope="row">代表口座</th><td colspan="3"><span class="pre">支店名　　　　　　　　　　□ 普通　□ 当座　　口座番号</span>${boxes(7)}</td></tr>
<tr><th scope="row">${words.loginId}</th><td colspan="3">${filled ? html`<span class="typed mono">${filled.login_id}</span>` : nothing}</td></tr>
${
  kind === 'application'
    ? html`<tr class="tall"><th scope="row">メールアドレス</th><td colspan="3">${filled ? nothing : html`<span class="small">新規の場合に、ご案内をお送りするアドレスを、ご記入ください。</span>`}</td></tr>`
    : nothing
}
<tr><th scope="row">${of}</th><td colspan="3"><span class="choose">${choose.map((one) => html`<span>□ ${one}</span>`)}</span></td></tr>
<tr class="tall"><th scope="row">ご依頼の内容</th><td colspan="3">${filled ? typed(filled.asked, LONG) : nothing}</td></tr>
</tbody>
</table>
<section class="told"><h2>ご確認ください</h2><ul>${told.map((one) => html`<li>${one}</li>`)}<li>太枠の中を、黒または青のボールペンでご記入のうえ、${words.seal}を押してください。ご来店の際は、本人確認書類をお持ちください。</li></ul></section>
${officeUse(filled)}
<footer class="foot"><p>お問い合わせ　${institution.name}　電話 ${institution.contact.phone}（${institution.contact.hours}）</p><p>これは参考実装の用紙です。実在の金融機関の用紙ではありません。</p></footer>
</main>`,
  });
}

const boxes = (count: number): Html =>
  html`<span class="boxes" aria-hidden="true">${Array.from({ length: count }, () => html`<span></span>`)}</span>`;

/** 金融機関使用欄. */
function officeUse(filled: Filled | undefined): Html {
  const cell = (text: string | undefined) =>
    text === undefined ? nothing : html`<span class="typed">${text}</span>`;
  return html`<table class="office">
<caption>金融機関使用欄</caption>
<colgroup><col class="label"><col><col class="label"><col></colgroup>
<tbody>
<tr><th scope="row">受付番号</th><td>${cell(filled && `第${filled.id}号`)}</td><th scope="row">受付日</th><td>${filled ? cell(japaneseDate(startOfIsoDay(filled.received_on))) : html`<span class="pre">　　　　年　　　月　　　日</span>`}</td></tr>
<tr><th scope="row">お持ちになった方</th><td>${filled ? typed(filled.brought_by, LONG_IN_A_BOX) : html`<span class="choose"><span>□ ご本人</span><span>□ 代理人</span><span>□ 郵送</span></span>`}</td><th scope="row">登録した方</th><td>${cell(filled?.registered_by)}</td></tr>
<tr><th scope="row">本人確認</th><td colspan="3"><span class="choose"><span>□ 運転免許証</span><span>□ 個人番号カード</span><span>□ その他（　　　　　　　　　　　　）</span></span></td></tr>
</tbody>
</table>
<table class="stamps"><tbody><tr><th scope="col">受付</th><th scope="col">印鑑照合</th><th scope="col">登録</th><th scope="col">検印</th></tr><tr><td></td><td></td><td></td><td></td></tr></tbody></table>`;
}
