import { HEADING, type Parts } from './neighbours.ts';

/** Neighbours on which parts of texts look otherwise than their elements. */

const highlighted = (style: string, what = 'h1', more = ''): Parts => ({
  style: `::highlight(h){${style}}${more}`,
  after: `<script>const r=new Range();r.selectNodeContents(document.querySelector('${what}'));CSS.highlights.set('h',new Highlight(r))</script>`,
});
const selected = (style: string, what = 'h1'): Parts => ({
  style,
  after: `<script>getSelection().selectAllChildren(document.querySelector('${what}'))</script>`,
});

export const SEEN_IN_PARTS: Readonly<Record<string, Parts>> = {
  'first lines and letters in colours': {
    style:
      'h1::first-line{color:#036}p::first-line{color:#333;font-weight:bold}h1::first-letter{color:#c00;font-size:2em}',
  },
  'a first line in white above the heading': {
    style: 'div::first-line{color:#fff}div p{background:#036}',
    heading: `<div><p>仙北ネットバンク</p><h1>${HEADING}</h1></div>`,
  },
  'a first line on its own ground': { style: 'h1::first-line{color:#fff;background:#036}' },
  'a page whose customer has selected all of it': selected('', 'body'),
  'a heading that is selected in colours of the page': selected('::selection{color:#fff;background:#036}'),
  'a heading that is selected without a ground': selected('::selection{background:transparent}'),
  'a heading beside the bank’s name, which is a link': {
    style: 'a:visited{color:#551a8b}',
    heading: `<h1><a href="">仙北ネットバンク</a> ${HEADING}</h1>`,
  },
  'a name that is a link to its explanation, with no other text near': {
    line: '<p style="margin-top:90px"><label for="o"><a href="/ib/help">ワンタイムパスワード</a></label> <input id="o" maxlength="8"></p>',
  },
  'a name with a link to its explanation': {
    line: '<table border="1"><tr><th>ワンタイムパスワード<a href="/ib/help">※</a></th><td><input id="o" maxlength="8"></td></tr></table>',
  },
};

/** Firefox does not tell where the highlights are, and there none of a page with any is filled. */
export const SEEN_IN_PARTS_IN_CHROMIUM: Readonly<Record<string, Parts>> = {
  'a heading that is marked as found': highlighted('color:#000;background:#ff0'),
  'a heading that is highlighted in white on its own ground': highlighted('color:#fff;background:#036'),
  'other text that is highlighted': highlighted('background:#ff0', 'form'),
};

export const UNSEEN_IN_PARTS: Readonly<Record<string, readonly [check: string, Parts]>> = {
  'a heading whose first line has no colour': [
    'faded',
    { style: 'h1::first-line{color:transparent}h1::before{content:"プレゼント応募";color:#000}' },
  ],
  'a 画面ID whose first line is white': ['faded', { style: 'p::first-line{color:#fff}' }],
  'a heading that is white where an address leads to it': [
    'faded',
    { style: 'h1::target-text{color:#fff;background:transparent}' },
  ],
  'a heading in a box whose first line is white': [
    'faded',
    { style: 'div::first-line{color:#fff}', heading: `<div><h1>${HEADING}</h1></div>` },
  ],
  'a heading in a box whose first line is white, after what is in no line': [
    'faded',
    {
      style: 'div::first-line{color:#fff}',
      heading: `<div><p style="position:absolute;left:600px">あ</p><p style="display:none">い</p><h1>${HEADING}</h1></div>`,
    },
  ],
  'a heading on a ground of its first line': [
    'faded',
    { style: 'h1{color:#036}h1::first-line{background:#036}' },
  ],
  'a heading that is highlighted without colour': ['faded', highlighted('color:transparent')],
  'a heading that is highlighted on a ground of its colour': ['faded', highlighted('background:#000')],
  'a 画面ID that is highlighted in white': ['faded', highlighted('color:#fff', 'p')],
  'a heading that is highlighted twice': [
    'faded',
    {
      style: '::highlight(h){color:#fff;background:#036}::highlight(i){background:#fff}',
      after: `<script>const r=new Range();r.selectNodeContents(document.querySelector('h1'));const i=new Highlight(r);i.priority=1;CSS.highlights.set('h',new Highlight(r)).set('i',i)</script>`,
    },
  ],
  'a heading that is selected without colour': [
    'faded',
    selected('h1::selection{color:transparent;background:transparent}'),
  ],
  'a heading that is selected on a ground of its colour': [
    'faded',
    selected('h1::selection{color:#fff;background:#fff}'),
  ],
  'a heading in a link, which may look otherwise when it was visited': [
    'faded',
    {
      style: 'a:link{color:#000}a:visited{color:#fff}',
      heading: `<h1><a href="">${HEADING}</a></h1>`,
    },
  ],
  'a 画面ID in a link': [
    'faded',
    { style: 'a:link{color:#000}a:visited{color:#fff}', id: '<p><a href="">画面ID : BLI023</a></p>' },
  ],
  'the field in a link': [
    'faded',
    {
      style: 'a:visited #o{color:#fff}',
      line: '<p><label for="o">ワンタイムパスワード</label> <a href=""><input id="o" maxlength="8"></a></p>',
    },
  ],
  'a name in a link before another': [
    'other-name',
    {
      style: 'a:link{color:#000}a:visited{color:#fff}',
      line: '<p><label for="o"><a href="">ワンタイムパスワード</a></label> ニックネーム（公開） <input id="o" maxlength="8"></p>',
    },
  ],
};
