import type { Parts } from './neighbours.ts';

/** Neighbours whose name in the markup nobody sees: what is seen beside the field that is no text of an element decides. */

const OTP = 'ワンタイムパスワード';
const OTHER = 'ニックネーム（公開）';
const FIELD = '<input id="o" maxlength="8">';
const NAME_ABOVE = `<div><label for="o">${OTP}</label><br>${FIELD}</div>`;
const columns = (left: string): Parts => ({
  line: `<div style="display:flex;gap:16px">${left}${NAME_ABOVE}</div>`,
});
const PICTURE = 'src="data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="';
const hidden = (beside: string, field = '', style = ''): Parts => ({
  style,
  line: `<p style="margin-top:90px"><label for="o" style="display:none">${OTP}</label>${beside} <input id="o" maxlength="8" ${field}></p>`,
});
const said = (beside: string, style = ''): Parts => ({
  style,
  line: `<p style="margin-top:90px">${beside} <input id="o" maxlength="8" aria-label="${OTP}"></p>`,
});

const OTHERWISE: Readonly<Record<string, Parts>> = {
  'generated letters beside the field': hidden(
    '<span class="n"></span>',
    '',
    `.n::before{content:"${OTHER}"}`,
  ),
  'generated letters beside a field with a name for screen readers': said(
    '<span class="n"></span>',
    `.n::before{content:"${OTHER}"}`,
  ),
  'generated letters at the beginning of the line': hidden(
    '',
    '',
    `form p:first-child::before{content:"${OTHER}"}`,
  ),
  'generated letters laid beside the field': hidden(
    '<span style="display:inline-block;width:200px"></span>',
    '',
    `form p:first-child{position:relative}form p:first-child::before{content:"${OTHER}";position:absolute;left:0;top:0;width:190px;white-space:nowrap}`,
  ),
  'generated letters above a field with a name for screen readers': said(
    '<span class="n"></span><br>',
    `.n::before{content:"${OTHER}"}`,
  ),
  'a picture of another name above the field': hidden(
    `<img ${PICTURE} width="160" height="20" alt="${OTHER}"><br>`,
  ),
  'a picture of another name': hidden(`<img ${PICTURE} width="160" height="20" alt="${OTHER}">`),
  'a placeholder with another name': hidden('', `placeholder="${OTHER}"`),
  'a placeholder that asks for something else': hidden('', 'placeholder="ニックネームを入力してください"'),
  'a button with another name': hidden(`<button type="button">${OTHER}</button>`),
  'a field that nobody types into': said(`<input readonly value="${OTHER}" style="border:0" tabindex="-1">`),
  'a field that nobody types into above': said(`<input readonly value="${OTHER}" style="border:0"><br>`),
  'the placeholder of a field that nobody types into': said(
    `<input disabled placeholder="${OTHER}" style="border:0">`,
  ),
  'the words of another field': said(`<input value="${OTHER}">`),
  'a button without an element in it': said(`<input type="button" value="${OTHER}">`),
  'a text area that nobody types into': said(`<textarea readonly rows="1">${OTHER}</textarea>`),
  'a choice': said(`<select><option>${OTHER}</option></select>`),
  'the name of a group of choices': said(`<select size="2"><optgroup label="${OTHER}"></optgroup></select>`),
  'quotes that say a name': said('<q></q>', `q{quotes:"${OTHER}" ""}`),
  'quotes in a box that say a name': said(
    '<span class="n"></span>',
    `.n{quotes:"${OTHER}" ""}.n::before{content:open-quote}`,
  ),
  'a counter that says a name': said(
    '<span class="n"></span>',
    `@counter-style names{system:cyclic;symbols:"${OTHER}"}.n::before{counter-increment:a;content:counter(a,names)}`,
  ),
  'a mark of a list that says a name': said(
    '',
    `@counter-style names{system:cyclic;symbols:"${OTHER}";suffix:""}form p:first-child{display:list-item;list-style:inside names}`,
  ),
  'a frame': said(`<iframe style="border:0;width:180px;height:30px" srcdoc="${OTHER}"></iframe>`),
  'a surface': said('<canvas width="180" height="20"></canvas>'),
  'a picture without words': said(`<img alt="" width="180" height="20" ${PICTURE}>`),
  'a picture made of lines': said('<svg width="180" height="20"><path d="M0 0h90v9"/></svg>'),
  'a picture in a shadow tree': {
    line: `<div id="h" style="margin-top:90px"></div>`,
    after: `<script>h.attachShadow({mode:'open'}).innerHTML='<img alt="" width="180" height="20" ${PICTURE}> <x-f></x-f>';h.shadowRoot.querySelector('x-f').attachShadow({mode:'open'}).innerHTML='<input maxlength="8" aria-label="${OTP}">'</script>`,
  },
};

/** Names that are seen, but farther away than another, or not in the field's line. */
const FARTHER: Readonly<Record<string, Parts>> = {
  'another name above the field, and its own far to the right': {
    line: `<p style="position:relative">${OTHER}<br>${FIELD}<label for="o" style="position:absolute;left:600px;top:0">${OTP}</label></p>`,
  },
  'another name above the field, and its own far below': {
    line: `<p>${OTHER}<br>${FIELD}</p><p style="margin-top:260px"><label for="o">${OTP}</label></p>`,
  },
  'another name above the field, and its own far above': {
    line: `<label for="o">${OTP}</label><div style="height:300px">お知らせ</div>${OTHER}<br>${FIELD}`,
  },
  ...Object.fromEntries(
    ['暗証番号', OTHER, '<h3>ログインパスワード</h3>', '暗証番号<br>例）1234'].map((other) => [
      `another name right above the field, and its own above that: ${other}`,
      { line: `<label for="o">${OTP}</label><div style="height:120px">お知らせ</div>${other}<br>${FIELD}` },
    ]),
  ),
  'another name between its own and the field': {
    line: `<label for="o">${OTP}</label><br>暗証番号<br>${FIELD}`,
  },
  'another name right above the field, and its own at the left above that': {
    line: `<label for="o">${OTP}</label><div style="margin-left:220px">暗証番号<br>${FIELD}</div>`,
  },
  'another name in the line under its own': { line: `<label for="o">${OTP}</label><br>${OTHER} ${FIELD}` },
};

