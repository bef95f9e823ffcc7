import { HEADING, type Parts } from './neighbours.ts';

/** Ways to write names, headings and 画面ID: filled; and what is close to them and names something else: not filled. */

const OTP = 'ワンタイムパスワード';
const FIELD = '<input id="o" maxlength="8">';
const OTHER = '<input maxlength="8">';
const BOXES = '<input maxlength="1" size="1">'.repeat(8);

const heading = (text: string): Parts => ({ heading: `<h2>${text}</h2>` });
const id = (text: string): Parts => ({ id: `<p>${text}</p>` });
const table = (head: string, body: string): Parts => ({
  line: `<table border="1"><thead>${head}</thead><tbody>${body}</tbody></table>`,
});
const fieldset = (legend: string, inner: string): Parts => ({
  line: `<fieldset><legend>${legend}</legend>${inner}</fieldset>`,
});
const named = (name: string): Parts => ({ line: `<p><label for="o">${name}</label> ${FIELD}</p>` });
const hinted = (hint: string): Parts => named(OTP + hint);
const around = (label: string): Parts => ({ line: `<label>${label}</label>` });
const HELP = '<button type="button">？</button>';

const LONG = 'トークンに表示された8桁の半角数字のみを入力してください';

const each = (texts: readonly string[], parts: (text: string) => Parts) =>
  Object.fromEntries(texts.map((text) => [text, parts(text)]));

export const WRITTEN: Readonly<Record<string, Parts>> = {
  'a name in the head of a table': table(`<tr><th>${OTP}</th></tr>`, `<tr><td>${FIELD}</td></tr>`),
  'a name in the dt before two dd': {
    line: `<dl><dt>${OTP}</dt><dd>トークンの数字</dd><dd>${FIELD}</dd></dl>`,
  },
  'boxes in a dd beside another field': {
    line: `<div><dl><dt>店番</dt><dd><input maxlength="3"></dd><dt>${OTP}</dt><dd>${BOXES}</dd></dl></div>`,
  },
  'boxes in a dd alone': { line: `<dl><dt>${OTP}</dt><dd>${BOXES}</dd></dl>` },
  'boxes in an element of a list': {
    line: `<ul><li role="group" aria-label="${OTP}">${OTP}<br>${BOXES}</li></ul>`,
  },
  'boxes in elements of a list each': {
    line: `<fieldset><legend>${OTP}</legend><ul>${'<li><input maxlength="1" size="1"></li>'.repeat(8)}</ul></fieldset>`,
  },
  'the only field of a fieldset': fieldset(OTP, FIELD),
  'the only field of a fieldset in a block': fieldset(OTP, `<p>${FIELD} <button>次へ</button></p>`),
  'a heading with ruby': {
    heading: `<h1>ログイン（${OTP}<ruby>認証<rt>にんしょう</rt></ruby>）</h1>`,
  },
  'an ID with ruby': { id: '<p><ruby>画面<rp>(</rp><rt>がめん</rt><rp>)</rp></ruby>ID : BLI023</p>' },
  'a heading of the fifth rank': { heading: `<h5>${HEADING}</h5>` },
  'a heading of the sixth rank': { heading: `<h6>${HEADING}</h6>` },
  ...each(['◎', '★', '▲', '（2）', '2-1．', 'STEP.2'], (sign) => heading(sign + HEADING)),
  ...each(['〔画面ID〕BLI023', '《画面ID》BLI023', '〈画面ID〉BLI023'], id),
  ...each(['画面ID『BLI023』', '画面ID＝BLI023'], id),
  ...each(['〔8桁〕', '〈8桁〉', '＜8桁＞', '（全8桁）', '（最大8桁）', '（8桁の番号）'], hinted),
  ...each(['（半角数字で入力してください）', '（半角英数字・ハイフンなし）'], hinted),
  ...each(['<br><small>半角数字8桁</small>', '<span>トークンに表示された8桁の数字</span>'], hinted),
  ...each(['（トークンに表示された8桁の数字）', '入力', 'を入力', 'を入力してください'], hinted),
  ...each([` ${HELP}`, '<span>？</span>', '？', '<button type="button">ヘルプ</button>'], hinted),
  ...each(
    ['■', '・', '①', 'STEP1 ', '(1) '].map((mark) => mark + OTP),
    named,
  ),
  ...each([`【${OTP}】`, `「${OTP}」`, `「${OTP}」を入力`], named),
  ...each([' 半角数字8桁', '　8桁の数字', '：半角 8 桁'], hinted),
  ...each(
    ['<small>半角数字8桁</small> ', '<b>必須</b><small>8桁の数字</small>', '半角数字8桁 '].map(
      (hint) => hint + OTP,
    ),
    named,
  ),
  'a name in a cell, after a hint in another': {
    line: `<table border="1"><tr><td>半角数字8桁</td><th>${OTP}</th><td>${FIELD}</td></tr></table>`,
  },
  'a name in a cell, with a hint under it': {
    line: `<table border="1"><tr><th>${OTP}<br><small>半角数字8桁</small></th><td>${FIELD}</td></tr></table>`,
  },
  'a label around its field, with a hint between': around(
    `${OTP}<span style="display:block">トークンに表示された8桁の数字</span>${FIELD}`,
  ),
  'a label around its field, with a hint under it': around(`${OTP} ${FIELD}<br><small>半角数字8桁</small>`),
  ...each(['<small>2/3</small>', '（2/3）', '｜仙北ネットバンク', HELP], (end) => heading(HEADING + end)),
  'a heading with the 画面ID in it': {
    id: '',
    heading: `<h1>${HEADING}<span style="float:right">画面ID : BLI023</span></h1>`,
  },
  ...each([`【${HEADING}】`, `◇◆${HEADING}◆◇`, `Ⅱ．${HEADING}`, `STEP2【${HEADING}】`], heading),
  ...each(['－', '・', '／', '→', '｜'], (sign) => id(`画面ID${sign}BLI023`)),
  ...each(
    [
      ' - 仙北信用組合',
      '－仙北信用組合',
      ' — 仙北信用組合 ネットバンキング',
      '<small> - 仙北信用組合</small>',
    ],
    (end) => heading(HEADING + end),
  ),
  ...each(
    ['仙北信用組合 - ', '仙北信用組合－'].map((brand) => brand + HEADING),
    heading,
  ),
  'an ID in letters that a style makes capitals': {
    id: '<p style="text-transform:uppercase">画面id : bli023</p>',
  },
};

