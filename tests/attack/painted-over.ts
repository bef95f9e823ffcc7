import { HEADING, NAMED, type Parts } from './neighbours.ts';

/** White that is painted over the field and lets clicks through: nothing is filled, as the field is covered. */

const OVER = 'position:fixed;z-index:9;pointer-events:none';
const VEIL = `${OVER};inset:0;background:#fff`;
const LETTERS = '█'.repeat(40);
const LARGE = 'font:100px/1 monospace;color:#fff';
const PICTURE = `url(&quot;data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='1000' height='900'><rect width='1000' height='900' fill='white'/></svg>&quot;)`;
const SHADOW = 'box-shadow:0 0 0 2000px #fff';

const thing = (style: string, inner = ''): Parts => ({
  after: `<div style="${OVER};${style}">${inner}</div>`,
});
const generated = (style: string): Parts => ({ style: `body::after{${OVER};${style}}` });
const surface = (style: string): Parts => ({
  after: `<canvas width="1" height="1" style="${OVER};${style}"></canvas>`,
});
const drawing = (inner: string, style = 'inset:0;width:100%;height:100%'): Parts => ({
  after: `<svg style="${OVER};${style}">${inner}</svg>`,
});
const item = (style: string, marker = ''): Parts => ({
  style: `li::marker{${marker}}`,
  after: `<ul><li style="${OVER};${style}">あ</li></ul>`,
});
/** A control or a scroller at the foot of the window. */
const control = (html: string, style: string): Parts => ({
  style: `#c{${OVER};left:0;top:600px}${style}`,
  after: html,
});
/** The field in the line, and a block over that line, which only a stacking context lifts over the field. */
const lifted = (style: string, script = ''): Parts => ({
  line: `<p style="margin:0">${NAMED}</p><div id="v" style="${style};background:#fff;pointer-events:none;margin-top:-40px;height:40px;width:900px"></div>`,
  after: script,
});
/** The field in an inline box with a style that has no effect on such a box, and a later box in its line. */
const inLine = (style: string): Parts => ({
  line: `<p><span style="${style}">${NAMED}</span><span style="display:inline-block;background:#fff;margin-left:-900px;width:900px;height:40px;vertical-align:middle;pointer-events:none"></span></p>`,
});
/** The field in a cell of a grid, and a later item in the same cell that comes before it in the document. */
const ordered = (style: string): Parts => ({
  line: `<div style="display:grid"><span style="grid-area:1/1;order:2;background:#fff;pointer-events:none;${style}"></span><div style="grid-area:1/1;order:1;${style}">${NAMED}</div></div>`,
});
/** The screen in a modal dialog, and a popover that comes before it in the document and is shown after it. */
const dialog = (style: string, script = ''): Parts => ({
  style: `#pp{pointer-events:none}${style}`,
  id: '<div id="pp" popover="manual"></div>',
  heading: '',
  line: '',
  after: `<dialog id="d"><p>画面ID : BLI023</p><h1>${HEADING}</h1><form method="post" action="/ib/next"><p>${NAMED}</p></form></dialog><script>d.showModal();pp.showPopover();${script}</script>`,
});
const floating = (style: string): Parts => ({
  style: `.w{position:relative}.w label{position:absolute;left:8px;top:4px;pointer-events:none;${style}}`,
  line: '<div class="w"><input id="o" maxlength="8"><label for="o">ワンタイムパスワード</label></div>',
});
const letters = (style: string, inner = '█い'): Parts => ({
  style: `#l{color:transparent;${style}`,
  after: `<div id="l" style="${OVER};left:0;top:-200px">${inner}</div>`,
});

/** A part of a control, laid over the page. */
const part = (html: string, parts: string): Parts => ({
  style: parts
    .split(' ')
    .map((one) => `${one}{${VEIL};width:100vw;height:100vh;max-width:none;margin:0}`)
    .join(''),
  after: `<div style="position:absolute;top:420px">${html}</div>`,
});

const COVER_ALL = 'inset:0;width:100vw;height:100vh;max-width:none;max-height:none;border:0;background:#fff';