export const NAMED_OTHERWISE = Object.fromEntries(
  Object.entries({ ...OTHERWISE, ...FARTHER }).map(([what, parts]) => [what, ['other-name', parts] as const]),
);

export const NAMED_BESIDE: Readonly<Record<string, Parts>> = {
  'a hidden name, and generated letters that say it': said(
    '<span class="n"></span>',
    `.n::before{content:"${OTP}"}`,
  ),
  'a hidden name, and a mark before the field': said('<i class="n"></i>', '.n::before{content:"※"}'),
  'a hidden name, and a mark that the field is required': said(
    '<i class="n"></i>',
    '.n::before{content:"必須"}',
  ),
  'a hidden name, and a picture of it': said(`<img ${PICTURE} width="160" height="20" alt="${OTP}">`),
  'a hidden name, and a lock before the field': said(`<img ${PICTURE} width="24" height="24" alt="鍵">`),
  'a name above, and a lock before the field': {
    line: `<label for="o">${OTP}</label><div><img ${PICTURE} width="24" height="24" alt="鍵"> <input id="o" maxlength="8"></div>`,
  },
  'a hidden name, and a button above the field': {
    line: `<p style="margin-top:90px"><button type="button">文字サイズ</button><br><input id="o" maxlength="8" aria-label="${OTP}"></p>`,
  },
  'a hidden name, and a button after the field': {
    line: `<p style="margin-top:90px"><input id="o" maxlength="8" aria-label="${OTP}"> <button type="button">再表示</button></p>`,
  },
  'a hidden name, and an icon of lines before the field': said(
    '<svg width="20" height="20"><path d="M0 0h9v9"/></svg>',
  ),
  'a hidden name, and a number that nobody types into before the field': said(
    '<input readonly value="1234567" size="8">',
  ),
  'a hidden name, and a field with words above': said('<input value="taro"><br>'),
  'a hidden name, and quotes that say it': said('<q></q>', `q{quotes:"${OTP}" ""}`),
  'a hidden name, and usual quotes around a number': said('<q>12</q>'),
  'a hidden name, and a picture beside a text that says it': said(
    `${OTP} <img alt="" width="40" height="20" ${PICTURE}>`,
  ),
  'a name above, and a menu in the column before': columns(
    '<ul style="width:180px"><li>残高照会</li><li>入出金明細</li><li>お振込</li></ul>',
  ),
  'a name above, and links in the column before': columns(
    '<nav style="width:180px"><a href="/a">残高照会</a><br><a href="/b">入出金明細</a><br><a href="/c">お振込</a></nav>',
  ),
  'a name above, and a picture in the column before': columns(
    `<img ${PICTURE} width="140" height="120" alt="トークンの見本">`,
  ),
  'a name above, and steps in the column before': columns(
    '<ol style="width:150px"><li>ログイン</li><li>認証</li><li>トップページ</li></ol>',
  ),
  'a name above, and a value in the column before': columns('<div>契約者番号<br>1234567890様</div>'),
  'a name above, and a picture in the cell before': {
    line: `<table><tr><td rowspan="2"><img alt="トークンの見本" width="120" height="80" ${PICTURE}></td><td><label for="o">${OTP}</label></td></tr><tr><td>${FIELD}</td></tr></table>`,
  },
  'a name far above a picture of the token': {
    line: `<label for="o">${OTP}</label><div><img ${PICTURE} width="300" height="260" alt="トークンの見本"></div><p>トークンに表示された数字を入力してください。</p>${FIELD}`,
  },
  ...Object.fromEntries(
    [
      'お手元のトークンをご確認ください',
      'ソフトウェアトークンに表示された番号',
      'アプリの6桁の認証番号',
      '<h3>ご本人の確認</h3>',
      'トークンの見本',
      '<a href="/help">トークンをお持ちでない方</a>',
    ].map((text) => [
      `a name above, and between it and the field ${text}`,
      { line: `<label for="o">${OTP}</label><div style="height:120px">お知らせ</div>${text}<br>${FIELD}` },
    ]),
  ),
  'a name at the left, under another row': {
    line: `<table border="1"><tr><td colspan="2">ログインパスワード</td></tr><tr><th>${OTP}</th><td>${FIELD}</td></tr></table>`,
  },
  'a name under a section of another': {
    line: `<h3>ログインパスワード</h3><label for="o">${OTP}</label><br>${FIELD}`,
  },
  'a name with a question mark made by a pseudo-element': { style: 'label::after{content:"ヘルプ"}' },
  ...Object.fromEntries(
    [
      OTP,
      `${OTP}を入力`,
      '例）12345678',
      '8桁の数字',
      '数字8桁を入力してください',
      'トークンに表示された数字',
      'トークンの番号',
      '確認コード',
      '12345678',
      '6-digit code',
    ].map((text) => [
      `a hidden name, and the placeholder ${text}`,
      {
        line: `<p style="margin-top:90px"><input id="o" maxlength="8" aria-label="${OTP}" placeholder="${text}"></p>`,
      },
    ]),
  ),
};
