import type { Parts } from './neighbours.ts';

/** Ways to lay out a name and its field or boxes: filled; and what is laid out like them with another name: not filled. */

const OTP = 'ワンタイムパスワード';
const FIELD = '<input id="o" maxlength="8">';
const OTHER = '<input maxlength="8">';
const BOX = '<input maxlength="1" size="1">';
const BOX_OF_FOUR = '<input maxlength="4" size="4">';
const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8];

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=';
const PICTURE = `src="${PIXEL}"`;

const table = (...rows: readonly string[]) =>
  `<table border="1">${rows.map((cells) => `<tr>${cells}</tr>`).join('')}</table>`;
const inTable = (...rows: readonly string[]): Parts => ({ line: table(...rows) });
const inNested = (name: string, ...rows: readonly string[]) =>
  inTable(`<th>${name}</th><td>${table(...rows)}</td>`);
const cells = (boxes: readonly string[]) => boxes.map((box) => `<td>${box}</td>`).join('');
const eight = (box: (place: number) => string) => EIGHT.map(box).join('');
const inBlock = (place: number) => `<div><input id="d${place}" maxlength="1" size="1"></div>`;
const flex = (content: string) => `<div style="display:flex">${content}</div>`;
const fieldset = (legend: string, inner: string): Parts => ({
  line: `<fieldset><legend>${legend}</legend>${inner}</fieldset>`,
});

export const LAID_OUT: Readonly<Record<string, Parts>> = {
  'a field in a table in its cell': inNested(OTP, `<td>${FIELD}</td>`),
  'a field in a table in a table in its cell': inNested(OTP, `<td>${table(`<td>${FIELD}</td>`)}</td>`),
  'a field in a table in its cell, under a hint': inNested(OTP, '<td>半角数字8桁</td>', `<td>${FIELD}</td>`),
  'a field in a table in its cell, after a hint': inNested(OTP, `<td>トークンの数字</td><td>${FIELD}</td>`),
  'a field in a table under its name': inTable(`<td>${OTP}</td>`, `<td>${table(`<td>${FIELD}</td>`)}</td>`),
  'a hint between a name and its field in rows': inTable(
    `<td><b>${OTP}</b></td>`,
    '<td><small>トークンに表示された数字</small></td>',
    `<td>${FIELD}</td>`,
  ),
  'a hint between a name and its field in a row': inTable(
    `<th>${OTP}</th><td>半角数字8桁</td><td>${FIELD}</td>`,
  ),
  'a hint between a name far away and its field in a row': {
    line: `<table width="780" border="1"><tr><th width="50%" align="left">${OTP}</th><td width="25%">トークンの数字</td><td>${FIELD}</td></tr></table>`,
  },
  'an empty row between a name and its field': inTable(`<th>${OTP}</th>`, '', `<td>${FIELD}</td>`),
  'a row of a space between a name and its field': inTable(
    `<th>${OTP}</th>`,
    '<td>&nbsp;</td>',
    `<td>${FIELD}</td>`,
  ),
  'rows of spacers between a name and its field': inTable(
    `<th>${OTP}</th><th>例</th>`,
    '<td colspan="2" height="8"></td>',
    `<td colspan="2"><img alt="" width="400" height="4" ${PICTURE}></td>`,
    `<td>${FIELD}</td>`,
  ),
  'a field after another in its row, each with its name': inTable(
    `<th>店番</th><td><input maxlength="3"></td><th>${OTP}</th><td>${FIELD}</td>`,
  ),
  'no name but for screen readers, beside how to type it': {
    line: `<p style="margin-top:90px">トークンに表示された数字 <input id="o" maxlength="8" aria-label="${OTP}"></p>`,
  },
  'boxes in a cell each in a table in a cell': inNested(OTP, cells(EIGHT.map(() => BOX))),
  'boxes in a cell each': inTable(`<th>${OTP}</th>${cells(EIGHT.map(() => BOX))}`),
  'boxes in a cell each, with a stroke between them': inTable(
    `<td>${OTP}</td>${cells([BOX_OF_FOUR, '－', BOX_OF_FOUR])}`,
  ),
  'boxes in a block each, under the label of the first': {
    line: `<div><label for="d1">${OTP}</label>${flex(eight(inBlock))}</div>`,
  },
  'boxes in a block each in the form, under the label of the first': {
    line: `<label for="d1">${OTP}</label>${eight(inBlock)}`,
  },
  'boxes in a block each in the form, named by the heading before them': {
    line: `<h3 id="n">${OTP}</h3>${eight(() => '<div><input maxlength="1" size="1" aria-labelledby="n"></div>')}`,
  },
  'boxes in two blocks each': {
    line: `<div><label for="d1">${OTP}</label>${flex(eight((place) => `<div><div><input id="d${place}" maxlength="1" size="1"></div></div>`))}</div>`,
  },
  'boxes named by the code and their place': {
    line: `<div>${OTP}<br>${eight((place) => `<input maxlength="1" size="1" aria-label="${OTP}の${place}桁目">`)}</div>`,
  },
  'boxes that hide their digits, with a choice to show them': fieldset(
    OTP,
    `${'<input type="password" maxlength="1" size="1">'.repeat(8)}<label><input type="checkbox" value="">表示する</label>`,
  ),
};

