import { type Html, html } from '../../../web/html.ts';

interface Kind {
  readonly name: string;
  readonly where: string;
  /** Drawn on a grid of 120 by 60: the outline, and the places of serial and code. */
  readonly outline: string;
  readonly code: readonly [x: number, y: number];
  readonly serial: readonly [x: number, y: number];
}

/** The kinds of tokens, and where each shows its シリアル番号 and its ワンタイムパスワード. */
const KINDS: readonly Kind[] = [
  {
    name: 'ソフトウェアトークン',
    where: 'トークンアプリの画面に、シリアル番号とワンタイムパスワードが並んで表示されます。',
    outline: 'M44 2h32a4 4 0 0 1 4 4v48a4 4 0 0 1-4 4H44a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4zM40 10h40M40 50h40',
    code: [60, 37],
    serial: [60, 23],
  },
  {
    name: 'ハードウェアトークン（キーホルダー型）',
    where: 'ワンタイムパスワードは画面に表示されます。シリアル番号は画面の下に印字されています。',
    outline:
      'M22 14h74a16 16 0 0 1 0 32H22a16 16 0 0 1 0-32zM12 30a5 5 0 1 0 10 0a5 5 0 1 0-10 0M34 21h56v12H34z',
    code: [62, 30.5],
    serial: [62, 42],
  },
  {
    name: 'ハードウェアトークン（カード型）',
    where:
      'カードのボタンを押すと、ワンタイムパスワードが表示されます。シリアル番号はカードの下部に印字されています。',
    outline:
      'M20 4h80a5 5 0 0 1 5 5v42a5 5 0 0 1-5 5H20a5 5 0 0 1-5-5V9a5 5 0 0 1 5-5zM24 14h46v14H24zM82 21a7 7 0 1 0 14 0a7 7 0 1 0-14 0',
    code: [47, 24.5],
    serial: [60, 47],
  },
  {
    name: 'ハードウェアトークン（ボタン型）',
    where:
      'ボタンを押すたびに、次のワンタイムパスワードが表示されます。シリアル番号は下部に印字されています。',
    outline:
      'M30 8h60a10 10 0 0 1 10 10v24a10 10 0 0 1-10 10H30a10 10 0 0 1-10-10V18a10 10 0 0 1 10-10zM28 15h44v13H28zM78 30a8 8 0 1 0 16 0a8 8 0 1 0-16 0',
    code: [50, 25],
    serial: [50, 43],
  },
];

const text = ([x, y]: readonly [number, number], size: number, said: string): Html =>
  html`<text x="${x}" y="${y}" font-size="${size}" text-anchor="middle" fill="currentColor">${said}</text>`;

/** The heading in ワンタイムパスワードご案内 under which the kinds of tokens, and how to get one, are found. */
export const TOKENS_HEADING = 'トークンの種類と入手方法';

/** 【シリアル番号およびワンタイムパスワードの確認方法】 */
export const tokenPictures = (): Html =>
  html`<ul class="token-kinds">${KINDS.map(
    ({ name, where, outline, code, serial }) =>
      html`<li><svg viewBox="0 0 120 60" width="180" height="90" aria-hidden="true" focusable="false"><path d="${outline}" fill="none" stroke="currentColor" stroke-width="1.5"/>${text(code, 9, '123456')}${text(serial, 5, 'シリアル番号')}</svg><p><strong>${name}</strong>${where}</p></li>`,
  )}</ul>
<p class="note">表示されている番号は見本です。ご利用のトークンの形や色は、図と異なる場合があります。</p>`;