export const WRITTEN_OTHERWISE: Readonly<Record<string, Parts>> = {
  'a field under another head of the table': table(
    `<tr><th>${OTP}</th></tr>`,
    `<tr><td>ニックネーム</td></tr><tr><td>${FIELD}</td></tr>`,
  ),
  'a field after another of its dt': {
    line: `<dl><dt>${OTP}</dt><dd><input type="button" value="表示"></dd><dd>${FIELD}</dd></dl>`,
  },
  'one of two fields of a fieldset': fieldset(OTP, `${FIELD}${OTHER}`),
  'a field of a fieldset with another name before it': fieldset(OTP, `ニックネーム ${FIELD}`),
  'a field of a fieldset with another name above it': fieldset(OTP, `<p>ニックネーム</p>${FIELD}`),
  'a field of a fieldset with a choice before it': fieldset(
    OTP,
    `<select><option>ニックネーム</option></select>${FIELD}`,
  ),
  'a heading in a question': heading(`Q.${HEADING}`),
  'a heading of another step': heading(`（2）${HEADING}のご案内`),
  'another ID': id('〔画面ID〕BOP001'),
  'two IDs': id('《画面ID》BLI023 『画面ID』BOP001'),
  ...each(['〔確認用〕', '〈前回の8桁〉', '（8桁目）', '（8番目）', '（別の番号）'], hinted),
  ...each(['（半角数字・確認用）', '（半角・前回のもの）', '（半角ニックネーム）'], hinted),
  ...each(['<br><small>確認用</small>', '<span>メールで届いた8桁の数字</span>', '<br>以外の数字'], hinted),
  ...each(['（新しいトークンに表示された8桁の数字）', '再入力', 'の確認入力', '②'], hinted),
  ...each(['<button type="button">確認用</button>', '<span>2</span>'], hinted),
  ...each(
    ['■新しい', '第2', '2つ目の', '（前回）'].map((mark) => mark + OTP),
    named,
  ),
  ...each([`【確認用】${OTP}`, `「${OTP}」以外`, `【${OTP}】確認用`], named),
  'a name in a cell, with another under it': {
    line: `<table border="1"><tr><th>${OTP}<br><small>確認用</small></th><td>${FIELD}</td></tr></table>`,
  },
  'a label around its field, with another name between': around(
    `${OTP}<span style="display:block">確認用</span>${FIELD}`,
  ),
  'a label around its field, with a name under it': around(`${OTP} ${FIELD}<br><small>ニックネーム</small>`),
  ...each([' 確認用', ' 半角数字8桁 確認用', ' 以外の数字', ' 8桁目', ' メールで届いた8桁の数字'], hinted),
  ...each(
    ['<small>確認用</small> ', '<small>メールで届いた8桁の</small>', '確認用 半角数字8桁 '].map(
      (mark) => mark + OTP,
    ),
    named,
  ),
  ...each([`<small>半角数字8桁</small>`, ` ${LONG}`, `（${LONG}）`], (hint) => ({
    style: 'p{position:relative}b{position:absolute;left:0;top:0;width:160px;background:#fff}',
    line: `<p><label for="o">${OTP}${hint}</label> ${FIELD}<b>ニックネーム</b></p>`,
  })),
  'a name in black on black, with a hint that is seen': {
    style:
      'p{position:relative}b{position:absolute;z-index:-1;left:0;top:0;width:160px;height:24px;background:#000}',
    line: `<p><label for="o">${OTP}（${LONG}）</label> ${FIELD}<b></b></p>`,
  },
  'a name that is cut off, with a hint that is seen, above another': {
    style:
      'label{display:block;width:1000px;font-size:14px;text-indent:-150px;overflow:hidden;white-space:nowrap}',
    line: `<label for="o">${OTP}（${LONG.repeat(2)}）</label>ニックネーム<br>${FIELD}`,
  },
  ...each(['の当選者プレゼント応募', '<small>のご案内</small>', '｜プレゼント応募', '（2/3名当選）'], (end) =>
    heading(HEADING + end),
  ),
  ...each([' - プレゼント応募', ' - 仙北信用組合のご案内', '－のご案内'], (end) => heading(HEADING + end)),
  'a heading that goes on before a stroke': heading(`プレゼント応募者の - ${HEADING}`),
  ...each(['｜', ' - '], (sign) => ({
    style:
      'h1{position:relative;font-size:20px;white-space:nowrap}b{position:absolute;left:0;top:0;width:360px;background:#fff}',
    heading: `<h1>${HEADING}${sign}${'仙北信用組合ネットバンキング'.repeat(2)}<b>プレゼント応募</b></h1>`,
  })),
  'a heading that goes on in a button': heading(
    `${HEADING}<button type="button">の当選者プレゼント応募</button>`,
  ),
  'a heading that goes on after the 画面ID': {
    id: '',
    heading: `<h1>${HEADING} 画面ID : BLI023 のご案内</h1>`,
  },
  'a heading with another 画面ID in it': {
    id: '',
    heading: `<h1>${HEADING}<span style="float:right">画面ID : BOP001</span></h1>`,
  },
  ...each([`【${HEADING}】のご案内`, `◇◆${HEADING}◆◇当選発表`, `Ⅱ${HEADING}のご案内`], heading),
  ...each(['画面ID－BOP001', '画面ID・XBLI023', '画面ID→BLI0231'], id),
  'an ID in letters that a style leaves small': { id: '<p>画面ID : bli023</p>' },
};
