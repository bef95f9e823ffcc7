import { HEADING, type Parts } from './neighbours.ts';

/** Readings above letters, and what stands beside them: filled; and what is in the place of a reading, and is none: not filled. */

const OTP = 'ワンタイムパスワード';
const OTHER = 'ニックネーム（公開）';
const FIELD = '<input id="o" maxlength="8">';
const named = (name: string): Parts => ({ line: `<p><label for="o">${name}</label> ${FIELD}</p>` });
const heading = (text: string): Parts => ({ heading: `<h1>${text}</h1>` });

const READ_HEADING =
  'ログイン（ワンタイムパスワード<ruby>認<rp>（</rp><rt>にん</rt><rp>）</rp>証<rp>（</rp><rt>しょう</rt><rp>）</rp></ruby>）';
const READ_NAME = `<ruby>${OTP}<rp>（</rp><rt>いちどだけのあいことば</rt><rp>）</rp></ruby>`;
const VEIL = 'position:absolute;inset:0;background:#fff';

export const WITH_RUBY: Readonly<Record<string, Parts>> = {
  'readings above all of the heading': heading(`<ruby>${HEADING}<rt>ろぐいん</rt></ruby>`),
  'readings in heading, 画面ID and name': {
    ...named(READ_NAME),
    ...heading(READ_HEADING),
    id: '<p><ruby>画面<rt>がめん</rt></ruby>ID : BLI023</p>',
  },
  'readings in lines that stand close': {
    ...named(READ_NAME),
    ...heading(READ_HEADING),
    style: 'h1,p{line-height:1.2}',
  },
  'readings in the head of a row': {
    line: `<table border="1"><tr><th>${READ_NAME}</th><td>${FIELD}</td></tr></table>`,
  },
  'readings as large as their letters': { ...named(READ_NAME), style: 'rt{font-size:16px}' },
  'a date in its own box after the 画面ID': {
    id: '<p>画面ID : <b>BLI023</b><span style="margin-left:8px">2026年11月21日</span></p>',
  },
  'readings under their letters': {
    ...named(READ_NAME),
    ...heading(READ_HEADING),
    style: 'ruby{ruby-position:under}',
  },
};

/** What is read together with the letters beside it. */
export const NO_READINGS: Readonly<Record<string, Parts>> = {
  'more of a name in an rt': named(
    `${OTP}<rt style="display:inline;font-size:16px">ではなくニックネーム</rt>`,
  ),
  'more of a name in an rt of a ruby': named(
    `<ruby>${OTP}<rt style="display:inline;font-size:16px">ではなくニックネーム</rt></ruby>`,
  ),
  'more of a name in an rt of a block': named(
    `<ruby style="display:block">${OTP}<rt style="font-size:16px">ではなくニックネーム</rt></ruby>`,
  ),
  'more of a name in an rp': named(`${OTP}<rp style="display:inline">ではなくニックネーム</rp>`),
  'more of a heading in an rt': heading(
    `${HEADING}<rt style="display:inline;font-size:32px">の当選者プレゼント応募</rt>`,
  ),
  'more of a 画面ID in an rt': {
    id: '<p>画面ID : BLI023<rt style="display:inline;font-size:16px">X9</rt></p>',
  },
  'an rt over its name': named(
    `<ruby style="position:relative">${OTP}<rt style="display:block;${VEIL};font-size:16px">${OTHER}</rt></ruby>`,
  ),
};

export const RUBY_OVER: Readonly<Record<string, Parts>> = {
  'an rt over its heading': heading(
    `<ruby style="position:relative">${HEADING}<rt style="display:block;${VEIL};font-size:32px">プレゼント応募</rt></ruby>`,
  ),
  'another element over a heading in a ruby': heading(
    `<ruby style="position:relative;display:block">${HEADING}<b style="${VEIL}">プレゼント応募</b></ruby>`,
  ),
  'letters of a reading moved over its heading': {
    ...heading(`<ruby>${HEADING}<rt>${'█'.repeat(24)}</rt></ruby>`),
    style: 'rt{position:relative;top:30px;font-size:28px;color:#fff}',
  },
  'an rt over its 画面ID': {
    id: `<p><ruby style="position:relative">画面ID : BLI023<rt style="display:block;${VEIL};font-size:16px">画面ID : BLI001</rt></ruby></p>`,
  },
  'a veil in a ruby around the page': {
    before: '<ruby style="display:block;position:relative">',
    after:
      '<b style="position:absolute;left:0;top:0;width:100%;height:110px;background:#fff">プレゼント応募</b></ruby>',
  },
};