export const PAINTED_OVER: Readonly<Record<string, Parts>> = {
  'an untouched surface with a ground': surface('inset:0;width:100%;height:100%;background:#fff'),
  'an untouched surface with a shadow': surface(`left:0;top:0;${SHADOW}`),
  'an untouched surface with an outline': surface('left:0;top:0;outline:2000px solid #fff'),
  'an untouched surface with a border': surface('left:0;top:0;border:600px solid #fff'),

  'generated letters beside their box': generated(
    `content:"${LETTERS}";left:8px;top:100px;width:1px;white-space:nowrap;${LARGE}`,
  ),
  'generated letters before their box': generated(
    `content:"${LETTERS}";left:900px;top:100px;width:1px;white-space:nowrap;text-indent:-900px;${LARGE}`,
  ),
  'generated letters below their box': generated(
    `content:"${LETTERS}${LETTERS}";left:8px;top:0;width:1000px;height:10px;line-break:anywhere;${LARGE}`,
  ),
  'generated letters from right to left': generated(
    `content:"${LETTERS}";left:1000px;top:100px;width:1px;white-space:nowrap;direction:rtl;${LARGE}`,
  ),
  'generated letters of a counter': {
    style: `@counter-style v{system:cyclic;symbols:"${LETTERS}"}body::after{${OVER};content:counter(c,v);left:8px;top:100px;width:1px;white-space:nowrap;${LARGE}}`,
  },
  'generated letters of an attribute': {
    style: `body::after{${OVER};content:attr(data-l);left:8px;top:100px;width:1px;white-space:nowrap;${LARGE}}`,
    after: `<script>document.body.dataset.l='${LETTERS}'</script>`,
  },
  'a generated letter with a stroke': generated(
    'content:"a";left:0;top:200px;-webkit-text-stroke:900px #fff',
  ),
  'a generated picture beside its box': generated(
    `content:${PICTURE.replaceAll('&quot;', '"')};left:0;top:0;width:1px;height:1px`,
  ),
  'a generated picture in a line': {
    style: `#l::before{content:${PICTURE.replaceAll('&quot;', '"')}}`,
    after: `<div style="${OVER};left:0;top:0"><span id="l"></span></div>`,
  },
  'the frame of a generated box in a line': {
    style: '#l::after{content:"";padding:200px 900px 200px 0;background:#fff}',
    after: '<div id="l" style="position:relative;z-index:9;pointer-events:none">あ</div>',
  },
  'a generated box turned about a far point': generated(
    'content:"";left:0;top:-1000px;width:1000px;height:900px;background:#fff;transform-origin:500px 950px;transform:rotate(180deg)',
  ),
  'a marker of letters': item(
    `list-style-type:'${LETTERS}';font:40px/1 monospace;color:#fff;left:1000px;top:160px`,
  ),
  'a marker of a counter': {
    style: `@counter-style v{system:cyclic;symbols:"${LETTERS}";suffix:""}`,
    after: `<ul><li style="${OVER};list-style-type:v;font:40px/1 monospace;color:#fff;left:1000px;top:160px">あ</li></ul>`,
  },
  'a marker of several lines': item(
    `font:40px/1 monospace;color:#fff;left:1000px;top:40px;height:1px`,
    `content:"a\\a a\\a a\\a ${LETTERS}"`,
  ),
  'a marker in the line': item(
    `font:40px/1 monospace;color:#fff;left:700px;top:160px;list-style-position:inside;text-indent:-600px;white-space:nowrap`,
    `content:"${LETTERS}"`,
  ),
  'a marker with a shadow': item(
    `list-style-type:'${LETTERS}';font:40px/1 monospace;color:#fff;left:1600px;top:160px`,
    'text-shadow:-500px 0 #fff',
  ),
  'a picture as a marker': item(`list-style-image:${PICTURE};left:1000px;top:0`),

  'a shape with a title': drawing('<rect width="100%" height="100%" fill="#fff"><title>背景</title></rect>'),
  'a shape that moves': drawing(
    '<rect width="100%" height="100%" fill="#fff"><animate attributeName="x" values="0" dur="9s"/></rect>',
  ),
  'a shape that is used again': drawing(
    '<defs><rect id="r" width="1000" height="900" fill="#fff"/></defs><g fill="none"><use href="#r"><title>背景</title></use></g>',
  ),
  'letters of a drawing': drawing(
    '<text y="600" font-size="900" fill="#fff" style="color:transparent">█<title>背景</title></text>',
  ),
  'a line drawn larger': {
    after: `<svg viewBox="0 0 1 1" style="${OVER};left:0;top:400px;width:1000px;height:1000px;overflow:visible"><path d="M.5 .5L.51 .5" stroke="#fff" stroke-width="2" stroke-linecap="square"/></svg>`,
  },
  'the marker of a line': drawing(
    '<marker id="m" markerWidth="1000" markerHeight="900" markerUnits="userSpaceOnUse" overflow="visible"><rect width="1000" height="900" fill="#fff"/></marker><path d="M0 0L1 1" fill="none" marker-start="url(#m)"/>',
    'left:0;top:0;width:1px;height:1px;overflow:visible',
  ),
  'the bar of a fraction': {
    after: `<math style="${OVER};left:0;top:0;color:#fff"><mfrac linethickness="500px"><mspace width="1000px" height="1px"></mspace><mspace width="1000px" height="1px"></mspace></mfrac></math>`,
  },
  'a strip over the digits in the middle of a high field': {
    line: `<div style="position:relative;width:260px">${NAMED.replace('<input', '<br><input style="width:260px;height:60px"')}<i style="position:absolute;left:0;bottom:24px;width:100px;height:16px;background:#fff;pointer-events:none"></i></div>`,
  },
  'the button of a choice of files': part('<input type="file">', '::file-selector-button'),
  'the ground of a choice of colours': part(
    '<input type="color" value="#ffffff">',
    '::-webkit-color-swatch-wrapper ::-moz-color-swatch',
  ),
  'the track of a slider': part('<input type="range" value="50">', '::-moz-range-track'),
  'the thumb of a slider': control(
    '<input type="range" id="c" value="50">',
    `#c{appearance:none}#c::-webkit-slider-thumb{-webkit-appearance:none;width:1px;height:1px;${SHADOW}}#c::-moz-range-thumb{width:1px;height:1px;${SHADOW}}`,
  ),
  'the contents of a disclosure': {
    style: `details{pointer-events:none}::details-content{${VEIL}}`,
    after: '<details open><summary>あ</summary>い</details>',
  },

  'the corner of a round shadow': thing(
    'left:-20px;top:-20px;width:6000px;height:6000px;border-radius:50%;box-shadow:0 0 0 3000px #fff',
  ),
  'the corner of a round shadow in a border': thing(
    'left:-40px;top:-40px;width:6000px;height:6000px;box-sizing:border-box;border:20px solid #fff;border-radius:3000px;box-shadow:0 0 0 3000px #fff',
  ),
  'a turned shadow': thing(
    'left:300px;top:300px;width:2000px;height:2000px;rotate:45deg;box-shadow:0 0 0 3000px #fff',
  ),
  'a turned border': thing(
    'left:-1100px;top:-1300px;rotate:45deg',
    '<i style="position:absolute;left:0;top:0;width:3000px;height:3000px;border:700px solid #fff;box-sizing:border-box"></i>',
  ),

  'a popover shown after a dialog': dialog(`#pp{${COVER_ALL}}`),
  'the backdrop of a popover shown after a dialog': dialog('#pp::backdrop{background:#fff}'),
  'a flex item in another order': {
    line: `<div style="display:flex"><span style="order:2;background:#fff;width:900px;height:40px;margin-left:-900px;pointer-events:none"></span><div style="order:1;width:900px">${NAMED}</div></div>`,
  },
  'a grid item in another order': ordered(''),
  'a layered item in another order': ordered('z-index:0'),
  'a positioned item in another order': ordered('position:relative'),
  'a faded item in another order': ordered('opacity:.999'),
  'an item of no box in another order': {
    line: `<div style="display:grid"><div style="display:contents"><span style="grid-area:1/1;order:2;background:#fff;pointer-events:none"></span></div><div style="grid-area:1/1;order:1">${NAMED}</div></div>`,
  },
  'a block that will be moved': lifted('will-change:translate'),
  'a block that will follow a path': lifted('will-change:offset-path'),
  'a block that will be contained': lifted('will-change:contain'),
  'a block that will be in a transition': lifted('will-change:view-transition-name'),
  'a block that is animated': lifted(
    'animation:same 9s infinite',
    '<style>@keyframes same{from{opacity:1}to{opacity:1}}</style>',
  ),
  'a block that a script animates': lifted('', '<script>v.animate({transform:["none","none"]},1e8)</script>'),
  'a block that a script animates in a shadow tree': {
    line: `<p style="margin:0">${NAMED}</p><div id="h"></div>`,
    after:
      '<script>h.attachShadow({mode:"open"}).innerHTML=`<div style="background:#fff;pointer-events:none;margin-top:-40px;height:40px;width:900px"></div>`;h.shadowRoot.firstChild.animate({opacity:[1,1]},1e8)</script>',
  },
  'a generated block that is animated': {
    style:
      '#v{margin-top:-40px;pointer-events:none}#v::before{content:"";display:block;background:#fff;height:40px;width:900px;animation:same 9s infinite}@keyframes same{from{opacity:1}to{opacity:1}}',
    line: `<p style="margin:0">${NAMED}</p><div id="v"></div>`,
  },
  'a box after a transform in the line': inLine('transform:translate(0)'),
  'a box after a turn in the line': inLine('rotate:0deg'),
  'a box after a perspective in the line': inLine('perspective:1px'),
  'a box after containment in the line': inLine('contain:paint'),
  'a box after a space of three dimensions in the line': inLine('transform-style:preserve-3d'),
  'a box after what will be moved in the line': inLine('will-change:transform'),

  'a first letter among clear ones': letters('}#l::first-letter{color:#fff;background:#fff;font-size:900px}'),
  'a first line among clear ones': letters('font:900px/1 monospace}#l::first-line{color:#fff}'),
  'a first line in an element': letters(
    'font:900px/1 monospace}#l::first-line{color:#fff}',
    '<span>█い</span>',
  ),
  'the far shadow of a first line': {
    style: '#l{color:transparent;font:400px/1 monospace}#l::first-line{text-shadow:0 -500px #fff}',
    after: `<div id="l" style="${OVER};left:0;top:500px">███</div>`,
  },
  'clear letters that are selected': {
    style: '#l::selection{background:#fff;color:#fff}',
    after: `<div id="l" style="${OVER};left:0;top:0;font:900px/1 monospace;color:transparent">█</div><script>getSelection().selectAllChildren(l)</script>`,
  },
  'clear letters that are highlighted': {
    style: '::highlight(h){background:#fff;color:#fff}',
    after: `<div id="l" style="${OVER};left:0;top:0;font:900px/1 monospace;color:transparent">█</div><script>const r=new Range();r.selectNodeContents(l);CSS.highlights.set("h",new Highlight(r))</script>`,
  },
  'letters of an element that has no box': thing(
    'left:0;top:-200px;font:900px/1 monospace;color:#fff',
    '<span style="display:contents">█</span>',
  ),
  'the own label under a stroke': floating('-webkit-text-stroke:60px #fff'),
  'the own label under shadows': floating(
    `text-shadow:${Array.from({ length: 80 }, (_none, at) => `${(at % 9) - 4}px ${Math.floor(at / 9) * 3 - 12}px 2px #fff`).join()}`,
  ),
};

