import { HEADING, NAMED, type Parts } from './neighbours.ts';

/** Drawn elsewhere, or around the field: the page is filled. */

const DOT = 'url(&quot;data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=&quot;)';
const LIST = '<p>あ</p><ul><li>あ</li></ul>';
const LINK = '<p><a href="#">次へ進む</a></p>';

/** A chevron at a link below the form. */
const chevron = (style: string): Parts => ({
  style: `a{position:relative}a::after{content:"";position:absolute;right:-20px;top:5px;width:8px;height:8px;border:solid #333;border-width:2px 2px 0 0;${style}}`,
  after: LINK,
});
/** A bar in an icon below the form. */
const icon = (style: string, inner = ''): Parts => ({
  style: `.i{position:relative;display:inline-block;width:20px;height:20px;${style}}.i::after,.i b::after{content:"";position:absolute;left:4px;top:9px;width:12px;height:2px;background:#333}`,
  after: `<p>あ</p><p>い <i class="i">${inner}</i></p>`,
});
/** A ring of a style around the field. */
const ring = (style: string, field = ''): Parts => ({
  line: `<label for="o">ワンタイムパスワード</label><div style="position:relative;width:240px"><input id="o" maxlength="8" style="width:240px;height:40px;box-sizing:border-box;${field}"><i style="position:absolute;pointer-events:none;${style}"></i></div>`,
});
/** A name that cuts through the upper edge of its field. */
const onEdge = (style: string): Parts => ({
  line: `<div style="position:relative;width:260px;margin-top:20px"><label for="o" style="position:absolute;left:10px;top:-9px;background:#fff;padding:0 4px;font-size:12px;z-index:1;${style}">ワンタイムパスワード</label><input id="o" maxlength="8" style="width:260px;height:48px;box-sizing:border-box"></div>`,
});
const inDialog = (style: string, popover = ''): Parts => ({
  style,
  id: popover,
  heading: '',
  line: '',
  after: `<dialog id="d"><p>画面ID : BLI023</p><h1>${HEADING}</h1><form method="post" action="/ib/next"><p>${NAMED}</p></form></dialog><script>d.showModal();document.querySelector('[popover]')?.showPopover()</script>`,
});

