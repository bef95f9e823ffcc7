import fc from 'fast-check';
import '../seed.ts';

/** One property of a page, and whether it is as the extension wants it. */
interface Choice {
  readonly text: string;
  readonly fits: boolean;
}

/** Mostly what fits: else hardly a page would have everything right. */
const choice = (fitting: readonly string[], unfitting: readonly string[]): fc.Arbitrary<Choice> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...fitting).map((text) => ({ text, fits: true })) },
    { weight: 1, arbitrary: fc.constantFrom(...unfitting).map((text) => ({ text, fits: false })) },
  );

const wrapper = choice(
  [
    '',
    'style="opacity: 0.9"',
    'style="overflow: hidden"',
    'style="position: relative; padding: 10px"',
    'style="transform: translateX(5px)"',
    'style="margin-top: 60px"',
    'style="border: 1px solid; border-radius: 8px"',
  ],
  [
    'inert',
    'hidden',
    'style="display: none"',
    'style="visibility: hidden"',
    'style="opacity: 0"',
    'style="opacity: 0.05"',
    'style="clip-path: inset(50%)"',
    'style="transform: scale(0.05)"',
    'style="height: 0; overflow: hidden"',
    'style="position: absolute; left: -9999px"',
    'style="position: fixed; left: 5000px; top: 10px"',
    'style="filter: opacity(0)"',
    'style="mask-image: linear-gradient(transparent, transparent)"',
    'style="pointer-events: none"',
    'style="content-visibility: hidden"',
    'style="zoom: 0.05"',
  ],
);

const spec = fc.record({
  id: choice(
    ['画面ID : BLI023', '画面ＩＤ：ＢＬＩ０２３', '<b>画面ID</b> <i>BLI023</i>'],
    [
      '',
      '画面ID : BOP001',
      '画面ID : BLI0231',
      '<span hidden>画面ID : BLI023</span>',
      '画面ID : BLI023 画面ID : BOS001',
    ],
  ),
  heading: choice(
    ['<h1>ログイン（ワンタイムパスワード認証）</h1>', '<h2>ﾛｸﾞｲﾝ(ﾜﾝﾀｲﾑﾊﾟｽﾜｰﾄﾞ認証)</h2>'],
    [
      '<h1>ログイン</h1>',
      '<h1 hidden>ログイン（ワンタイムパスワード認証）</h1>',
      '<p>ログイン（ワンタイムパスワード認証）</p>',
      '<h1>ワンタイムパスワード利用解除（利用解除確認）</h1>',
    ],
  ),
  name: choice(
    ['ワンタイムパスワード', '【必須】ワンタイムパスワード（半角数字）', 'ﾜﾝﾀｲﾑﾊﾟｽﾜｰﾄﾞ※'],
    ['確認用パスワード', 'ワンタイムパスワード（確認用）', '取引認証コード', '', '暗証番号'],
  ),
  naming: fc.constantFrom('for', 'around', 'aria-label', 'aria-labelledby', 'cell'),
  type: choice(
    ['', 'text', 'tel', 'password', 'number'],
    ['hidden', 'email', 'search', 'checkbox', 'url', 'submit', 'date'],
  ),
  maxLength: choice(
    ['', 'maxlength="6"', 'maxlength="8"', 'maxlength="40"'],
    ['maxlength="1"', 'maxlength="4"', 'maxlength="5"'],
  ),
  state: choice(
    ['', 'required', 'placeholder="12345678"'],
    ['disabled', 'readonly', 'style="width: 3px; padding: 0; border: 0"'],
  ),
  form: choice(
    ['', 'action=""', 'action="/ib/next"', 'action="next" method="post"'],
    [
      'action="https://evil.example/"',
      'action="//evil.example/"',
      'action="javascript:0"',
      'action="data:,x"',
    ],
  ),
  button: choice(
    ['', 'formaction="/ib/other"'],
    ['formaction="https://evil.example/"', 'formaction="data:,x"'],
  ),
  outer: wrapper,
  middle: wrapper,
  inner: wrapper,
  rivals: choice([''], ['<input maxlength="8" aria-label="ワンタイムパスワード">']),
  cover: choice([''], ['<div style="position: fixed; inset: 0"></div>']),
  others: fc.subarray([
    '<input aria-label="ログインID" value="taro">',
    '<label>確認用パスワード <input type="password"></label>',
    '<p>ワンタイムパスワードを入力してください。</p>',
    '<form action="https://evil.example/"><input type="search"></form>',
    '<table><tr><th>店番</th><td><input maxlength="3"></td></tr></table>',
  ]),
});

type Spec = typeof spec extends fc.Arbitrary<infer T> ? T : never;

function line({ name, naming, type, maxLength, state }: Spec): string {
  const attributes = `id="code" ${type.text && `type="${type.text}"`} ${maxLength.text} ${state.text}`;
  switch (naming) {
    case 'for':
      return `<label for="code">${name.text}</label> <input ${attributes}>`;
    case 'around':
      return `<label>${name.text} <input ${attributes}></label>`;
    case 'aria-label':
      return `<input aria-label="${name.text}" ${attributes}>`;
    case 'aria-labelledby':
      return `<span id="name">${name.text}</span> <input aria-labelledby="name" ${attributes}>`;
    default:
      return `<table><tr><th>${name.text}</th><td><input ${attributes}></td></tr></table>`;
  }
}

function bodyOf(one: Spec): string {
  const { id, heading, form, button, outer, middle, inner, rivals, cover, others } = one;
  return `<p>${id.text}</p>${heading.text}<div ${outer.text}><form ${form.text}><div ${middle.text}><div ${inner.text}>
${line(one)}</div></div><button ${button.text}>次へ</button></form></div>${rivals.text}${cover.text}${others.join('')}`;
}

/** A page made by chance, and whether every condition holds on it, for one field and no more. */
export const generatedPage = spec.map((one) => {
  const { others: _others, naming: _naming, id, heading, cover, rivals, ...own } = one;
  const ownFits = Object.values(own).every(({ fits }) => fits);
  // The rival lies outside the form: it is one field more, or the only one.
  const oneField = ownFits !== !rivals.fits;
  return { body: bodyOf(one), fits: id.fits && heading.fits && cover.fits && oneField };
});