/** Only Chromium paints these. */
export const PAINTED_OVER_IN_CHROMIUM: Readonly<Record<string, Parts>> = {
  'a reflection': thing(
    'left:0;top:-400px;width:1000px;height:400px;background:#fff;-webkit-box-reflect:below',
  ),
  'a reflection of contents': thing(
    'left:0;top:-400px;width:1000px;height:400px;-webkit-box-reflect:below',
    '<div style="background:#fff;height:400px"></div>',
  ),
  'the thumb of a slider with its own look': control(
    '<input type="range" id="c" value="50">',
    `#c::-webkit-slider-thumb{${SHADOW}}`,
  ),
  'the bar of a meter': control(
    '<meter id="c" value=".5"></meter>',
    `#c::-webkit-meter-inner-element{${SHADOW}}`,
  ),
  'the bar of a progress': control(
    '<progress id="c" value=".5"></progress>',
    `#c{appearance:none}#c::-webkit-progress-bar{${SHADOW}}`,
  ),
  'the arrow of a list of choices': control(
    '<select id="c"><option>あ</option></select>',
    `#c{appearance:base-select}#c::picker-icon{${SHADOW}}`,
  ),
  'a button for scrolling': control(
    '<div id="c"><i></i></div>',
    `#c{overflow:auto;width:100px;height:50px}#c i{display:block;height:500px}#c::scroll-button(down){content:"";${SHADOW};pointer-events:none}`,
  ),
  'a marker for scrolling': control(
    '<div id="c"><i></i></div>',
    `#c{overflow:auto;width:100px;height:50px;scroll-marker-group:after}#c i{display:block;height:500px}#c i::scroll-marker{content:"あ";${SHADOW};pointer-events:none}`,
  ),
  'the corner of a round outline': thing(
    'left:-20px;top:-20px;width:6000px;height:6000px;border-radius:50%;outline:3000px solid #fff',
  ),
  'a popover that leaves by a transition': dialog(
    `#pp{${COVER_ALL};transition:overlay 99s allow-discrete,display 99s allow-discrete}`,
    'pp.offsetWidth;pp.hidePopover()',
  ),
  'a flex item that floats': {
    line: `<div style="display:flex"><div style="width:900px;flex:none">${NAMED}</div><span style="float:left;flex:none;background:#fff;width:900px;height:40px;margin-left:-900px;pointer-events:none"></span></div>`,
  },
  'a block with its back hidden': lifted('backface-visibility:hidden'),
  'a block masked by a picture': lifted('-webkit-mask-box-image:linear-gradient(#000,#000)'),
  'a block that is reflected': lifted('-webkit-box-reflect:below'),
};
