import type { Parts } from './neighbours.ts';

/** Neighbours whose name in the markup nobody sees: what is seen beside the field that is no text of an element decides. */

const OTP = 'ワンタイムパスワード';
const OTHER = 'ニックネーム（公開）';
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
};

export const NAMED_OTHERWISE = Object.fromEntries(
  Object.entries(OTHERWISE).map(([what, parts]) => [what, ['other-name', parts] as const]),
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