export const LAID_OUT_OTHERWISE: Readonly<Record<string, Parts>> = {
  'a field of another name in a table in its cell': inNested(OTP, `<td>ニックネーム</td><td>${FIELD}</td>`),
  'a field under another name in a table in its cell': inNested(OTP, '<td>確認用</td>', `<td>${FIELD}</td>`),
  'a field after another in a table in its cell': inNested(
    OTP,
    `<td>メールアドレス</td><td>${OTHER}</td>`,
    `<td></td><td>${FIELD}</td>`,
  ),
  'a field in a table under another name in its cell': inTable(
    `<th>${OTP}</th><td>ニックネーム${table(`<td>${FIELD}</td>`)}</td>`,
  ),
  'no name but for screen readers, beside how to type another': {
    line: `<p style="margin-top:90px">メールに届いた数字 <input id="o" maxlength="8" aria-label="${OTP}"></p>`,
  },
  'a field in a table in a cell after another name': inNested('ニックネーム', `<td>${FIELD}</td>`),
  'a field in a table in its cell, under a text': inNested(
    OTP,
    '<td>お客さまのニックネームを入力してください。</td>',
    `<td>${FIELD}</td>`,
  ),
  ...Object.fromEntries(
    [
      '<td>ニックネーム</td>',
      '<td></td><td>ニックネーム</td>',
      '<td><input maxlength="8" aria-label="ニックネーム"></td>',
      '<td><select><option></option></select></td>',
      '<td><textarea></textarea></td>',
      '<td><canvas width="160" height="20"></canvas></td>',
      `<td><img alt="" width="160" height="20" ${PICTURE}></td>`,
      '<td class="generated"></td>',
      '<td class="drawn"></td>',
    ].map((cells) => [
      `a row between a name and a field that is not empty: ${cells}`,
      {
        style: `.generated::before{content:"ニックネーム"}.drawn{height:20px;background:url(${PIXEL})}`,
        ...inTable(`<th>${OTP}</th>`, cells, '<td>&nbsp;</td>', `<td>${FIELD}</td>`),
      },
    ]),
  ),
  'another name between a name and a field in rows': inTable(
    `<td><b>${OTP}</b></td>`,
    '<td><small>ニックネーム</small></td>',
    `<td>${FIELD}</td>`,
  ),
  'a field after that of the name in its row, with its own': inTable(
    `<th>${OTP}</th><td><input maxlength="3"></td><th>ニックネーム</th><td>${FIELD}</td>`,
  ),
  'a repetition between a name and a field in a row': inTable(
    `<th>${OTP}</th><td>確認用</td><td>${FIELD}</td>`,
  ),
  'another token between a name and a field in a row': inTable(
    `<th>${OTP}</th><td>新しいトークンの数字</td><td>${FIELD}</td>`,
  ),
  'another field and a hint between a name and a field in a row': inTable(
    `<th>${OTP}</th><td><input maxlength="8" aria-label="ニックネーム"></td><td>半角数字8桁</td><td>${FIELD}</td>`,
  ),
  'boxes in a cell each, with another name between them': inTable(
    `<th>${OTP}</th><td>${BOX_OF_FOUR}</td><th>暗証番号</th><td>${BOX_OF_FOUR}</td>`,
  ),
  'boxes in a cell each, after another name': inTable(`<th>合言葉</th>${cells(EIGHT.map(() => BOX))}`),
  'nine boxes in a cell each': inTable(`<th>${OTP}</th>${cells([...EIGHT, 9].map(() => BOX))}`),
  'boxes in a block each, with another name between them': {
    line: flex(
      `<div><label for="d1">${OTP}</label><input id="d1" maxlength="4"></div><div>暗証番号<input maxlength="4"></div>`,
    ),
  },
  'boxes in a block each in the form, under another label': {
    line: `<label for="d1">暗証番号</label>${eight(inBlock)}`,
  },
  'boxes in a block each in the form, under another name': {
    line: `<label for="d1">${OTP}</label><p>暗証番号</p>${eight(inBlock)}`,
  },
  'boxes in a block each in the form, with another name between them': {
    line: `<label for="d1">${OTP}</label>${eight((place) => (place === 5 ? '<p>暗証番号</p>' : '') + inBlock(place))}`,
  },
  'nine boxes in a block each in the form': {
    line: `<label for="d1">${OTP}</label>${eight(inBlock)}${inBlock(9)}`,
  },
  'boxes in a block each in the form, and another field': {
    line: `<label for="d1">${OTP}</label>${eight(inBlock)}<p>${OTHER}</p>`,
  },
  'boxes named by another code and their place': {
    line: `<div>${OTP}<br>${eight((place) => `<input maxlength="1" size="1" aria-label="暗証番号の${place}桁目">`)}</div>`,
  },
  'boxes named by the repetition of the code': {
    line: `<div>${OTP}<br>${eight((place) => `<input maxlength="1" size="1" aria-label="${OTP}（確認用）の${place}桁目">`)}</div>`,
  },
  'boxes of another name, with a choice to show them': fieldset(
    '暗証番号',
    `${'<input type="password" maxlength="1" size="1">'.repeat(8)}<label><input type="checkbox" value="">表示する</label>`,
  ),
};