export const PAINTED_BESIDE: Readonly<Record<string, Parts>> = {
  'a list with pictures as bullets': { after: `<ul style="list-style-image:${DOT}"><li>あ</li></ul>` },
  'a 画面ID in a list with pictures as bullets': {
    id: `<ul style="list-style-image:${DOT}"><li>画面ID : BLI023</li></ul>`,
  },
  'a list with marks of its own': { style: 'li::marker{content:"▶ "}', after: LIST },
  'a list with marks in its lines': {
    style: 'li{list-style-position:inside}li::marker{content:"▶ "}',
    after: LIST,
  },
  'a list with a string for a bullet': { style: 'li{list-style-type:"▶ "}', after: LIST },
  'a list in large letters': { style: 'li{font-size:50px}', after: LIST },
  'a list in Roman numbers': { style: 'li{list-style-type:lower-roman}', after: LIST },
  'the form in a list with marks': {
    style: 'li::marker{content:"▶ "}',
    line: `<ul><li>${NAMED}</li></ul>`,
  },
  'a chevron turned by rotate': chevron('rotate:45deg'),
  'a chevron moved by translate': chevron('top:50%;translate:0 -50%'),
  'a chevron turned, moved and scaled': chevron(
    'top:50%;translate:0 -50%;rotate:90deg;scale:1.2;transform:translateX(2px)',
  ),
  'a line under a link that grows': chevron('left:0;right:0;bottom:0;height:1px;scale:0 1'),
  'a bar in an icon turned over': icon('transform:rotate(180deg)'),
  'a bar in an icon turned by rotate': icon('rotate:90deg'),
  'a bar in a scaled icon': icon('transform:scale(.8)'),
  'a bar of a part of a turned icon': icon('rotate:90deg', '<b></b>'),
  'a hint under a link': {
    style:
      'a{position:relative}a::after{content:"説明の文";position:absolute;left:50%;top:100%;transform:translateX(-50%);background:#333;color:#fff;white-space:nowrap}',
    after: LINK,
  },
  'a mark after the name': {
    style:
      'label::after{content:"必須";background:#c00;color:#fff;font-size:12px;padding:0 4px;margin-left:4px}',
  },
  'a mark before the heading': { style: 'h1::before{content:"■"}' },
  'a dot before the heading': {
    style:
      'h1::before{content:"";display:inline-block;width:12px;height:12px;border-radius:50%;background:#06c;margin-right:8px}',
  },
  'a bar beside the heading': {
    style:
      'h1{position:relative;padding-left:12px}h1::before{content:"";position:absolute;left:0;top:50%;width:4px;height:80%;translate:0 -50%;background:#06c}',
  },
  'a line under the heading': {
    style:
      'h1{position:relative}h1::after{content:"";position:absolute;left:0;bottom:-4px;width:100%;height:2px;background:#06c}',
  },
  'a ring with round corners': ring('inset:-1px;border:2px solid #06c;border-radius:4px'),
  'a ring with round ends': ring(
    'inset:0;border:2px solid #06c;border-radius:20px',
    'border-radius:20px;padding:0 20px',
  ),
  'an outline with round corners': ring(
    'inset:0;outline:2px solid #06c;outline-offset:2px;border-radius:8px',
  ),
  'a card with round corners and a shadow': {
    line: `<div style="position:relative;padding:20px">${NAMED}<i style="position:absolute;inset:0;border-radius:12px;box-shadow:0 2px 8px #0003;pointer-events:none"></i></div>`,
  },
  'the field in a dialog over a dark backdrop': inDialog('dialog::backdrop{background:#000c}'),
  'a popover elsewhere over the dialog of the field': inDialog(
    '',
    '<div popover="manual" style="inset:auto 0 0 auto">お知らせ</div>',
  ),
  'an item in an earlier order under the field': {
    line: `<div style="display:grid"><div style="grid-area:1/1;order:1">${NAMED}</div><span style="grid-area:1/1;order:0;background:#fff"></span></div>`,
  },
  'a name on the edge of its field': onEdge(''),
  'a name on the edge of its field, over a line': onEdge('line-height:14px;top:-7px'),
  'a day, a file and a recording to choose below': {
    after: `<div style="position:absolute;top:420px"><input type="date"><input type="file"><input type="number" value="1"><audio controls></audio></div>`,
  },
  'a drawing with titles': {
    after:
      '<p>あ</p><svg width="20" height="20"><g fill="none"><title>あ</title><rect width="20" height="20" fill="#06c"><title>い</title></rect></g></svg>',
  },
  'an icon of a set': {
    after:
      '<svg hidden><symbol id="s" viewBox="0 0 1 1"><path d="M0 0H1V1z" stroke="#06c"/></symbol></svg><p>あ</p><svg width="20" height="20"><use href="#s"/></svg>',
  },
  'a drawing without shapes over the page': {
    after:
      '<svg style="position:fixed;inset:0;width:100%;height:100%;pointer-events:none"><g><title>あ</title></g><defs><rect width="100%" height="100%"><title>い</title></rect></defs></svg>',
  },
  'a formula below': { after: '<p>あ</p><math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>' },
  'a large first letter below': {
    style: '#l::first-letter{font-size:2em;float:left;color:#06c}#l::first-line{color:#06c}',
    after: '<p>あ</p><p id="l">お知らせです。</p>',
  },
  'a label with a fine shadow that floats over the field': {
    style:
      '.w{position:relative;width:240px}.w label{position:absolute;left:8px;top:10px;pointer-events:none;color:#555;text-shadow:0 1px 0 #fff}.w input{width:240px;height:40px}',
    line: '<div class="w"><input id="o" maxlength="8"><label for="o">ワンタイムパスワード</label></div>',
  },
  'controls and a disclosure below': {
    after:
      '<p>あ</p><input type="checkbox"><progress></progress><select><option>あ</option></select><details open><summary>あ</summary>い</details>',
  },
  'the field in a disclosure': { line: `<details open><summary>あ</summary>${NAMED}</details>` },
  'a form that has come by an animation': {
    style: 'form{animation:come .1s both}@keyframes come{from{opacity:.9}}',
  },
  'a picture that could not be loaded': {
    after:
      '<p><img src="/nothing.png" alt=""> <img src="/nothing.png" alt="お知らせ" width="80" height="30"></p>',
  },
};
