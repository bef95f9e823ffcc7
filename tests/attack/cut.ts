import { HEADING, NAMED, type Parts } from './neighbours.ts';

/** Neighbours of which a box or the window shows a part. */

const ID = (style: string) => `<p style="${style}">画面ID : BLI023</p>`;
const HIDDEN = 'overflow:hidden;white-space:nowrap';
const PICTURE =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Crect width='400' height='40'/%3E%3C/svg%3E";
const IMAGE = `<img alt="${HEADING}" width="400" height="40" src="${PICTURE}">`;

export const FILLED_THOUGH_CUT: Readonly<Record<string, Parts>> = {
  'a page that hides what is beside it': { style: 'html,body{overflow-x:hidden}' },
  'a page that hides what is beside it, as high as the window': {
    style: 'html,body{overflow-x:hidden;height:100%}',
    before: '<div style="height:20px"></div>',
    after: '<div style="height:3000px"></div>',
  },
  'a page that clips what is beside it': { style: 'body{overflow-x:clip}' },
  'a page that does not scroll': { style: 'html{overflow:hidden}' },
  'a page that scrolls in its body': {
    style: 'html{overflow:hidden;height:100%}body{overflow:auto;height:100%;margin:0}',
    after: '<div style="height:3000px"></div>',
  },
  'a page that scrolls in a part of it': {
    style: 'body{overflow:hidden;height:100vh;margin:0}main{overflow-y:auto;height:100vh}',
    before: '<header style="height:60px">仙北ネットバンク</header><main>',
    after: '<div style="height:3000px"></div></main>',
  },
  'a heading that was scrolled away': {
    style: 'h1{margin-bottom:900px}body{padding-bottom:900px}',
    after: '<script>addEventListener("load",()=>o.scrollIntoView({block:"center"}));</script>',
  },
  'a long line in a box that scrolls': {
    heading: `<div style="width:150px;overflow-x:auto"><h1 style="white-space:nowrap">${HEADING}</h1></div>`,
  },
  'a heading whose edge is cut': { style: `h1{width:max-content;${HIDDEN};text-indent:-8px}` },
  'a heading that would end in another word if it were cut': {
    style: `h1{width:800px;${HIDDEN};font-size:30px;text-overflow:"（続く）"}`,
  },
  'a heading in a picture': { heading: `<p>${IMAGE}</p><table><tr><td>${IMAGE}</td></tr></table>` },
  'a heading in a picture over another': {
    heading: `<div style="position:relative"><i style="position:absolute;inset:0;background:#fff"></i><p style="position:relative">${IMAGE}</p></div>`,
  },
};

/** Chromium does not write a string where it cuts a line. */
export const EMPTY_AS_CUT_IN_FIREFOX: Readonly<Record<string, readonly [check: string, Parts]>> = {
  'a heading that ends in other words where it is cut': [
    'clipped',
    { style: `h1{width:500px;${HIDDEN};font-size:30px;text-overflow:"プレゼント応募のご案内です"}` },
  ],
  'a heading that ends in other words at its start': [
    'clipped',
    { style: `h1{width:500px;${HIDDEN};font-size:30px;text-overflow:"プレゼント応募" ellipsis}` },
  ],
};

export const EMPTY_AS_CUT: Readonly<Record<string, readonly [check: string, Parts]>> = {
  'a heading of which the middle is in its box': [
    'clipped',
    { style: `h1{width:30px;${HIDDEN};text-indent:-276px}` },
  ],
  'a 画面ID of which the middle is in its box': [
    'clipped',
    { id: ID(`width:20px;${HIDDEN};text-indent:-50px`) },
  ],
  'a heading of which the end is in the window': [
    'outside',
    { style: 'h1{position:absolute;left:-280px;top:300px;white-space:nowrap}' },
  ],
  'a 画面ID of which the end is in the window': [
    'outside',
    { id: ID('position:absolute;left:-60px;top:300px;white-space:nowrap') },
  ],
  'a heading cut by two boxes': [
    'clipped',
    {
      heading: `<div style="width:480px;${HIDDEN}"><div style="width:540px;margin-left:-80px;${HIDDEN}"><h1>${HEADING}</h1></div></div>`,
      style: 'h1{font-size:32px}',
    },
  ],
  'a heading beside a window that does not scroll': [
    'outside',
    { style: 'html{overflow:hidden}h1{position:absolute;left:3000px}' },
  ],
  'a heading beside a window that clips': [
    'outside',
    { style: 'html{overflow-x:clip}h1{position:absolute;left:3000px}' },
  ],
  'a heading beside a window whose body does not scroll': [
    'outside',
    { style: 'body{overflow-x:hidden}h1{position:absolute;left:3000px}' },
  ],
  'a heading under a body that clips by itself': [
    'clipped',
    {
      style: 'html{overflow:auto}body{overflow:hidden;height:200px}h1{margin-top:300px}',
      line: '',
      after: `<form method="post" style="position:absolute;top:0;left:0">${NAMED}</form>`,
    },
  ],
  'a body without height that shows nothing outside it': [
    'clipped',
    { style: 'html{overflow:auto}body{contain:paint;height:0}' },
  ],
  'a root without height that shows nothing outside it': [
    'clipped',
    { style: 'html{overflow:auto;height:0;mask:linear-gradient(#000,#000)}' },
  ],
  'a heading in a body that is none of the page': [
    'clipped',
    {
      style: '#b{overflow:hidden;height:0;display:block}',
      heading: `<div id="w"></div><script>const b=document.createElement('body');b.id='b';b.innerHTML='<h1>${HEADING}</h1>';w.append(b)</script>`,
    },
  ],
  'a heading in a picture under another': [
    'covered',
    {
      heading: `<div style="position:relative">${IMAGE}<b style="position:absolute;inset:0;background:#fff;pointer-events:none">プレゼント応募</b></div>`,
    },
  ],
  'a heading in a picture under its own outline': [
    'covered',
    { style: 'img{outline:400px solid #fff;outline-offset:-400px}', heading: `<p>${IMAGE}</p>` },
  ],
  'a heading in a picture without ink': ['faded', { heading: `<p style="opacity:.01">${IMAGE}</p>` }],
};
